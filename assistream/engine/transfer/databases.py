"""Export, import and back-up for programs: of a database file, whether an engine runs on it or not."""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ..store import Store, StoreError
from .exporting import counts_of, lines_of
from .merging import merge
from .outcome import Counts, Tally, TransferError
from .snapshot import driver, reading, refuse_older
from .staging import stage_all, staging
from .targets import written_whole

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how much is done, and of how much."""
Place: TypeAlias = str | os.PathLike[str]
Source: TypeAlias = Place | BinaryIO | Iterable[bytes]

PIECE = 1024 * 1024
_LINES = 500
"""That are written between two reports."""
_PAGES = 1024
"""Of the database that are copied between two reports: 4 MiB."""


def nobody(done: int, total: int) -> None:
    """Where progress is told if nobody asks."""


def backup(database: Place, target: Place, progress: Progress = nobody) -> None:
    """A copy of the database as it is now, in a new file that an engine can be started on.

    An engine that runs on the database goes on, and holds nothing up. Deleted objects may still be found in the copy's
    unused pages, as in the original's.
    """
    with reading(Path(database)) as connection, written_whole(Path(target)) as part:
        # In one read transaction: a copy that is made in steps would begin again after each write of the engine.
        copy(driver(connection), part, progress)


def copy(source: sqlite3.Connection, part: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(part)) as target:
        target.execute("PRAGMA synchronous = OFF")  # until it is whole, and synced, it is nothing
        source.backup(target, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))


def export(database: Place, target: Place | BinaryIO, progress: Progress = nobody) -> Counts:
    """All that the database has, as lines, into a new file or one that is open; how much that was."""
    with reading(Path(database)) as connection:
        refuse_older(connection)
        counts = counts_of(connection)
        put(target, _told(lines_of(connection, counts), sum(counts.values()), progress))
    return counts


def put(target: Place | BinaryIO, lines: Iterable[bytes]) -> None:
    if isinstance(target, str | os.PathLike):
        with written_whole(Path(target)) as part, part.open("wb") as file:
            file.writelines(lines)
    else:
        target.writelines(lines)


def _told(lines: Iterator[bytes], total: int, progress: Progress) -> Iterator[bytes]:
    for done, line in enumerate(lines):  # the header is none of them
        yield line
        if done == total or not done % _LINES:
            progress(done, total)


def load(database: Place, source: Source, *, skip_existing: bool = False) -> Tally:
    """All lines of an export into the database, which is made if there is none, or nothing.

    Objects that are there already are refused, or skipped with all that belongs to them. No engine may run on the
    database (for that there is `Engine.load`). Raises `TransferError`, which says what is wrong in which line.
    """
    path = Path(database)
    with staging(path.resolve().parent) as stage:
        counts = stage_all(stage, pieces_of(source))
        return asyncio.run(_merged(path, stage.path, counts, skip_existing))


async def _merged(database: Path, staged: Path, counts: Counts, skip_existing: bool) -> Tally:
    store = Store(database)
    await store.open()
    try:
        tally, _ = await merge(store, staged, counts, skip_existing=skip_existing)
    except StoreError as error:
        raise TransferError(f"The database cannot be written: {error}. Nothing was imported.") from error
    finally:
        await store.close()
    return tally


def pieces_of(source: Source) -> Iterator[bytes]:
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            yield from pieces_of(file)
    elif isinstance(source, io.IOBase | BinaryIO):
        yield from iter(lambda: source.read(PIECE), b"")
    else:
        yield from source
