"""What was said in one leg of a run, read again from the log, and what is still being said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..streaming.sse import encode
from .errors import Refused
from .eventlog import END, Channel, Event, with_time
from .lifecycle import RUN
from .runner import Runner
from .store import Store
from .tables import to_json
from .transaction import Transaction

_PAGE = 500
"""Events that are read from the log at once: nothing is written meanwhile."""
_LAST = frozenset({"thread.run.requires_action", *(f"thread.run.{one}" for one, next in RUN.items() if not next)})
"""The events that a leg ends with."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The events of a leg after one of them; from the log, and from where the live ones begin, from there."""

    store: Store
    run_id: str
    leg: int
    """The number of the last event before the leg: what tells a run's legs apart."""
    after: int
    ended: bool
    """There is nothing after it in the leg."""
    channel: Channel | None

    async def follow(self, keepalive: float, *, timed: bool = False) -> AsyncIterator[bytes]:
        after = self.after
        if self.ended:
            yield END
            return
        while self.channel is None or after < self.channel.start:
            async with self.store.transaction() as transaction:
                rows = await transaction.events(self.run_id, after, _PAGE)
            if (last := next((at for at, row in enumerate(rows) if row.name in _LAST), None)) is not None:
                yield _joined(rows[: last + 1], timed) + END
                return
            if rows:
                yield _joined(rows, timed)
                after = rows[-1].number
            if len(rows) < _PAGE:
                break
        if self.channel is None:
            # Nobody works on the leg, and it has no end: that could not be written down.
            yield encode("error", to_json(Refused("server_error").body)) + END
            return
        async for piece in self.channel.follow(keepalive, after, timed=timed):
            yield piece


async def rest_of(store: Store, runner: Runner, run_id: str, leg: int | None = None, last: int | None = None) -> Rest:
    """What follows the event ``last``, or all of a leg; of the latest one, unless another is named."""
    async with store.transaction() as transaction:
        leg, end = await _leg(transaction, run_id, leg)
        if last is not None and not await _is_in(transaction, run_id, last, leg, end):
            raise Refused("no_event", id=last, run=run_id)
    # Only now: a leg that began meanwhile is not the one the log told of, and one that ended is whole in the log.
    channel = runner.channel(run_id)
    return Rest(store, run_id, leg, leg if last is None else last, last is not None and last == end, channel)


async def _leg(transaction: Transaction, run_id: str, leg: int | None) -> tuple[int, int | None]:
    """The leg, and the event that ended it, if it has ended."""
    ends = await transaction.events_named(run_id, *_LAST)
    last = await transaction.last_event(run_id)
    begun = [0, *(end for end in ends if end < last)]
    if leg is None:
        leg = begun[-1]
    elif leg not in begun:
        raise Refused("no_leg", leg=leg, run=run_id)
    return leg, next((end for end in ends if end > leg), None)


async def _is_in(transaction: Transaction, run_id: str, number: int, leg: int, end: int | None) -> bool:
    if number == leg:
        return True
    return leg < number <= (end or number) and await transaction.has_event(run_id, number)


def _joined(rows: Sequence[Any], timed: bool) -> bytes:
    frames = ((row.at, Event(row.run_id, row.number, row.name, row.data, row.at).frame) for row in rows)
    return b"".join(with_time(at, frame) if timed else frame for at, frame in frames)
