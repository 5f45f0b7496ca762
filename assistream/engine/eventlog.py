"""Every streamed event of every run: numbered, kept in the store, and then given to whoever follows the run.

Nobody sees an event that is not in the log: one that carries an object is committed together with that object, and
deltas in groups, of all runs together, as many as came while the last group was written. A commit hands pages to the
system and waits for no disk (see `store`): what was sent outlives the process, however that ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from ..streaming.sse import comment, encode
from .ids import milliseconds
from .lifecycle import Document, is_over, shown
from .observing.observer import NOBODY, Observer
from .silence import Arrivals, Listener
from .store import Store, StoreError
from .tables import to_json
from .transaction import Transaction

_log = logging.getLogger("assistream.engine")

MOST = 5_000
"""Deltas that may wait to be written before the models that make them are held up."""
AGAIN = 0.5
"""Seconds between attempts to write deltas while the database is in trouble."""
PIECE = 64 * 1024
"""Bytes of events that a reader who lags behind is given at once, about."""

END = encode("done", "[DONE]")
PING = comment("ping") + b"\n"


@dataclass(frozen=True, slots=True)
class Change:
    """An object that is new or has changed, and the names of the events that say so."""

    document: Document
    events: tuple[str, ...] = ()
    new: bool = False


class Event(NamedTuple):
    """A row of the log, too."""

    run_id: str
    number: int
    name: str
    data: str
    at: int | None
    """Milliseconds since the epoch, if that is known."""

    @property
    def frame(self) -> bytes:
        return encode(self.name, self.data, id=str(self.number))


def with_time(at: int | None, frame: bytes) -> bytes:
    """The frame, and before it in a comment, which readers of events ignore, when the event came to be."""
    return frame if at is None else comment(f"at {at}") + frame


@dataclass(slots=True, eq=False)
class Channel:
    """The live events of one leg of a run. Any number of readers follow it, each at its own pace.

    Events are numbered per run, so a leg goes on where the last one stopped: ``number`` is the last number given, and
    ``leg`` the one that ended the leg before. In between may be a gap (see `Runner`).
    """

    run_id: str
    number: int = 0
    leg: int = 0
    start: int = field(init=False)
    """The events after this one are in here."""
    _frames: list[bytes] = field(default_factory=list[bytes])
    _times: list[int | None] = field(default_factory=list[int | None])
    """Of those frames that are events."""
    _arrivals: Arrivals = field(default_factory=Arrivals)
    _ended: bool = False

    def __post_init__(self) -> None:
        self.start = self.number

    def next(self, name: str, data: Document) -> Event:
        self.number += 1
        return Event(self.run_id, self.number, name, to_json(data), milliseconds())

    def publish(self, events: Sequence[Event]) -> None:
        if not self._ended:  # else the leg was lost, and what it had to say is only in the log
            self._frames += (event.frame for event in events)
            self._times += (event.at for event in events)
            self._arrivals.ring()

    def end(self, last: bytes = b"") -> None:
        """Nothing more will come in this leg, unless it was cut; ``last`` goes out before the closing frame."""
        if not self._ended:
            self._frames.append(last + END)
            self._ended = True
            self._arrivals.ring()

    def cut(self) -> None:
        """The leg goes on with the next engine: readers are let go, and may ask that one for the rest."""
        self._ended = True
        self._arrivals.ring()

    async def follow(self, keepalive: float, after: int = 0, *, timed: bool = False) -> AsyncIterator[bytes]:
        """The events after a number, as they come, several at once to a reader who was not there when they came; a
        comment after each ``keepalive`` of silence, and one with its time before each event if that is asked for.
        """
        position, listener = max(after - self.start, 0), Listener(self._arrivals, keepalive)
        while True:
            if position < len(self._frames):
                piece, position = self._piece(position, timed)
                yield piece
            elif self._ended:
                return
            elif not await listener.next():
                yield PING

    def _piece(self, position: int, timed: bool) -> tuple[bytes, int]:
        piece = bytearray()
        while position < len(self._frames) and len(piece) < PIECE:
            frame = self._frames[position]
            piece += with_time(self._times[position], frame) if timed and position < len(self._times) else frame
            position += 1
        return bytes(piece), position


_Said: TypeAlias = tuple[Channel, Event]


class EventLog:
    def __init__(self, store: Store, observer: Observer = NOBODY) -> None:
        self._store, self._observer = store, observer
        self._waiting: list[_Said] = []  # deltas, not written yet
        self._writer: asyncio.Task[None] | None = None
        self._trouble: StoreError | None = None
        self._room = asyncio.Event()
        self._labels: dict[str, Document] = {}

    @property
    def backlog(self) -> int:
        """How many deltas wait to be written."""
        return len(self._waiting)

    @property
    def in_trouble(self) -> bool:
        """The last attempt to write failed."""
        return self._trouble is not None

    def label(self, document: Document) -> None:
        """A client has changed the metadata of what somebody is writing, who does not know it: they are put in here."""
        self._labels[document["id"]] = document["metadata"]

    def _labelled(self, change: Change) -> Change:
        document = change.document
        if (metadata := self._labels.get(document["id"])) is None:
            return change
        return replace(change, document=document | {"metadata": metadata})

    async def commit(self, channel: Channel, changes: Sequence[Change]) -> None:
        """Writes the changes with their events, then publishes the events; if writing fails, neither.

        Raises `Busy` for a new run on a thread that has an active one, `Orphan` if the thread is gone.
        """
        labelled = [self._labelled(change) for change in changes]
        named = [(name, shown(change.document)) for change in labelled for name in change.events]
        number = channel.number
        events = [channel.next(name, data) for name, data in named]
        try:
            await self._write([(channel, event) for event in events], changes, named)
        except BaseException:
            channel.number = number
            raise
        for change in changes:
            if change.document["id"] in self._labels and is_over(change.document):
                del self._labels[change.document["id"]]

    def send(self, channel: Channel, name: str, data: Document) -> None:
        """Publishes a delta as soon as it is written, which is soon. Raises `StoreError` while nothing can be."""
        if self._trouble:
            raise StoreError(str(self._trouble)) from self._trouble
        self._waiting.append((channel, channel.next(name, data)))
        self._write_soon()

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting())

    @property
    def has_room(self) -> bool:
        """A delta can be sent, and need not wait for others to be written."""
        return len(self._waiting) < MOST and not self._trouble

    async def room(self) -> None:
        """Holds up who sends faster than can be written."""
        while len(self._waiting) >= MOST and not self._trouble:
            await self._room.wait()

    async def close(self) -> None:
        """Writes what waits, if that can be done, and leaves nobody to write anything later."""
        if self._writer and self._trouble:
            self._writer.cancel()
        if self._writer:
            await asyncio.wait([self._writer])

    async def flush(self) -> None:
        """Writes what waits, so that what is read from the store is what was said."""
        if self._waiting:
            await self._write([], [])

    async def written(self) -> None:
        """Returns when all that has been said so far is written and published, also what somebody else is writing."""
        await self.flush()
        async with self._store.transaction():
            pass

    async def _write_waiting(self) -> None:
        while self._waiting:
            try:
                await self.flush()
            except StoreError as error:
                # They wait on. Whose they are learns of it from `send`, or from the next commit.
                self._trouble = error
                self._make_room()
                _log.exception("Events cannot be written")
                await asyncio.sleep(AGAIN)
        self._writer = None

    async def _write(
        self, said: Sequence[_Said], changes: Sequence[Change], named: Sequence[tuple[str, Document]] = ()
    ) -> None:
        waiting: list[_Said] = []
        try:
            async with self._store.transaction() as transaction:
                for change in changes:
                    # Here again: the label may have come while this waited for its turn.
                    await _save(transaction, self._labelled(change))
                if named:
                    await self._observer.writing(transaction, named)
                waiting, self._waiting = self._waiting, []
                await transaction.add_events([event for _, event in [*waiting, *said]])
        except BaseException:
            self._waiting[:0] = waiting
            if waiting:  # of other runs perhaps, who wait for nobody; their writer may have found nothing to write
                self._write_soon()
            raise
        # Nothing is awaited between the commit and this: readers see the events in the order of the log.
        self._trouble = None
        self._make_room()
        for channel, events in _by_channel([*waiting, *said]).items():
            channel.publish(events)
        self._observer.wrote(named, [event for _, event in waiting])

    def _make_room(self) -> None:
        self._room.set()
        self._room = asyncio.Event()


def _by_channel(said: Sequence[_Said]) -> dict[Channel, list[Event]]:
    found: dict[Channel, list[Event]] = {}
    for channel, event in said:
        found.setdefault(channel, []).append(event)
    return found


async def _save(transaction: Transaction, change: Change) -> None:
    if change.new:
        await transaction.insert(change.document)
    else:
        await transaction.update(change.document)
