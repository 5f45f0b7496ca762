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
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import anyio
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import ConfigurationError
from .filelock import FileLock, Taken
from .ids import Moments, now
from .lifecycle import ACTIVE, IN_LINE, Document, is_over, shown

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
FILES = _objects("files", sa.Column("purpose", sa.String, index=True), sa.Column("expires_at", sa.Integer, index=True))
PIECES = sa.Table(
    "pieces",
    _META,
    # No foreign key here either: what a file holds is written piece by piece, and the file itself at the end.
    sa.Column("file_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
EVENTS = sa.Table(
    "events",
    _META,
    # No foreign key: rows are written in groups, and the rows of a run that was just deleted must not fail the others.
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

ANSWERS = sa.Table(
    "answers",
    _META,
    # What requests with an `Idempotency-Key` have done (see `idempotency`): written together with it.
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("request", sa.String, nullable=False),
    sa.Column("created_at", sa.Integer, nullable=False, index=True),
    sa.Column("object_id", sa.String, index=True),
    sa.Column("thread_id", sa.String, index=True),
    sa.Column("leg", sa.Integer),
    sa.Column("body", sa.Text),
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
    "file": FILES,
}
_APPLICATION = 0x41737374
"""Marks a file as an engine's ("Asst"): other programs have tables called threads and messages too."""
_VERSION = 1
"""Of the tables. A file with another one is refused."""
_VARIABLES = 10_000
"""How many values one statement may name; SQLite takes three times as many."""
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # With WAL, NORMAL cannot corrupt the file and syncs at checkpoints only.
    "PRAGMA synchronous = NORMAL",
)
BUSY = 5.0
"""Seconds to wait for another program that has the database locked."""


Where: TypeAlias = Mapping[str, str | Collection[str]]
"""Columns and what they must be; a collection means any of its members."""


Table: TypeAlias = sa.Table
"""Which kind of objects: `ASSISTANTS`, `THREADS`, `MESSAGES`, `RUNS`, `STEPS` or `FILES`."""


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


@dataclass(slots=True)
class Claim:
    """A request that is to be done once: its key, what it asks for, and, when it was done, what came of it."""

    key: str
    request: str
    body: str | None = None

    def row(self, document: Document | None, leg: int | None, created_at: int) -> dict[str, object]:
        document = document or {}
        thread_id = document.get("id") if document.get("object") == "thread" else document.get("thread_id")
        done = {"object_id": document.get("id"), "thread_id": thread_id, "leg": leg, "body": self.body}
        return {"key": self.key, "request": self.request, "created_at": created_at, **done}


CLAIM: ContextVar[Claim | None] = ContextVar("claim", default=None)
"""The claim of the request that is being served: its first transaction that writes an object writes it, too."""


class UnknownCursor(Exception):
    """`after` or `before` names nothing in that list."""


class Transaction:
    """What can be asked and written; all of it happens, or nothing."""

    def __init__(self, connection: AsyncConnection, moments: Moments) -> None:
        self._connection, self._moments = connection, moments
        self._written: list[Document] = []
        self._first_events: dict[str, int] = {}

    async def get(self, table: sa.Table, id: str, **where: str | Collection[str]) -> Document | None:
        document: Document | None = await self._connection.scalar(_select(table, where).where(table.c.id == id))
        return document

    async def all(self, table: sa.Table, **where: str | Collection[str]) -> list[Document]:
        """In order of creation."""
        rows = await self._connection.scalars(_select(table, where).order_by(table.c.moment))
        return list(rows)

    async def absent(self, table: sa.Table, ids: Sequence[str]) -> list[str]:
        """Those of the ids that name nothing, in their order."""
        known: set[str] = set()
        for start in range(0, len(ids), _VARIABLES):
            some = ids[start : start + _VARIABLES]
            known.update(await self._connection.scalars(sa.select(table.c.id).where(table.c.id.in_(some))))
        return [id for id in ids if id not in known]

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
        self._written.append(document)

    async def update(self, document: Document) -> None:
        table = TABLES[document["object"]]
        query = table.update().where(table.c.id == document["id"]).values(_columns(document))
        await self._connection.execute(query)
        self._written.append(document)

    async def delete(self, table: sa.Table, id: str) -> bool:
        """Whether it was there. What belongs to a thread goes with it; what a file holds does not (see `contents`)."""
        whose = ANSWERS.c.thread_id if table is THREADS else ANSWERS.c.object_id
        await self._connection.execute(ANSWERS.update().where(whose == id).values(body=None))
        if table is THREADS:
            of_thread = sa.select(RUNS.c.id).where(RUNS.c.thread_id == id)
            await self._connection.execute(EVENTS.delete().where(EVENTS.c.run_id.in_(of_thread)))
        result = await self._connection.execute(table.delete().where(table.c.id == id))
        return result.rowcount > 0

    async def expired_files(self, now: int) -> list[str]:
        return list(await self._connection.scalars(sa.select(FILES.c.id).where(FILES.c.expires_at <= now)))

    async def add_piece(self, file_id: str, number: int, data: bytes) -> None:
        await self._connection.execute(PIECES.insert().values(file_id=file_id, number=number, data=data))

    async def piece(self, file_id: str, number: int) -> bytes | None:
        where = (PIECES.c.file_id == file_id, PIECES.c.number == number)
        data: bytes | None = await self._connection.scalar(sa.select(PIECES.c.data).where(*where))
        return data

    async def delete_pieces(self, file_id: str, below: int) -> None:
        where = (PIECES.c.file_id == file_id, PIECES.c.number < below)
        await self._connection.execute(PIECES.delete().where(*where))

    async def last_piece(self, file_id: str) -> int | None:
        query = sa.select(sa.func.max(PIECES.c.number)).where(PIECES.c.file_id == file_id)
        number: int | None = await self._connection.scalar(query)
        return number

    async def pieces_of_nothing(self) -> list[str]:
        """What an upload, or a deletion, that did not come to its end has left: the ids of files that are not there."""
        query = sa.select(PIECES.c.file_id).distinct().where(PIECES.c.file_id.not_in(sa.select(FILES.c.id)))
        return list(await self._connection.scalars(query))

    async def add_events(self, rows: Sequence[Mapping[str, object]]) -> None:
        """What is there already stays: who was cancelled during a commit cannot know, and writes the same again."""
        for row in rows:
            self._first_events.setdefault(str(row["run_id"]), int(str(row["number"])))
        if rows:
            await self._connection.execute(EVENTS.insert().prefix_with("OR IGNORE", dialect="sqlite"), rows)

    async def events(self, run_id: str, after: int = -1, limit: int | None = None) -> list[sa.Row[Any]]:
        query = sa.select(EVENTS).where(EVENTS.c.run_id == run_id, EVENTS.c.number > after)
        return list(await self._connection.execute(query.order_by(EVENTS.c.number).limit(limit)))

    async def events_named(self, run_id: str, *names: str) -> list[int]:
        """The numbers of such events."""
        query = sa.select(EVENTS.c.number).where(EVENTS.c.run_id == run_id, EVENTS.c.name.in_(names))
        return list(await self._connection.scalars(query.order_by(EVENTS.c.number)))

    async def has_event(self, run_id: str, number: int) -> bool:
        query = sa.select(EVENTS.c.number).where(EVENTS.c.run_id == run_id, EVENTS.c.number == number)
        return await self._connection.scalar(query) is not None

    async def last_event(self, run_id: str) -> int:
        number: int | None = await self._connection.scalar(
            sa.select(sa.func.max(EVENTS.c.number)).where(EVENTS.c.run_id == run_id)
        )
        return number or 0

    async def write_claim(self, claim: Claim, now: int) -> None:
        """What the claim's request has done is what was written here: the run, or else the first object."""
        if claim.body is not None or not self._written:
            return
        runs = [document for document in self._written if document["object"] == "thread.run"]
        done = (runs or self._written)[0]
        first = self._first_events.get(done["id"]) if runs else None
        claim.body = to_json(shown(done))
        await self.put_answer(claim.row(done, None if first is None else first - 1, now))

    async def answer(self, key: str) -> sa.Row[Any] | None:
        return (await self._connection.execute(sa.select(ANSWERS).where(ANSWERS.c.key == key))).first()

    async def put_answer(self, row: Mapping[str, object]) -> None:
        await self._connection.execute(ANSWERS.delete().where(ANSWERS.c.key == row["key"]))
        await self._connection.execute(ANSWERS.insert().values(**row))

    async def change_answer(self, key: str, body: str) -> None:
        await self._connection.execute(ANSWERS.update().where(ANSWERS.c.key == key).values(body=body))

    async def forget_answers(self, before: int) -> None:
        await self._connection.execute(ANSWERS.delete().where(ANSWERS.c.created_at < before))


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
        self._engine = create_async_engine(address, json_serializer=to_json, connect_args={"timeout": BUSY})
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
            # A client that goes away cancels what serves it. In the middle of a statement that would cost the
            # connection, and with it a database in memory.
            with anyio.CancelScope(shield=True):
                async with self._lock, self._connection.begin():
                    transaction = Transaction(self._connection, self._moments)
                    yield transaction
                    if claim := CLAIM.get():
                        await transaction.write_claim(claim, now())
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
    columns: dict[str, object] = {**{name: document[name] for name in names if name in document}, "body": document}
    # A run that waits for its thread is not the active one, whatever clients are told.
    return columns | {"status": IN_LINE} if IN_LINE in document and not is_over(document) else columns
