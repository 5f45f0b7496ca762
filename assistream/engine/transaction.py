"""What can be asked of the store and written into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, TypeGuard, cast

import aiosqlite
import sqlalchemy as sa

from . import statements
from .claims import Claim
from .ids import Moments
from .lifecycle import IN_LINE, Document, is_over, shown
from .scoped import ScopedConnection
from .statements import shape, values
from .tables import (
    ANSWERS,
    BATCHED,
    EVENTS,
    FILES,
    KEYS,
    MESSAGES,
    PIECES,
    RUNS,
    STEPS,
    TABLES,
    THREADS,
    VECTOR_STORE_BATCHES,
    VECTOR_STORE_FILES,
    VECTOR_STORES,
    Where,
    to_json,
)

_Statement: TypeAlias = "sa.Select[*tuple[Any, ...]] | sa.Update | sa.Delete | sa.Insert"
EventRow: TypeAlias = tuple[str, int, str, str, int | None]
"""The run, the event's number and name, its data, and when it came."""
_VARIABLES = 10_000
"""How many values one statement may name; SQLite takes three times as many."""


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

    def __init__(self, connection: ScopedConnection, moments: Moments) -> None:
        self._connection, self._moments = connection, moments
        self.written: list[Document] = []
        """The objects as they are now, in the order in which they were written."""
        self.places: dict[str, int] = {}
        """The moments of those that are new."""
        self.deleted: list[str] = []
        self.in_bulk = False
        """Whether rows were written besides that are not listed here."""
        self.claimed: str | None = None
        """What came of a request that is to be done once, if that is written here."""
        self._said: list[Sequence[EventRow]] = []

    async def sql(self, statement: str, *values: object) -> sa.CursorResult[Any]:
        """For what is the database's own: what attaches another one, or copies rows as they are. Of all projects."""
        return await (await self._connection.raw()).exec_driver_sql(statement, values)

    async def copy(self, target: sqlite3.Connection) -> None:
        """All that there is into a database that is empty, at once. Particular to SQLite."""
        connection = await (await self._connection.raw()).get_raw_connection()
        await cast("aiosqlite.Connection", connection.driver_connection).backup(target)

    async def get(self, table: sa.Table, id: str, **where: str | Collection[str]) -> Document | None:
        asked: Where = {"id": id, **where}
        rows = await self._connection.kept(statements.objects(table, shape(asked)), values(asked))
        return rows[0].body if rows else None

    async def all(self, table: sa.Table, **where: str | Collection[str]) -> list[Document]:
        """In order of creation."""
        rows = await self._connection.kept(statements.in_order(table, shape(where)), values(where))
        return [row.body for row in rows]

    async def firsts(self, *asked: tuple[sa.Table, Where]) -> list[Document | None]:
        """The oldest object of each, if there is one."""
        first = [
            (statements.page(table, shape(where), (), descending=False), {**values(where), "_limit": 1})
            for table, where in asked
        ]
        return [rows[0].body if rows else None for rows in await self._connection.kept_together(*first)]

    async def absent(self, table: sa.Table, ids: Sequence[str]) -> list[str]:
        """Those of the ids that name nothing, in their order."""
        known: set[str] = set()
        for start in range(0, len(ids), _VARIABLES):
            some = ids[start : start + _VARIABLES]
            known.update(await self._connection.scalars(sa.select(table.c.id).where(table.c.id.in_(some))))
        return [id for id in ids if id not in known]

    async def history(self, thread_id: str) -> tuple[dict[str, int], list[tuple[int, Document]]]:
        """The places in time of a thread's runs, by their ids; its messages, and then its steps with calls, with
        theirs.
        """
        thread, kinds = shape({"thread_id": thread_id}), {"type": ["tool_calls"]}
        asked = {"thread_id": thread_id, **values(kinds)}
        runs, messages, steps = await self._connection.kept_together(
            (statements.column(RUNS, thread, "moment"), asked),
            (statements.with_moments(MESSAGES, thread, ()), asked),
            (statements.with_moments(STEPS, thread, shape(kinds)), asked),
        )
        return {row.id: row.moment for row in runs}, [(row.moment, row.body) for row in [*messages, *steps]]

    async def page(self, table: sa.Table, page: Page, **where: str | Collection[str]) -> tuple[list[Document], bool]:
        """The objects, and whether there are more beyond them."""
        # The objects before a cursor are the nearest ones, so they are counted from it, against the order.
        backwards = page.before is not None and page.after is None
        descending = (page.order == "desc") is not backwards
        cursors = ((page.after, page.order == "asc"), (page.before, page.order == "desc"))
        named = [(cursor, newer) for cursor, newer in cursors if cursor is not None]
        bounds = {f"_bound_{at}": await self._moment(table, cursor, where) for at, (cursor, _) in enumerate(named)}
        query = statements.page(table, shape(where), tuple(newer for _, newer in named), descending=descending)
        rows = await self._connection.kept(query, {**values(where), **bounds, "_limit": page.limit + 1})
        found = [row.body for row in rows]
        data = found[: page.limit]
        return data[::-1] if backwards else data, len(found) > page.limit

    async def _moment(self, table: sa.Table, id: str, where: Where) -> int:
        # What a list has only for its status may have another one by now, and still say where the next page begins.
        fixed = {name: value for name, value in where.items() if name != "status"} | {"id": id}
        rows = await self._connection.kept(statements.column(table, shape(fixed), "moment"), values(fixed))
        if not rows:
            raise UnknownCursor(id)
        moment: int = rows[0].moment
        return moment

    async def insert(self, document: Document) -> None:
        """Raises `Orphan` if the thread is gone, and for a run `Busy` if another one of its thread is active: when it
        is written, which is with the next question, or with the commit.
        """
        moment, table = self._moments.next(), TABLES[document["object"]]
        row = _columns(document) | {"moment": moment}
        if document["object"] == "vector_store.file":
            await self._connection.flush()
            self._connection.insert(table, row)
            try:
                await self._connection.flush()
            except sqlite3.IntegrityError:
                await self._want(document)
                return
        else:
            self._connection.insert(table, row, partial(_refusal, document["id"]))
        self.places[document["id"]] = moment
        self.written.append(document)

    async def _want(self, document: Document) -> None:
        """A file that is in its store already stays as it is there; one that was not indexed is tried again."""
        key = (
            VECTOR_STORE_FILES.c.id == document["id"],
            VECTOR_STORE_FILES.c.vector_store_id == document["vector_store_id"],
        )
        await self._connection.execute(VECTOR_STORE_FILES.update().where(*key).values(direct=1))
        there = await self._connection.scalar(sa.select(VECTOR_STORE_FILES.c.body).where(*key))
        if there["status"] not in ("completed", "in_progress"):
            await self._connection.execute(VECTOR_STORE_FILES.update().where(*key).values(attempts=0))
            await self.update(there | {"status": "in_progress", "last_error": None})

    async def update(self, document: Document) -> None:
        table = TABLES[document["object"]]
        key = {f"_{column.name}": document[column.name] for column in table.primary_key}
        self._connection.write(statements.update(table), _columns(document) | key)
        self.written.append(document)

    async def delete(self, table: sa.Table, id: str) -> bool:
        """Whether it was there. What belongs to a thread goes with it; what a file holds does not (see `contents`)."""
        if await self.get(table, id) is None:
            return False
        whose = ANSWERS.c.thread_id if table is THREADS else ANSWERS.c.object_id
        await self._connection.execute(ANSWERS.update().where(whose == id).values(body=None))
        if table is THREADS:
            of_thread = sa.select(RUNS.c.id).where(RUNS.c.thread_id == id)
            await self._connection.execute(EVENTS.delete().where(EVENTS.c.run_id.in_(of_thread)))
        if table is FILES:
            waiting = (BATCHED.c.file_id == id, BATCHED.c.status == "in_progress")
            await self._connection.execute(BATCHED.update().where(*waiting).values(status="cancelled"))
            await self._connection.execute(VECTOR_STORE_FILES.delete().where(VECTOR_STORE_FILES.c.id == id))
        if table is VECTOR_STORES:
            batches = VECTOR_STORE_BATCHES.c.vector_store_id == id
            of_store = sa.select(VECTOR_STORE_BATCHES.c.id).where(batches)
            await self._connection.execute(BATCHED.delete().where(BATCHED.c.batch_id.in_(of_store)))
            await self._connection.execute(VECTOR_STORE_BATCHES.delete().where(batches))
            await self._connection.execute(
                VECTOR_STORE_FILES.delete().where(VECTOR_STORE_FILES.c.vector_store_id == id)
            )
        await self._connection.execute(table.delete().where(table.c.id == id))
        self.deleted.append(id)
        return True

    async def projects(self, table: sa.Table, **where: str | Collection[str]) -> dict[str, str]:
        """Whose they are, by id."""
        rows = await self._connection.kept(statements.column(table, shape(where), "project"), values(where))
        return {row.id: row.project for row in rows}

    async def execute(
        self, statement: sa.Executable, rows: Sequence[Mapping[str, object]] | None = None
    ) -> sa.Result[Any]:
        """For parts of the engine that have tables of their own. What is written as text says by itself whose rows it
        means.
        """
        if _is_about_tables(statement):
            return await self._connection.execute(statement, rows)
        return await (await self._connection.raw()).execute(statement, rows)

    async def speaking_of(self, word: str, thread_id: str) -> list[Document]:
        """The messages of a thread with this in them, wherever that is, in the order in which they came."""
        query = sa.select(MESSAGES.c.body).where(MESSAGES.c.thread_id == thread_id).order_by(MESSAGES.c.moment)
        text = sa.cast(MESSAGES.c.body, sa.String)
        return list(await self._connection.scalars(query.where(text.contains(word, autoescape=True))))

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

    async def add_events(self, rows: Sequence[EventRow]) -> None:
        """What is there already stays: who was cancelled during a commit cannot know, and writes the same again."""
        if rows:
            self._said.append(rows)
            self._connection.write_many(statements.ADD_EVENTS, rows)

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

    async def size(self) -> int:
        """The bytes of the database (SQLite)."""
        raw = await self._connection.raw()
        pages, each = [await raw.scalar(sa.text(f"PRAGMA page_{what}")) for what in ("count", "size")]
        return int(pages or 0) * int(each or 0)

    async def write_claim(self, claim: Claim, now: int) -> None:
        """What the claim's request has done is what was written here: the run, or else the first object."""
        if self.claimed is not None or claim.body is not None or not self.written:
            return
        runs = [document for document in self.written if document["object"] == "thread.run"]
        done = (runs or self.written)[0]
        first = self._first_event(done["id"]) if runs else None
        self.claimed = to_json(shown(done))
        await self.put_answer(claim.row(done, None if first is None else first - 1, now) | {"body": self.claimed})

    def _first_event(self, run_id: str) -> int | None:
        """The number of the first event of the run that was written here."""
        return next((row[1] for rows in self._said for row in rows if row[0] == run_id), None)

    async def answer(self, key: str) -> Any:
        """The row, or None."""
        rows = await self._connection.kept(statements.ANSWER, {"_key": key})
        return rows[0] if rows else None

    async def put_answer(self, row: Mapping[str, object]) -> None:
        self._connection.write(statements.FORGET_ANSWER, {"_key": row["key"]})
        self._connection.write(statements.ADD_ANSWER, row)

    async def change_answer(self, key: str, body: str) -> None:
        await self._connection.execute(ANSWERS.update().where(ANSWERS.c.key == key).values(body=body))

    async def forget_answers(self, before: int) -> None:
        await self._connection.execute(ANSWERS.delete().where(ANSWERS.c.created_at < before))

    async def keys(self) -> list[sa.Row[Any]]:
        return list(await self._connection.execute(sa.select(KEYS)))

    async def note_key(self, id: str, used_at: int) -> None:
        await self._connection.execute(KEYS.update().where(KEYS.c.id == id).values(used_at=used_at))


def _is_about_tables(statement: sa.Executable) -> TypeGuard[_Statement]:
    return isinstance(statement, sa.Select | sa.Update | sa.Delete | sa.Insert)


def _refusal(id: str, error: sqlite3.IntegrityError) -> Busy | Orphan:
    return (Busy if error.sqlite_errorname == "SQLITE_CONSTRAINT_UNIQUE" else Orphan)(id)


def _columns(document: Document) -> dict[str, object]:
    names = TABLES[document["object"]].c.keys()
    columns: dict[str, object] = {**{name: document[name] for name in names if name in document}, "body": document}
    # A run that waits for its thread is not the active one, whatever clients are told.
    return columns | {"status": IN_LINE} if IN_LINE in document and not is_over(document) else columns
