"""Waiting for what comes often, or else for a silence: one timer for all of the waiting.

`asyncio.timeout` sets a timer and removes it for each event of a stream, a tenth of what the engine did for one.
"""

from __future__ import annotations

import asyncio


class Arrivals:
    """Whoever waits for the next one is told of it."""

    def __init__(self) -> None:
        self.waiting: set[asyncio.Future[bool]] = set()

    def ring(self) -> None:
        waiting, self.waiting = self.waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(True)


class Listener:
    """One who waits, again and again. The timer is set when somebody first waits, and anew when it rings."""

    def __init__(self, arrivals: Arrivals, silence: float) -> None:
        self._arrivals, self._silence = arrivals, silence
        self._loop = asyncio.get_running_loop()
        self._until = 0.0
        self._waiter: asyncio.Future[bool] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def next(self) -> bool:
        """False after as many seconds in which nothing came."""
        self._until = self._loop.time() + self._silence
        if self._timer is None:
            self._timer = self._loop.call_at(self._until, self._ring)
        waiter: asyncio.Future[bool] = self._loop.create_future()
        self._waiter = waiter
        self._arrivals.waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiter = None
            self._arrivals.waiting.discard(waiter)

    def _ring(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done():
            return  # nobody waits: the next one to do so sets it
        if self._loop.time() < self._until:
            self._timer = self._loop.call_at(self._until, self._ring)
        else:
            self._waiter.set_result(False)
