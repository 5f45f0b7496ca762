"""aiosqlite with one trip to its thread for each statement, or for several.

SQLAlchemy asks for a cursor, executes, fetches, closes the cursor, and commits what has only read, too: five trips,
each of which wakes a thread and then the event loop. That was most of what a run cost (`benchmarks/README.md`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager


class Connection(aiosqlite.Connection):
    @contextmanager
    async def cursor(self) -> Cursor:  # type: ignore[override]  # it has what SQLAlchemy, who asks for it, uses
        return Cursor(self)

    async def run(self, function: Callable[[sqlite3.Connection], None]) -> None:
        """Has the connection's thread do it."""
        await self._execute(function, self._conn)  # type: ignore[no-untyped-call]  # what all its methods do

    async def carry_out(self, steps: Sequence[Callable[[sqlite3.Connection], object]]) -> None:
        """All of the steps, in their order, in one trip. The first that fails is the last."""
        await self._execute(_each, self._conn, steps)  # type: ignore[no-untyped-call]  # as above

    async def undo(self) -> None:
        """Rolls back also what somebody who was cancelled has left in the queue of the thread."""
        await super().rollback()

    async def commit(self) -> None:
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        if self.in_transaction:
            await super().rollback()


def _each(connection: sqlite3.Connection, steps: Sequence[Callable[[sqlite3.Connection], object]]) -> None:
    """In the connection's thread."""
    for step in steps:
        step(connection)


class Cursor:
    """What SQLAlchemy uses of one. All rows are fetched by whoever executes the statement, as SQLAlchemy would."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount: int = -1
        self.lastrowid: int | None = None
        self.arraysize: int = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        await self._connection.run(partial(self._work, lambda cursor: cursor.execute(statement, parameters)))
        return self

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> Cursor:
        await self._connection.run(partial(self._work, lambda cursor: cursor.executemany(statement, parameters)))
        return self

    def _work(self, execute: Callable[[sqlite3.Cursor], object], connection: sqlite3.Connection) -> None:
        """In the connection's thread."""
        cursor = connection.cursor()
        try:
            execute(cursor)
            self._rows = cursor.fetchall()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        self._rows = ()


def connect(path: str, timeout: float) -> Connection:
    """To be awaited."""
    connection = Connection(partial(sqlite3.connect, path, timeout=timeout), iter_chunk_size=64)
    # As SQLAlchemy has it: a program that ends without closing its engine does not wait for this thread for ever.
    connection._thread.daemon = True
    return connection
