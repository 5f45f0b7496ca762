"""Who follows the events of a run, so that one which nobody wants any more can be cancelled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager

AWAY = 3.0
"""Seconds in which a client whose connection was lost can come back before its run is cancelled."""


class Audience:
    """``deserted`` is called with the id of an attended run when its last follower has been away too long."""

    def __init__(self, deserted: Callable[[str], None]) -> None:
        self._deserted = deserted
        self._attended: set[str] = set()
        self._followers: Counter[str] = Counter()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def size(self) -> int:
        """How many streams are open."""
        return self._followers.total()

    def attend(self, run_id: str) -> None:
        self._attended.add(run_id)

    def forget(self, run_id: str) -> None:
        """The run is over."""
        self._attended.discard(run_id)
        self._forget_timer(run_id)

    @contextmanager
    def follower(self, run_id: str) -> Generator[None]:
        self._followers[run_id] += 1
        self._forget_timer(run_id)
        try:
            yield
        finally:
            self._leave(run_id)

    def _leave(self, run_id: str) -> None:
        self._followers[run_id] -= 1
        if self._followers[run_id]:
            return
        del self._followers[run_id]
        if run_id in self._attended:
            self._timers[run_id] = asyncio.get_running_loop().call_later(AWAY, self._miss, run_id)

    def _miss(self, run_id: str) -> None:
        self._timers.pop(run_id, None)
        self._deserted(run_id)

    def _forget_timer(self, run_id: str) -> None:
        if timer := self._timers.pop(run_id, None):
            timer.cancel()

    def close(self) -> None:
        for run_id in list(self._timers):
            self._forget_timer(run_id)
