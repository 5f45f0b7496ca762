"""Every streamed event of every run: numbered, kept in the store, and given at once to whoever follows the run.

An event that carries an object is committed together with that object before anybody sees it. A delta goes out at once,
and its row is written with the next commit or a moment later, many in one transaction: no delta waits for the disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from ..streaming.sse import comment, encode
from .lifecycle import Document, shown
from .store import Store, StoreError, Transaction, to_json

_log = logging.getLogger("assistream.engine")

WRITE_AFTER = 0.1
"""Seconds a delta may wait for other rows to be written with."""

END = encode("done", "[DONE]")
PING = comment("ping") + b"\n"


@dataclass(frozen=True, slots=True)
class Change:
    """An object that is new or has changed, and the names of the events that say so."""

    document: Document
    events: tuple[str, ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    run_id: str
    number: int
    name: str
    data: str

    @property
    def frame(self) -> bytes:
        return encode(self.name, self.data, id=str(self.number))

    @property
    def row(self) -> dict[str, object]:
        return {"run_id": self.run_id, "number": self.number, "name": self.name, "data": self.data}


@dataclass(slots=True)
class Channel:
    """The live events of one leg of a run. Any number of readers follow it, each at its own pace, from its beginning.

    Events are numbered per run, so a leg goes on where the last one stopped: ``number`` is the last number given.
    """

    run_id: str
    number: int = 0
    _frames: list[bytes] = field(default_factory=list[bytes])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False

    def next(self, name: str, data: Document) -> Event:
        self.number += 1
        return Event(self.run_id, self.number, name, to_json(data))

    def publish(self, events: Sequence[Event]) -> None:
        self._frames += (event.frame for event in events)
        self._wake()

    def end(self, last: bytes = b"") -> None:
        """Nothing more will come in this leg; ``last`` goes out before the closing frame."""
        self._frames.append(last + END)
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def follow(self, keepalive: float) -> AsyncIterator[bytes]:
        """Frames as they come, those that came together in one piece; a comment after each ``keepalive`` of silence."""
        position = 0
        while True:
            changed = self._changed
            if position < len(self._frames):
                piece = b"".join(self._frames[position:])
                position = len(self._frames)
                yield piece
            elif self._ended:
                return
            elif not await _happens(changed, keepalive):
                yield PING


class EventLog:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[dict[str, object]] = []  # rows of deltas, not written yet
        self._writer: asyncio.Task[None] | None = None

    async def commit(self, channel: Channel, changes: Sequence[Change]) -> None:
        """Writes the changes with their events, then publishes the events; if writing fails, neither.

        Raises `store.Busy` for a new run on a thread that has an active one, `store.Orphan` if the thread is gone.
        """
        named = [(name, shown(change.document)) for change in changes for name in change.events]
        number = channel.number
        events = [channel.next(name, data) for name, data in named]
        try:
            await self._write([event.row for event in events], changes)
        except BaseException:
            channel.number = number
            raise
        channel.publish(events)

    def send(self, channel: Channel, name: str, data: Document) -> None:
        """Publishes a delta now; its row is written soon."""
        event = channel.next(name, data)
        self._waiting.append(event.row)
        channel.publish([event])
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_soon())

    async def close(self) -> None:
        """Writes what waits, and leaves nobody to write anything later."""
        if self._writer:
            self._writer.cancel()
            await asyncio.wait([self._writer])
        await self.flush()

    async def flush(self) -> None:
        """Writes what waits, so that what is read from the store is what was said."""
        await self._write([], [])

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_AFTER)
        self._writer = None
        try:
            await self.flush()
        except StoreError:
            # The rows wait on; the next commit meets the same trouble and fails the run it belongs to.
            _log.exception("Events cannot be written")

    async def _write(self, rows: Sequence[dict[str, object]], changes: Sequence[Change]) -> None:
        waiting: list[dict[str, object]] = []
        try:
            async with self._store.transaction() as transaction:
                for change in changes:
                    await _save(transaction, change)
                waiting, self._waiting = self._waiting, []
                await transaction.add_events([*waiting, *rows])
        except BaseException:
            self._waiting[:0] = waiting
            raise


async def _save(transaction: Transaction, change: Change) -> None:
    if change.new:
        await transaction.insert(change.document)
    else:
        await transaction.update(change.document)


async def _happens(event: asyncio.Event, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
