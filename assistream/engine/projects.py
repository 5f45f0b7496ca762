"""Several teams on one engine: every object belongs to a project, and who has a key of one sees nothing of another.

Nobody has to think of it: while a request is served, or a run worked on, `PROJECT` says for whom, and each statement
on a table that has a column ``project`` is about that project's rows only (`ScopedConnection`).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

DEFAULT = "default"
"""The project of an engine's own keys, and of everybody where no key is needed."""

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
        self.raw = raw
        self.project = PROJECT.get()

    async def execute(
        self, statement: _Statement | sa.Insert, parameters: Sequence[Mapping[str, object]] | None = None
    ) -> _Rows:
        return await self.raw.execute(self._scoped(statement), parameters)

    async def scalar(self, statement: _Query) -> Any:
        return await self.raw.scalar(self._scoped(statement))

    async def scalars(self, statement: _Query) -> sa.ScalarResult[Any]:
        return await self.raw.scalars(self._scoped(statement))

    def _scoped(self, statement: _Statement | sa.Insert) -> _Statement | sa.Insert:
        if self.project is None or isinstance(statement, sa.Insert):
            return statement
        return _only_of(self.project, statement)

    def owner(self, table: sa.Table, row: Mapping[str, object]) -> object:
        """The project of a new row: that of what it belongs to, or else of who makes it. Null if that is gone, or is
        somebody else's: no row can have that.
        """
        if (parent := _parent(table)) is None:
            return self.project or DEFAULT
        column, above = parent
        query = sa.select(above.c.project).where(above.c.id == row[column])
        if self.project is not None:
            query = query.where(above.c.project == self.project)
        return query.scalar_subquery()


def _only_of(project: str, statement: _Statement) -> _Statement:
    for table in _tables(statement):
        if "project" in table.c:
            statement = statement.where(table.c.project == project)
    return statement


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
