"""Where everything is kept: SQLAlchemy Core, on SQLite in memory or in a file.

An object is kept whole, as the document clients see, beside the columns that queries and constraints need. Particular
to SQLite are how a file is opened and marked (`_connect`), that one engine at a time has it (`filelock`), the one
connection with one lock, because SQLite has one writer at a time anyway, and how `insert` tells two conflicts apart.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import ConfigurationError
from .filelock import FileLock, Taken
from .ids import Moments
from .lifecycle import ACTIVE, Document

_META = sa.MetaData()


def _objects(name: str, *columns: sa.Column[Any]) -> sa.Table:
    body = sa.Column("body", sa.JSON, nullable=False)
    # `moment` orders lists: created_at has whole seconds only (see ids.Moments).
    moment = sa.Column("moment", sa.BigInteger, nullable=False, index=True)
    return sa.Table(name, _META, sa.Column("id", sa.String, primary_key=True), moment, *columns, body)


def _of(parent: str) -> sa.Column[Any]:
    return sa.Column(f"{parent}_id", sa.ForeignKey(f"{parent}s.id", ondelete="CASCADE"), nullable=False, index=True)


ASSISTANTS = _objects("assistants")
THREADS = _objects("threads")
MESSAGES = _objects("messages", _of("thread"), sa.Column("run_id", sa.String, index=True))
RUNS = _objects("runs", _of("thread"), sa.Column("status", sa.String, nullable=False))
STEPS = _objects("steps", _of("thread"), _of("run"), sa.Column("status", sa.String, nullable=False))
EVENTS = sa.Table(
    "events",
    _META,
    # No foreign key: rows are written in groups, and the rows of a run that was just deleted must not fail the others.
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

# One active run per thread. In the database and not in memory, so that several processes would agree.
_IS_ACTIVE = RUNS.c.status.in_(sorted(ACTIVE))
sa.Index("one_active_run", RUNS.c.thread_id, unique=True, sqlite_where=_IS_ACTIVE, postgresql_where=_IS_ACTIVE)

TABLES: Mapping[str, sa.Table] = {
    "assistant": ASSISTANTS,
    "thread": THREADS,
    "thread.message": MESSAGES,
    "thread.run": RUNS,
    "thread.run.step": STEPS,
}
_APPLICATION = 0x41737374
"""Marks a file as an engine's ("Asst"): other programs have tables called threads and messages too."""
_VERSION = 1
"""Of the tables. A file with another one is refused."""
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # With WAL, NORMAL cannot corrupt the file and syncs at checkpoints only.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 5000",
)


Where: TypeAlias = Mapping[str, str | Collection[str]]
"""Columns and what they must be; a collection means any of its members."""


Table: TypeAlias = sa.Table
"""Which kind of objects: `ASSISTANTS`, `THREADS`, `MESSAGES`, `RUNS` or `STEPS`."""


class StoreError(Exception):
    """The database is in trouble: locked by another program, out of space, gone. Nothing was written."""


class Busy(Exception):
    """The thread has an active run already."""


class Orphan(Exception):
    """What the new object belongs to is gone."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: at most `limit`, in `order` of creation, after or before an object with a known id."""

    limit: int = 20
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None
    before: str | None = None


class UnknownCursor(Exception):
    """`after` or `before` names nothing in that list."""


class Transaction:
    """What can be asked and written; all of it happens, or nothing."""

    def __init__(self, connection: AsyncConnection, moments: Moments) -> None:
        self._connection, self._moments = connection, moments

    async def get(self, table: sa.Table, id: str, **where: str | Collection[str]) -> Document | None:
        document: Document | None = await self._connection.scalar(_select(table, where).where(table.c.id == id))
        return document

    async def all(self, table: sa.Table, **where: str | Collection[str]) -> list[Document]:
        """In order of creation."""
        rows = await self._connection.scalars(_select(table, where).order_by(table.c.moment))
        return list(rows)

    async def moments(self, table: sa.Table, **where: str | Collection[str]) -> list[tuple[int, Document]]:
        """Like `all`, each with its place in time, to merge several lists."""
        query = _select(table, where).add_columns(table.c.moment).order_by(table.c.moment)
        return [(moment, body) for body, moment in await self._connection.execute(query)]

    async def page(self, table: sa.Table, page: Page, **where: str | Collection[str]) -> tuple[list[Document], bool]:
        """The objects, and whether there are more beyond them."""
        # The objects before a cursor are the nearest ones, so they are counted from it, against the order.
        backwards = page.before is not None and page.after is None
        descending = (page.order == "desc") is not backwards
        query = _select(table, where)
        for cursor, newer in ((page.after, page.order == "asc"), (page.before, page.order == "desc")):
            if cursor is not None:
                moment = await self._moment(table, cursor, where)
                query = query.where(table.c.moment > moment if newer else table.c.moment < moment)
        query = query.order_by(table.c.moment.desc() if descending else table.c.moment).limit(page.limit + 1)
        found = list(await self._connection.scalars(query))
        data = found[: page.limit]
        return data[::-1] if backwards else data, len(found) > page.limit

    async def _moment(self, table: sa.Table, id: str, where: Where) -> int:
        query = _select(table, where).with_only_columns(table.c.moment).where(table.c.id == id)
        moment: int | None = await self._connection.scalar(query)
        if moment is None:
            raise UnknownCursor(id)
        return moment

    async def insert(self, document: Document) -> None:
        """Raises `Orphan` if the thread is gone, and for a run `Busy` if another one of its thread is active."""
        values = _columns(document) | {"moment": self._moments.next()}
        try:
            await self._connection.execute(TABLES[document["object"]].insert().values(values))
        except IntegrityError as error:
            unique = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"
            raise (Busy if unique else Orphan)(document["id"]) from error

    async def update(self, document: Document) -> None:
        table = TABLES[document["object"]]
        query = table.update().where(table.c.id == document["id"]).values(_columns(document))
        await self._connection.execute(query)

    async def delete(self, table: sa.Table, id: str) -> bool:
        """Whether it was there. What belongs to a thread goes with it."""
        if table is THREADS:
            of_thread = sa.select(RUNS.c.id).where(RUNS.c.thread_id == id)
            await self._connection.execute(EVENTS.delete().where(EVENTS.c.run_id.in_(of_thread)))
        result = await self._connection.execute(table.delete().where(table.c.id == id))
        return result.rowcount > 0

    async def add_events(self, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            await self._connection.execute(EVENTS.insert(), rows)

    async def events(self, run_id: str) -> list[sa.Row[Any]]:
        query = sa.select(EVENTS).where(EVENTS.c.run_id == run_id).order_by(EVENTS.c.number)
        return list(await self._connection.execute(query))

    async def last_event(self, run_id: str) -> int:
        number: int | None = await self._connection.scalar(
            sa.select(sa.func.max(EVENTS.c.number)).where(EVENTS.c.run_id == run_id)
        )
        return number or 0


class Store:
    """``async with store.transaction() as transaction: ...`` after `open`, until `close`."""

    def __init__(self, path: str | Path = ":memory:") -> None:
        self._path = str(path)
        self._lock = asyncio.Lock()
        self._moments = Moments()
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._file: FileLock | None = None

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
        if self._path not in ("", ":memory:"):
            self._file = FileLock(self._path)
        address = sa.URL.create("sqlite+aiosqlite", database=self._path)
        self._engine = create_async_engine(address, json_serializer=to_json)
        self._connection = await self._engine.connect()
        await self._connection.run_sync(_check_origin)
        await self._connection.commit()
        for pragma in _PRAGMAS:
            await self._connection.exec_driver_sql(pragma)
        await self._connection.commit()
        async with self._connection.begin():
            await self._connection.run_sync(_META.create_all)
            await self._connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")
            await self._connection.exec_driver_sql(f"PRAGMA user_version = {_VERSION}")

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()
        if self._engine:
            await self._engine.dispose()
        if self._file:
            self._file.release()
        self._connection = self._engine = self._file = None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        assert self._connection, "the store is open from start to close"
        try:
            async with self._lock, self._connection.begin():
                yield Transaction(self._connection, self._moments)
        except DatabaseError as error:
            raise StoreError(str(error.orig)) from error


def _check_origin(connection: sa.Connection) -> None:
    """Before anything is written: the file is empty, or an engine of this version made it."""
    application, version, tables = (
        connection.exec_driver_sql(query).scalar()
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if (application or tables) and application != _APPLICATION:
        raise OSError("it belongs to another program")
    if application and version != _VERSION:
        raise OSError(f"it has version {version} of the tables, and this engine works with version {_VERSION}")


def to_json(value: object) -> str:
    """JSON in ASCII on one line: half a surrogate pair or U+2028 can do no harm in a database or a stream."""
    return json.dumps(value, separators=(",", ":"))


def _select(table: sa.Table, where: Where) -> sa.Select[Any]:
    query = sa.select(table.c.body)
    for name, value in where.items():
        column = table.c[name]
        query = query.where(column == value if isinstance(value, str) else column.in_(value))
    return query


def _columns(document: Document) -> dict[str, object]:
    names = TABLES[document["object"]].c.keys()
    return {**{name: document[name] for name in names if name in document}, "body": document}
