"""Export, import and back-up of an engine that runs."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Coroutine, Generator
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from ...errors import ConfigurationError
from ..projects import acting_for
from ..runner import Runner
from ..store import Store, StoreError
from . import databases
from .databases import Place, Progress, Source, nobody, pieces_of
from .merging import merge
from .outcome import Counts, Tally, TransferError
from .staging import Stage, stage_all, staging

Result = TypeVar("Result")

_AT_ONCE = 1000
"""Runs that are taken over together."""


class Transfers:
    """For the program that has the engine, from any thread but the engine's own; ``loop`` is the engine's."""

    def __init__(self, store: Store, runner: Runner, loop: asyncio.AbstractEventLoop) -> None:
        self._store, self._runner, self._loop = store, runner, loop

    def backup(self, target: Place, progress: Progress = nobody) -> None:
        with self._readable() as path:
            databases.backup(path, target, progress)

    def export(self, target: Place | BinaryIO, progress: Progress = nobody) -> Counts:
        with self._readable() as path:
            return databases.export(path, target, progress)

    def load(self, source: Source, skip_existing: bool) -> Tally:
        with staging(beside(self._store)) as stage:
            counts = stage_all(stage, pieces_of(source))
            return self._there(take_in(self._store, self._runner, stage, counts, skip_existing))

    @contextmanager
    def _readable(self) -> Generator[Path]:
        if self._store.path:
            yield self._store.path
            return
        with _elsewhere() as path:
            self._there(_copy(self._store, path))
            yield path

    def _there(self, work: Coroutine[Any, Any, Result]) -> Result:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except CancelledError:
            raise ConfigurationError("The engine was closed meanwhile.") from None
        except StoreError as error:
            raise TransferError(f"The engine's database is in trouble: {error}. Nothing was done.") from error


@asynccontextmanager
async def readable(store: Store) -> AsyncGenerator[Path]:
    """A file with all that the store has: its own, or for one in memory a copy, which is gone afterwards."""
    if store.path:
        yield store.path
        return
    with _elsewhere() as path:
        await _copy(store, path)
        yield path


async def _copy(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path, check_same_thread=False)) as target:
        async with store.transaction() as transaction:
            await transaction.copy(target)


@contextmanager
def _elsewhere() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="assistream-") as place:
        yield Path(place) / "copy.db"


def beside(store: Store) -> Path | None:
    """Where there is room for as much again as the store has."""
    return store.path.resolve().parent if store.path else None


async def take_in(store: Store, runner: Runner, stage: Stage, counts: Counts, skip_existing: bool) -> Tally:
    """What was staged; runs that are not over go on as after a restart."""
    with acting_for(None):
        tally, run_ids = await merge(store, stage.path, counts, skip_existing=skip_existing)
        for start in range(0, len(run_ids), _AT_ONCE):
            await runner.adopt(run_ids[start : start + _AT_ONCE])
    return tally
