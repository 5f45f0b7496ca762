"""Several teams on one engine: every object belongs to a project, and who has a key of one sees nothing of another.

Nobody has to think of it: while a request is served, or a run worked on, `PROJECT` says for whom, and each statement
on a table that has a column ``project`` is about that project's rows only (`ScopedConnection`).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

DEFAULT = "default"
"""The project of an engine's own keys, and of everybody where no key is needed."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
"""What projects, and keys, are called."""

PROJECT: ContextVar[str | None] = ContextVar("project", default=None)
"""Who is served. None is the engine itself, which sees everything: when it starts, and for whoever has the database."""

_Rows: TypeAlias = "sa.CursorResult[*tuple[Any, ...]]"
_Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"
_Statement: TypeAlias = "_Query | sa.Update | sa.Delete"


@contextmanager
def acting_for(project: str | None) -> Generator[None]:
    token = PROJECT.set(project)
    try:
        yield
    finally:
        PROJECT.reset(token)


class ScopedConnection:
    """What a transaction executes statements on. A subquery is not looked into: it says by itself whose rows it means.

    ``raw`` is the connection as it is, for what is about no object of the API.
    """

    def __init__(self, raw: AsyncConnection) -> None:
        self.raw: AsyncConnection = raw
        self.project: str | None = PROJECT.get()

    async def execute(
        self, statement: _Statement | sa.Insert, parameters: Sequence[Mapping[str, object]] | None = None
    ) -> _Rows:
        return await self.raw.execute(self._scoped(statement), parameters)

    async def kept(self, statement: _Statement | sa.Insert, values: Mapping[str, object]) -> _Rows:
        """A statement that is made once, of which there are few (see `statements`), with its values."""
        if self.project is None or (scoped := _kept_only_of(statement)) is statement:
            return await self.raw.execute(statement, values)
        return await self.raw.execute(scoped, {**values, "_project": self.project})

    async def scalar(self, statement: _Query) -> Any:
        return await self.raw.scalar(self._scoped(statement))

    async def scalars(self, statement: _Query) -> sa.ScalarResult[Any]:
        return await self.raw.scalars(self._scoped(statement))

    def _scoped(self, statement: _Statement | sa.Insert) -> _Statement | sa.Insert:
        if self.project is None or isinstance(statement, sa.Insert):
            return statement
        return _only_of(self.project, statement)

    async def insert(self, table: sa.Table, row: Mapping[str, object]) -> None:
        """A new row has the project of what it belongs to, or else of who makes it. Null, which no row can have, if
        the former is gone, or somebody else's.
        """
        if (parent := _parent(table)) is None:
            await self.raw.execute(table.insert(), {**row, "project": self.project or DEFAULT})
        else:
            statement = _insertion(table, parent[1], self.project is not None)
            await self.raw.execute(statement, {**row, "_parent": row[parent[0]], "_project": self.project})


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
def _insertion(table: sa.Table, parent: sa.Table, scoped: bool) -> sa.Insert:
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
