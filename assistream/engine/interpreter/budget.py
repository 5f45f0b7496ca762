"""How much of what code makes is kept: a model that writes file after file in one run must not fill a disk."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

TIMES = 8
"""How often what fits into ``/mnt/data`` may be kept in one run."""
_MOST = 10_000
"""Threads whose last run is remembered."""


@dataclass(slots=True)
class Budget:
    """Of one run."""

    left: int
    """Bytes."""

    def take(self, size: int) -> bool:
        """Whether there was as much."""
        if size > self.left:
            return False
        self.left -= size
        return True


class Budgets:
    """Kept outside of kernels, which code can end and have replaced; a thread has one run at a time."""

    def __init__(self, disk: int) -> None:
        self._disk = disk
        self._by_thread: OrderedDict[str, tuple[str, Budget]] = OrderedDict()

    def of(self, thread_id: str, run_id: str) -> Budget:
        known = self._by_thread.pop(thread_id, None)
        budget = known[1] if known and known[0] == run_id else Budget(self._disk * TIMES)
        self._by_thread[thread_id] = run_id, budget
        if len(self._by_thread) > _MOST:
            self._by_thread.popitem(last=False)
        return budget
