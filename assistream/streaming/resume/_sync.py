# Written by scripts/unasync.py from _async.py; edit that file instead.
"""Opens the connections on which a stream that was cut off goes on."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable
from typing import Any, Final

from ...errors import APIError, UsageError
from ...transport._sync import Body, Transport
from ...transport.call import Call
from ...transport.concurrency import sleep
from ..sse import Frame, SSEDecoder
from .leg import Leg, resumable

log = logging.getLogger("assistream")

AWAKE: Final = 0.05
"""Seconds between two looks, during a pause, whether the rest is still wanted."""


class Rest:
    """The rest of a streamed answer: `after` a loss, the next connection that it comes on."""

    def __init__(self, transport: Transport, leg: Leg) -> None:
        self._transport, self._leg = transport, leg
        self.wanted = True
        """Whether somebody still waits for it. From any thread, False ends a wait, and no other connection is made."""

    @classmethod
    def of(cls, transport: Transport, call: Call[Any], body: Body) -> Rest | None:
        """None if the server does not say where the rest of this answer would be."""
        found = resumable(call, transport.settings, body.response)
        if found is None:
            return None
        rest, settings = found
        return Rest(transport.with_settings(settings), Leg(rest, settings))

    def read(self, frames: Iterable[Frame]) -> list[Frame]:
        """The frames that have not come before."""
        return self._leg.read(frames)

    def after(self, lost: Body, decoder: SSEDecoder) -> Body | None:
        """The answer that goes on where `lost` broke off; None if there is none, or nobody wants it any more."""
        wait = self._leg.wait(decoder, now=time.time(), jitter=random.random())
        if wait is None or lost.interrupted or not self.wanted:
            return None
        lost.close()  # a pool may have room for one connection only
        log.info("a stream was cut off; it is read on in %.2f s", wait)
        self._pause(wait)
        if lost.interrupted or not self.wanted or self._transport.connections.is_closed:
            return None
        try:
            body = self._transport.open(self._leg.call())
        except (APIError, UsageError) as error:  # the latter: the client was closed a moment ago
            log.info("a stream cannot be read on: %s", error)
            return None
        if not self.wanted or not body.content_type.lower().startswith("text/event-stream"):
            body.close()
            return None
        return body

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.wanted and (left := until - time.monotonic()) > 0:
            sleep(min(left, AWAKE))
