"""Where the rest of a leg is to be had, what of it is new, and when to give up. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import httpx

from ...transport import retry
from ...transport.call import Call
from ...transport.settings import Settings
from ..events import is_done
from ..sse import Frame, SSEDecoder

HEADER: Final = "assistream-resume"
"""In an answer that streams: the address of the rest of it, whatever has been read."""


class Leg:
    """A streamed answer whose server numbers its events: `call` asks for what follows the last one that came."""

    def __init__(self, call: Call[Any], settings: Settings) -> None:
        self._call = call
        self._most = settings.max_retries
        self._last = 0  # the number of the last event that came, on any connection
        self._known = 0  # events up to this one came on earlier connections
        self._in_vain = 0  # attempts since something new came

    def read(self, frames: Iterable[Frame]) -> list[Frame]:
        """The frames that are new. A server may repeat events after an interruption; numbers tell."""
        new = [frame for frame in frames if is_done(frame) or frame.event == "error" or self._is_new(frame)]
        if new:
            self._in_vain = 0
        return new

    def _is_new(self, frame: Frame) -> bool:
        number = _number(frame.id)
        self._last = max(self._last, number)
        return not self._known or number > self._known

    def wait(self, decoder: SSEDecoder, *, now: float, jitter: float) -> float | None:
        """The connection that `decoder` decoded is lost: the seconds before the next one, None for no other attempt."""
        unnumbered = decoder.frames and not self._last
        if unnumbered or self._in_vain >= self._most:
            return None
        tried, self._in_vain = self._in_vain, self._in_vain + 1
        self._known = self._last
        if tried:
            return retry.delay(retry.Failure(), tried - 1, now=now, jitter=jitter)
        return min((decoder.retry or 0) / 1000, retry.LONGEST_WISH)

    def call(self) -> Call[Any]:
        """What asks for the rest."""
        last = {"Last-Event-ID": str(self._last)} if self._last else {}
        return replace(self._call, headers={**self._call.headers, **last})


def resumable(call: Call[Any], settings: Settings, response: httpx.Response) -> tuple[Call[Any], Settings] | None:
    """The call that asks for all of the answer again, and the settings for it; None if its server does not say how.

    It takes the key along, so it goes to where the client's key belongs, and nowhere else.
    """
    if not (header := response.headers.get(HEADER)):
        return None
    try:
        address = response.url.join(header)
    except httpx.InvalidURL:
        return None
    origin = _origin(address)
    if origin != _origin(response.url) or origin != _origin(httpx.URL(settings.base_url)):
        return None
    path = address.raw_path.decode("ascii").partition("?")[0]
    rest = replace(call, method="GET", path=path, query=dict(address.params), body=None, files={}, answers=False)
    return rest, replace(settings, base_url=origin)


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _number(id: str) -> int:
    # A handful of digits: int() of very many takes long, and no run has so many events.
    return int(id) if id.isascii() and id.isdecimal() and len(id) < 19 else 0
