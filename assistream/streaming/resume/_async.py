"""Opens the connections on which a stream that was cut off goes on."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable
from typing import Any, Final

from ...errors import APIError, UsageError
from ...transport._async import AsyncBody, AsyncTransport
from ...transport.call import Call
from ...transport.concurrency import async_sleep
from ..sse import Frame, SSEDecoder
from .leg import Leg, resumable

log = logging.getLogger("assistream")

AWAKE: Final = 0.05
"""Seconds between two looks, during a pause, whether the rest is still wanted."""


class AsyncRest:
    """The rest of a streamed answer: `after` a loss, the next connection that it comes on."""

    def __init__(self, transport: AsyncTransport, leg: Leg) -> None:
        self._transport, self._leg = transport, leg
        self.wanted = True
        """Whether somebody still waits for it. From any thread, False ends a wait, and no other connection is made."""

    @classmethod
    def of(cls, transport: AsyncTransport, call: Call[Any], body: AsyncBody) -> AsyncRest | None:
        """None if the server does not say where the rest of this answer would be."""
        found = resumable(call, transport.settings, body.response)
        if found is None:
            return None
        rest, settings = found
        return AsyncRest(transport.with_settings(settings), Leg(rest, settings))

    def read(self, frames: Iterable[Frame]) -> list[Frame]:
        """The frames that have not come before."""
        return self._leg.read(frames)

    async def after(self, lost: AsyncBody, decoder: SSEDecoder) -> AsyncBody | None:
        """The answer that goes on where `lost` broke off; None if there is none, or nobody wants it any more."""
        wait = self._leg.wait(decoder, now=time.time(), jitter=random.random())
        if wait is None or lost.interrupted or not self.wanted:
            return None
        await lost.close()  # a pool may have room for one connection only
        log.info("a stream was cut off; it is read on in %.2f s", wait)
        await self._pause(wait)
        if lost.interrupted or not self.wanted or self._transport.connections.is_closed:
            return None
        try:
            body = await self._transport.open(self._leg.call())
        except (APIError, UsageError) as error:  # the latter: the client was closed a moment ago
            log.info("a stream cannot be read on: %s", error)
            return None
        if not self.wanted or not body.content_type.lower().startswith("text/event-stream"):
            await body.close()
            return None
        return body

    async def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.wanted and (left := until - time.monotonic()) > 0:
            await async_sleep(min(left, AWAKE))
