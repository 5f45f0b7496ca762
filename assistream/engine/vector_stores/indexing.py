"""Puts files into the index, in the background: a few at once, from a queue that is the store itself.

What is to be done are the files that are ``in_progress``. So what an engine had not finished, however it ended, the
next one finds; and nothing that was written of a file counts before its row names it, so that it can be begun again.
Files are read outside of transactions and written in pieces: no run waits for long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from itertools import count
from typing import Any

import anyio
from anyio import CancelScope

from ..documents import Reader, Unreadable
from ..embeddings import Embedder, EmbeddingError
from ..ids import now
from ..lifecycle import Document
from ..store import Store, StoreError
from ..transaction import Transaction
from . import records
from .filing import dropped, filed
from .records import Job

_log = logging.getLogger("assistream.engine")

WORKERS = 3
"""Files at once: what takes long are other processes, and embeddings servers."""
AGAIN = 5.0
"""Seconds until it goes on when the database is in trouble."""
LINGER = 10.0
"""Seconds that the processes which read documents are kept for the next one."""
SWEEP = 3600.0
"""Seconds between two looks for stores that have expired."""
PATIENCE = 5.0
"""Seconds that files get to stop when the engine closes."""


class Indexer:
    def __init__(self, store: Store, embedder: Embedder | None) -> None:
        self._store, self._embedder = store, embedder
        self._jobs: dict[Job, CancelScope] = {}
        self._entries: dict[Job, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[str, int] = {}
        self._numbers = count(1)
        self._wake = asyncio.Event()
        self._changed = asyncio.Event()
        self._reader: Reader | None = None
        self._litter = True
        """There may be something that no file names."""
        self._closing = False

    @property
    def space(self) -> str | None:
        """Whose vectors are made now."""
        return self._embedder.name if self._embedder else None

    def start(self) -> None:
        self._store.watch(self._notice)
        self._begin(self._work())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _notice(self, transaction: Transaction) -> None:
        """Whatever adds a file to a store, or deletes a store or a file, is seen here; nobody has to tell."""
        gone = set(transaction.deleted)
        if gone:
            self.stop(job for job in self._jobs if not gone.isdisjoint(job))
        elif transaction.in_bulk or any(one["object"] == "vector_store.file" for one in transaction.written):
            self._wake.set()

    def stop(self, jobs: Iterable[Job]) -> None:
        """What works on these files stops: nobody wants it any more."""
        self._litter = True
        for job in list(jobs):
            if scope := self._jobs.get(job):
                scope.cancel()
        self._stir()

    def _stir(self) -> None:
        """Something is done, or is not to be done any more."""
        self._wake.set()
        self._changed.set()
        self._changed = asyncio.Event()

    async def close(self) -> None:
        """What is not done is left for the next engine."""
        self._closing = True
        with anyio.move_on_after(PATIENCE):
            while self._tasks:  # one that was being begun may come to them
                self.stop(self._jobs)
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()

    async def settled(self, store_ids: Sequence[str], seconds: float) -> None:
        """Returns when nothing of these stores is in progress, or the time is over."""
        with anyio.move_on_after(seconds):
            while not self._closing:
                changed = self._changed
                async with self._store.transaction() as transaction:
                    if not await records.unfinished(transaction, store_ids):
                        return
                await changed.wait()

    async def _work(self) -> None:
        try:
            await self._watch()
        finally:
            await self._rest()

    async def _watch(self) -> None:
        """Hands out work whenever there may be some."""
        loop = asyncio.get_running_loop()
        sweeping = loop.time()
        while not self._closing:
            self._wake.clear()
            try:
                if loop.time() >= sweeping:
                    await self._expire()
                    sweeping = loop.time() + SWEEP
                await self._hand_out()
                await self._tidy()
                pause = LINGER if self._reader else SWEEP
            except Exception:  # nobody else would do this work
                _log.exception("Files cannot be indexed now; it is tried again")
                self._litter, pause = True, AGAIN
            with anyio.move_on_after(pause) as waiting:
                await self._wake.wait()
            if waiting.cancelled_caught and not self._jobs:
                await self._rest()

    async def _rest(self) -> None:
        reader, self._reader = self._reader, None
        if reader:
            await reader.__aexit__(None, None, None)

    async def _expire(self) -> None:
        """What was indexed in stores that have expired takes room for nothing."""
        async with self._store.transaction() as transaction:
            for store_id in await records.expired(transaction, now()):
                await records.empty(transaction, store_id)
                self._litter = True

    async def _hand_out(self) -> None:
        while len(self._jobs) < WORKERS and not self._closing:
            async with self._store.transaction() as transaction:
                found = await records.next_job(transaction, self._jobs, self._turns)
            if found is None:
                return
            job, document = found
            self._reader = self._reader or await Reader().__aenter__()
            self._jobs[job] = CancelScope()
            self._turns[job.vector_store_id] = next(self._numbers)
            self._begin(self._job(job, document, self._reader))

    async def _tidy(self) -> None:
        """Drops what no file names: of files that were deleted, and what was not finished."""
        if not self._litter:
            return
        self._litter = False
        async with self._store.transaction() as transaction:
            garbage = await records.garbage(transaction) - set(self._entries.values())
        for entry in garbage:
            if self._closing:
                return
            await dropped(self._store, entry)

    async def _job(self, job: Job, document: Document, reader: Reader) -> None:
        try:
            # Not by cancelling the task, which would not stop at a transaction's shield.
            with self._jobs[job]:
                await self._index(job, document, reader)
        except StoreError:
            _log.exception("File %s cannot be indexed now; it is tried again", job.file_id)
            self._jobs[job] = CancelScope()
            if self._closing:
                return
            with self._jobs[job]:
                await anyio.sleep(AGAIN)
        finally:
            del self._jobs[job]
            self._entries.pop(job, None)
            self._stir()

    async def _index(self, job: Job, document: Document, reader: Reader) -> None:
        async with self._store.transaction() as transaction:
            entry = await records.begin(transaction, document, self.space)
            if entry is None:
                await records.finish(transaction, document, None, **_failed("server_error", _DEADLY))
                return
            self._entries[job] = entry
        try:
            changes = await self._outcome(document, entry, reader)
        except (anyio.get_cancelled_exc_class(), StoreError):
            self._litter = True
            async with self._store.transaction() as transaction:
                await records.let_go(transaction, document)
            raise
        async with self._store.transaction() as transaction:
            if not await records.finish(transaction, document, entry, **changes):
                self._litter = True

    async def _outcome(self, document: Document, entry: int, reader: Reader) -> Document:
        """What becomes of the file: whatever is wrong with it, or with its reader, is its own affair."""
        try:
            usage = await filed(self._store, reader, self._embedder, document, entry)
            return {"status": "completed", "usage_bytes": usage}
        except StoreError:
            raise
        except Unreadable as error:
            return _failed(error.code, error.message)
        except EmbeddingError as error:
            return _failed("server_error", str(error))
        except Exception:  # a bug that one file meets: it fails, and the others are indexed
            _log.exception("File %s cannot be indexed", document["id"])
            return _failed("server_error", "The engine had an error while it read the file.")


_DEADLY = "The engine was ended several times while it read the file."


def _failed(code: str, message: str) -> Document:
    return {"status": "failed", "last_error": {"code": code, "message": message}}
