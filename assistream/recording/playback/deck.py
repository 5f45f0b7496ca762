"""A server that is a recording: a transport of httpx, in both colours, whose answers are the legs one by one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Final

import anyio
import httpx

from ..tape import Leg, Piece

__all__ = ["Deck", "Pace"]


LAG: Final = 0.25
"""How many seconds of what a handler takes longer for than the server did are caught up with."""


class Pace:
    """Waits as long as the recording did, `speed` times as fast; None does not wait."""

    def __init__(self, speed: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._speed, self._clock = speed, clock
        self._due: float | None = None

    def sleep(self, delay: float, stopped: threading.Event) -> None:
        """Also wakes when it is `stopped`, by another thread."""
        stopped.wait(self._pause(delay))

    async def async_sleep(self, delay: float, stopped: threading.Event) -> None:
        """A task is woken by being cancelled."""
        await anyio.sleep(self._pause(delay))

    def _pause(self, delay: float) -> float:
        if self._speed is None:
            return 0
        now = self._clock()
        due = now if self._due is None else min(now, max(self._due, now - LAG))  # `min`: the last pause was cut short
        self._due = due + delay / self._speed
        return max(0.0, self._due - now)


class Deck(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers each request with the next leg."""

    def __init__(self, legs: Sequence[Leg], pace: Pace) -> None:
        self._legs = deque(legs)
        self._pace = pace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer()

    def _answer(self) -> httpx.Response:
        reel = _Reel(self._legs.popleft().pieces, self._pace)
        headers = {"content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, stream=reel, extensions={"network_stream": reel})


class _Reel(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of one answer; and what stands for its socket, for whoever wants to interrupt a thread that reads."""

    def __init__(self, pieces: Sequence[Piece], pace: Pace) -> None:
        self._pieces = deque(pieces)
        self._pace = pace
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._pieces:
            self._pace.sleep(self._pieces[0].delay, self._stopped)
        if self._stopped.is_set() or not self._pieces:
            raise StopIteration
        return self._pieces.popleft().data

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._pieces:
            await self._pace.async_sleep(self._pieces[0].delay, self._stopped)
        if self._stopped.is_set() or not self._pieces:
            raise StopAsyncIteration
        return self._pieces.popleft().data

    def get_extra_info(self, info: str) -> Any:
        return self if info == "socket" else None

    def shutdown(self, how: int) -> None:
        """What is left of this answer is not played."""
        self._stopped.set()

    def close(self) -> None:
        self._pieces.clear()

    async def aclose(self) -> None:
        self.close()
