"""Lines that come in, checked one by one, into a database of their own: what is wrong is found before anybody is
disturbed, and no more is in memory than some lines.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ..ids import now
from ..tables import METADATA
from .kept import KEPT, WHOSE, belongings
from .lines import Broken, Value, read, read_header
from .outcome import Counts, TransferError
from .snapshot import driver

LONGEST = 256 * 1024 * 1024
"""Bytes of a line. An engine writes none that is nearly as long, and without a limit a file that is none could fill the
memory."""
_AT_ONCE = 500
_AT_ONCE_BYTES = 4 * 1024 * 1024
_NOTHING = "Nothing was imported."
# What was indexed does not come along. Nobody searches a store that has expired: its files stay as they are.
_INDEX_AGAIN = """
UPDATE vector_store_files SET status = 'in_progress', usage_bytes = 0,
    body = json_set(body, '$.status', 'in_progress', '$.usage_bytes', 0, '$.last_error', NULL)
WHERE (status = 'completed' OR usage_bytes > 0)
    AND vector_store_id NOT IN (SELECT id FROM vector_stores WHERE body ->> 'expires_at' <= ?)
"""
# A batch that waits for nothing would never be over.
_WAIT_NO_MORE = """
UPDATE vector_store_batched SET status = 'cancelled'
WHERE status = 'in_progress' AND NOT EXISTS (
    SELECT 1 FROM vector_store_batches AS b
    JOIN vector_store_files AS f ON f.vector_store_id = b.vector_store_id
    WHERE b.id = batch_id AND f.id = file_id AND f.status = 'in_progress'
)
"""


class Stage:
    """``feed`` it with the bytes of an export, in pieces of any size, and `finish`; then `path` has it all."""

    def __init__(self, path: Path, connection: sa.Connection) -> None:
        self.path = path
        self._connection, self._database = connection, driver(connection)
        self._buffer = bytearray()
        self._number = 0
        self._expected: Counts | None = None
        self._table: sa.Table | None = None
        self._rows: list[tuple[Value, ...]] = []
        self._numbers: list[int] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Raises `TransferError` with the number of the first line that cannot be."""
        searched = len(self._buffer)
        self._buffer += data
        start = 0
        while (end := self._buffer.find(b"\n", max(start, searched))) >= 0:
            self._take(bytes(self._buffer[start:end]))
            start = end + 1
        del self._buffer[:start]
        if len(self._buffer) > LONGEST:
            self._number += 1
            raise self._broken(f"it is longer than {LONGEST} bytes")

    def _take(self, raw: bytes) -> None:
        self._number += 1
        if not raw.strip():
            return
        try:
            if self._expected is None:
                self._expected = read_header(raw)
                return
            table, values = read(raw)
        except Broken as broken:
            raise self._broken(str(broken)) from None
        self._add(table, values, len(raw))

    def _add(self, table: sa.Table, values: tuple[Value, ...], size: int) -> None:
        if table is not self._table or len(self._rows) >= _AT_ONCE or self._size >= _AT_ONCE_BYTES:
            self._write()
            self._table = table
        self._rows.append(values)
        self._numbers.append(self._number)
        self._size += size

    def _write(self) -> None:
        if self._table is None:
            return
        marks = ", ".join("?" * len(self._table.c))
        before = self._database.total_changes
        try:
            self._database.executemany(f"INSERT INTO {self._table.name} VALUES ({marks})", self._rows)
        except sqlite3.IntegrityError as error:
            self._number = self._numbers[self._database.total_changes - before]
            raise self._broken(_reason(error, self._table)) from None
        self._rows, self._numbers, self._size = [], [], 0

    def finish(self) -> Counts:
        """How many there are of each table. Raises `TransferError` if the lines are not all of an export."""
        if self._buffer:
            self._take(bytes(self._buffer))
            self._buffer.clear()
        if self._expected is None:
            raise TransferError(f"The export is empty. {_NOTHING}")
        self._write()
        found = {name: self._count(f"SELECT count(*) FROM {name}") for name in KEPT}
        for name, expected in self._expected.items():
            if found.get(name) != expected:
                was = f"it has {found.get(name, 0)} of {expected} {name}"
                raise TransferError(f"The export was cut short, or changed: {was}. {_NOTHING}")
        self._check_owners()
        self._check_projects()
        self._check_files()
        self._database.execute(_INDEX_AGAIN, (now(),))
        self._database.execute(_WAIT_NO_MORE)
        self._connection.commit()
        return found

    def _check_owners(self) -> None:
        for table, (whose, owner) in WHOSE.items():
            missing = f"{whose.name} NOT IN (SELECT {owner.name} FROM {owner.table.name})"
            query = f"SELECT {whose.name} FROM {table.name} WHERE {missing} LIMIT 1"
            if row := self._database.execute(query).fetchone():
                raise TransferError(f"There are {table.name} of {row[0]!r}, which is not there. {_NOTHING}")

    def _check_projects(self) -> None:
        """A message of another project than its thread would be in nobody's thread."""
        for table in KEPT.values():
            for whose, owner in belongings(table):
                theirs = f"SELECT {owner.table.name}.project FROM {owner.table.name} WHERE {owner.name} = {whose}"
                query = f"SELECT id FROM {table.name} WHERE project IS NOT ({theirs}) LIMIT 1"
                if row := self._database.execute(query).fetchone():
                    reason = f"{row[0]!r} is of another project than what it belongs to"
                    raise TransferError(f"The {table.name} are mixed up: {reason}. {_NOTHING}")

    def _check_files(self) -> None:
        held = "SELECT sum(length(data)), count(*) - max(number) FROM pieces WHERE file_id = files.id"
        query = f"SELECT id FROM files WHERE (body ->> 'bytes', 1) IS NOT ({held}) LIMIT 1"
        if row := self._database.execute(query).fetchone():
            raise TransferError(f"What the file {row[0]!r} holds is not complete. {_NOTHING}")

    def _count(self, query: str) -> int:
        count: int = self._database.execute(query).fetchone()[0]
        return count

    def _broken(self, reason: str) -> TransferError:
        return TransferError(f"Line {self._number}: {reason}. {_NOTHING}")


def _reason(error: sqlite3.IntegrityError, table: sa.Table) -> str:
    match error.sqlite_errorname:
        case "SQLITE_CONSTRAINT_FOREIGNKEY":
            parents = " or ".join(sorted(f"{key.parent.name}" for key in table.foreign_keys))
            return f"its {parents} names nothing that stands before it"
        case "SQLITE_CONSTRAINT_PRIMARYKEY":
            return "there is a line with the same id before it"
        case "SQLITE_CONSTRAINT_UNIQUE":
            return "its thread has another run that is not over"
        case _:
            return f"it cannot be kept ({error})"


@contextmanager
def staging(directory: Path | None) -> Generator[Stage]:
    """A stage in a directory that has room, the one of temporary files by default; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".assistream-import-", dir=directory) as place:
        path = Path(place) / "staged.db"
        engine = sa.create_engine("sqlite://", creator=lambda: _created(path), poolclass=NullPool)
        with engine.connect() as connection:
            METADATA.create_all(connection, list(KEPT.values()))
            yield Stage(path, connection)


def _created(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    # It is thrown away whatever happens, so nothing is done for its safety.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def stage_all(stage: Stage, pieces: Iterable[bytes]) -> Counts:
    for piece in pieces:
        stage.feed(piece)
    return stage.finish()
