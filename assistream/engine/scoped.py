"""What a transaction executes statements on: each is about the rows of one project alone (see `projects`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Self, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from .driver import Connection
from .prepared import Prepared, Read, Refusal, Write, WriteMany, prepared
from .projects import DEFAULT, PROJECT

_Rows: TypeAlias = "sa.CursorResult[*tuple[Any, ...]]"
_Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"
_Statement: TypeAlias = "_Query | sa.Update | sa.Delete"


class ScopedConnection:
    """A transaction, as a context: all that is written within is there afterwards, or nothing. What SQLAlchemy begins
    by itself, ends with it. A subquery is not looked into: it says by itself whose rows it means.

    What is to be written waits for the next question, or for the commit, and goes to the database's thread together
    with that: a trip there and back costs more than what most statements do there. So it is then that it fails.
    """

    def __init__(self, connection: AsyncConnection, driver: Connection) -> None:
        self._connection, self._driver = connection, driver
        self.project: str | None = PROJECT.get()
        self._waiting: list[Write | WriteMany] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        done = False
        try:
            if kind is None:
                await self._commit()
                done = True
        finally:
            if not (done or self._connection.invalidated):  # then its driver has nothing left to undo
                await self._driver.undo()
            if self._connection.in_transaction():
                await self._connection.rollback()

    async def raw(self) -> AsyncConnection:
        """The connection as it is, for what is about no object of the API."""
        await self.flush()
        return self._connection

    async def flush(self) -> None:
        """Writes what waits."""
        if self._waiting:
            await self._carry_out()

    async def _commit(self) -> None:
        """The same, and then all of it is there for good. A transaction that wrote nothing has nothing to commit."""
        if self._waiting or self._driver.in_transaction:
            await self._carry_out(sqlite3.Connection.commit)

    async def _carry_out(self, *steps: Callable[[sqlite3.Connection], object]) -> None:
        waiting, self._waiting = self._waiting, []
        await self._driver.carry_out([*waiting, *steps])

    async def execute(
        self, statement: _Statement | sa.Insert, parameters: Sequence[Mapping[str, object]] | None = None
    ) -> _Rows:
        return await (await self.raw()).execute(self._scoped(statement), parameters)

    async def scalar(self, statement: _Query) -> Any:
        return await (await self.raw()).scalar(self._scoped(statement))

    async def scalars(self, statement: _Query) -> sa.ScalarResult[Any]:
        return await (await self.raw()).scalars(self._scoped(statement))

    async def kept(self, statement: _Query, values: Mapping[str, object]) -> list[Any]:
        """What a statement finds that is made once, of which there are few (see `statements`), with its values."""
        [rows] = await self.kept_together((statement, values))
        return rows

    async def kept_together(self, *asked: tuple[_Query, Mapping[str, object]]) -> list[list[Any]]:
        """What each of several finds."""
        kept = [self._kept(statement, values) for statement, values in asked]
        reads = [Read(ready.text, ready.values(values)) for ready, values in kept]
        await self._carry_out(*reads)
        return [ready.rows(read.found) for (ready, _), read in zip(kept, reads, strict=True)]

    def write(self, statement: _Statement | sa.Insert, values: Mapping[str, object]) -> None:
        """The same for one that writes."""
        ready, values = self._kept(statement, values)
        self._waiting.append(Write(ready.text, ready.values(values)))

    def _kept(
        self, statement: _Statement | sa.Insert, values: Mapping[str, object]
    ) -> tuple[Prepared, Mapping[str, object]]:
        scoped = statement if self.project is None else _kept_only_of(statement)
        return prepared(scoped, values), values if scoped is statement else {**values, "_project": self.project}

    def write_many(self, text: str, rows: Sequence[Sequence[object]]) -> None:
        """Into a table without projects."""
        self._waiting.append(WriteMany(text, rows))

    def _scoped(self, statement: _Statement | sa.Insert) -> _Statement | sa.Insert:
        if self.project is None or isinstance(statement, sa.Insert):
            return statement
        return _only_of(self.project, statement)

    def insert(self, table: sa.Table, row: Mapping[str, object], refusal: Refusal | None = None) -> None:
        """A new row has the project of what it belongs to, or else of who makes it. Null, which no row can have, if
        the former is gone, or somebody else's.
        """
        statement = _insertion(table, self.project is not None)
        if parent := _parent(table):
            values = {**row, "_parent": row[parent[0]], "_project": self.project}
        else:
            values = {**row, "project": self.project or DEFAULT}
        ready = prepared(statement, values)
        self._waiting.append(Write(ready.text, ready.values(values), refusal))


def _only_of(project: str, statement: _Statement) -> _Statement:
    for table in _tables(statement):
        if "project" in table.c:
            statement = statement.where(_is_of(project, table))
    return statement


@cache
def _kept_only_of(statement: _Statement | sa.Insert) -> _Statement | sa.Insert:
    """The same, of whatever project ``_project`` is."""
    if isinstance(statement, sa.Insert):
        return statement
    for table in _tables(statement):
        if "project" in table.c:
            statement = statement.where(table.c.project == sa.bindparam("_project"))
    return statement


# Other statements are put together for each call, which costs more than to carry them out: some of it can be kept.


@lru_cache(maxsize=1000)
def _is_of(project: str, table: sa.FromClause) -> sa.ColumnElement[bool]:
    return table.c.project == project


@cache
def _insertion(table: sa.Table, scoped: bool) -> sa.Insert:
    if (belongs := _parent(table)) is None:
        return table.insert()
    parent = belongs[1]
    owner = sa.select(parent.c.project).where(parent.c.id == sa.bindparam("_parent"))
    if scoped:
        owner = owner.where(parent.c.project == sa.bindparam("_project"))
    return table.insert().values(project=owner.scalar_subquery())


def _tables(statement: _Statement) -> Sequence[sa.FromClause]:
    if isinstance(statement, sa.Update | sa.Delete):
        return [statement.table]
    # The second is fifty times slower. What it is needed for counts: no column is named.
    return statement.columns_clause_froms or statement.get_final_froms()


@cache
def _parent(table: sa.Table) -> tuple[str, sa.Table] | None:
    """The column that says what a row belongs to, and the table of that."""
    for column in table.c:
        for key in column.foreign_keys:
            if "project" in key.column.table.c:
                return column.name, key.column.table
    return None
