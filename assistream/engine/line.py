"""Runs that wait until their thread is free, in the order they came."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from .lifecycle import ACTIVE, out_of_line
from .store import Store
from .tables import RUNS


@dataclass(slots=True, eq=False)
class Ticket:
    """A run's place in the line of its thread."""

    run_id: str
    thread_id: str
    called: asyncio.Event = field(default_factory=asyncio.Event)


class Lines:
    """Who waits is written down (`lifecycle.IN_LINE`); in what order, the runs' moments of creation tell."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: dict[str, deque[Ticket]] = {}

    def __contains__(self, thread_id: str) -> bool:
        return thread_id in self._lines

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def join(self, run_id: str, thread_id: str) -> Ticket:
        ticket = Ticket(run_id, thread_id)
        self._lines.setdefault(thread_id, deque()).append(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        line = self._lines.get(ticket.thread_id, deque())
        if ticket in line:
            line.remove(ticket)
        if not line:
            self._lines.pop(ticket.thread_id, None)

    async def call(self, thread_id: str) -> None:
        """Lets the first in line have the thread, if it is free."""
        async with self._store.transaction() as transaction:
            line = self._lines.get(thread_id)
            if not line or await transaction.all(RUNS, thread_id=thread_id, status=ACTIVE):
                return
            ticket = line[0]
            if run := await transaction.get(RUNS, ticket.run_id):
                await transaction.update(out_of_line(run))
        self.leave(ticket)
        ticket.called.set()
