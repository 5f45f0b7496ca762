"""Where everything is kept: SQLAlchemy Core, on SQLite in memory or in a file.

Particular to SQLite are how a file is opened (`_connect`), marked and upgraded (`migrations`), that one engine at a
time has it (`filelock`), the one connection with one lock, because SQLite has one writer at a time anyway (a second one
reads), how statements are handed to its driver (`prepared`), how `Transaction.insert` tells two conflicts apart, and
the full-text index FTS5 (`vector_stores.fulltext`, and its table).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

import anyio
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import ConfigurationError
from .claims import CLAIM
from .driver import Connection, connect
from .filelock import FileLock, Taken
from .ids import Moments, now
from .migrations import check, prepare
from .scoped import ScopedConnection
from .tables import METADATA, to_json
from .transaction import Transaction

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # With WAL, NORMAL cannot corrupt the file and syncs at checkpoints only.
    "PRAGMA synchronous = NORMAL",
)
BUSY = 5.0
"""Seconds to wait for another program that has the database locked."""


class StoreError(Exception):
    """The database is in trouble: locked by another program, out of space, gone. Nothing was written."""


class Store:
    """``async with store.transaction() as transaction: ...`` after `open`, until `close`."""

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._path = str(path)
        self._lock = asyncio.Lock()
        self._moments = Moments()
        self._engine: AsyncEngine | None = None
        self._session: _Session | None = None
        self._reader: _Session | None = None
        self._reading = asyncio.Lock()
        self._file: FileLock | None = None
        self._watchers: list[Callable[[Transaction], None]] = []

    @property
    def path(self) -> Path | None:
        """The file, which others may read, too; None for what only this process has."""
        return None if self._path in ("", ":memory:") else Path(self._path)

    def watch(self, watcher: Callable[[Transaction], None]) -> None:
        """It is told of every transaction that was committed, before the next one begins."""
        self._watchers.append(watcher)

    async def open(self) -> None:
        try:
            await self._connect()
        except Taken:
            await self.close()
            raise ConfigurationError(f"The database {self._path!r} is in use by another engine.") from None
        except (DatabaseError, sqlite3.Error, OSError) as error:
            await self.close()
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise ConfigurationError(f"The engine cannot use {self._path!r} as its database: {reason}.") from error

    async def _connect(self) -> None:
        # A file that aiosqlite cannot open leaves it with a thread that may outlive the event loop, and then complains.
        sqlite3.connect(self._path).close()
        if self.path:
            self._file = FileLock(self._path)
        address = sa.URL.create("sqlite+aiosqlite", database=self._path)
        self._engine = create_async_engine(
            address, json_serializer=to_json, async_creator=partial(connect, self._path, BUSY)
        )
        self._session = await _session(self._engine)
        connection = self._session.connection
        await connection.run_sync(check)
        await connection.commit()
        await _set_up(self._session)
        await connection.run_sync(prepare)
        for table in METADATA.sorted_tables:
            if "moment" in table.c:  # the clock may have been set back since
                self._moments.follow(await connection.scalar(sa.select(sa.func.max(table.c.moment))) or 0)
        await connection.commit()

    async def close(self) -> None:
        for session in (self._reader, self._session):
            if session:
                await session.connection.close()
        if self._engine:
            await self._engine.dispose()
        if self._file:
            self._file.release()
        self._session = self._reader = self._engine = self._file = None

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """For what reads much and writes nothing: others write meanwhile. In memory it is an ordinary transaction."""
        if self._file is None:
            async with self.transaction() as transaction:
                yield transaction
            return
        assert self._engine, "the store is open from start to close"
        try:
            with anyio.CancelScope(shield=True):
                async with self._reading:
                    self._reader = self._reader or await _session(self._engine)
                    async with self._reader.work() as connection:
                        yield Transaction(connection, self._moments)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise _trouble(error) from error

    async def _writer(self) -> _Session:
        """Who is cancelled in the middle of a statement all the same, by `Task.cancel`, has cost the connection."""
        assert self._session, "the store is open from start to close"
        if self._session.connection.invalidated:
            if self.path is None or self._engine is None:
                raise StoreError("The database in memory went with its connection, which a cancelled task has broken.")
            await self._session.connection.close()
            self._session = await _session(self._engine)
            await _set_up(self._session)
        return self._session

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        try:
            # A client that goes away cancels what serves it. In the middle of a statement that would cost the
            # connection, and with it a database in memory.
            with anyio.CancelScope(shield=True):
                async with self._lock:
                    async with (await self._writer()).work() as connection:
                        transaction = Transaction(connection, self._moments)
                        yield transaction
                        if claim := CLAIM.get():
                            await transaction.write_claim(claim, now())
                    if claim and transaction.claimed:
                        claim.body = transaction.claimed  # only now: who finds a thread busy tries again
                    for watcher in self._watchers:
                        watcher(transaction)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise _trouble(error) from error


class _Session(NamedTuple):
    """A connection, as SQLAlchemy has it and as its driver has it."""

    connection: AsyncConnection
    driver: Connection

    def work(self) -> ScopedConnection:
        return ScopedConnection(self.connection, self.driver)


async def _session(engine: AsyncEngine) -> _Session:
    connection = await engine.connect()
    pooled = await connection.get_raw_connection()
    return _Session(connection, cast("Connection", pooled.driver_connection))


async def _set_up(session: _Session) -> None:
    for pragma in _PRAGMAS:
        await session.connection.exec_driver_sql(pragma)
    await session.connection.commit()


def _trouble(error: DatabaseError | sqlite3.DatabaseError) -> StoreError:
    return StoreError(str(error.orig if isinstance(error, DatabaseError) else error))
