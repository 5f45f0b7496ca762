"""Statements as the database's driver takes them, put together once and carried out without SQLAlchemy.

SQLAlchemy takes 100 to 200 µs of processor time for what SQLite does in 10 to 40, and that for each of a run's 18
statements. It writes them still; what is asked rarely, and cannot be kept, is carried out by it, too.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import pysqlite

from .tables import to_json

Refusal: TypeAlias = Callable[[sqlite3.IntegrityError], Exception]
Statement: TypeAlias = "sa.Select[*tuple[Any, ...]] | sa.Update | sa.Delete | sa.Insert"

_DIALECT = pysqlite.dialect(json_serializer=to_json)


class Prepared:
    """The text of a statement, and how its values get in and out."""

    def __init__(self, statement: Statement, columns: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=columns)
        self.text: str = compiled.string
        binds = {name: compiled.binds[name] for name in compiled.positiontup or ()}
        self._known = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._given = [
            (name, binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
            for name in compiled.positiontup or ()
        ]
        selected = list(statement.selected_columns) if isinstance(statement, sa.Select) else []
        self._row: Any = namedtuple("Row", [column.name for column in selected])  # type: ignore[misc]  # made at run time
        self._read = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in selected]

    def values(self, given: Mapping[str, object]) -> tuple[object, ...]:
        """In their places."""
        found: dict[str, Any] = {**self._known, **given}
        return tuple(write(found[name]) if write else found[name] for name, write in self._given)

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """As they were asked for, by the names of their columns."""
        return [
            self._row(*(read(value) if read else value for read, value in zip(self._read, row, strict=True)))
            for row in found
        ]


@cache
def _prepared(statement: Statement, columns: tuple[str, ...]) -> Prepared:
    return Prepared(statement, columns)


def prepared(statement: Statement, values: Mapping[str, object]) -> Prepared:
    """Of a statement that is kept (see `statements`); which columns it writes, the names of the values say."""
    writes = isinstance(statement, sa.Insert | sa.Update)
    return _prepared(statement, tuple(name for name in values if name[0] != "_") if writes else ())


@dataclass(frozen=True, slots=True)
class Write:
    """What is to be written, as a step of a trip to the database's thread.

    ``refusal`` says what the program calls it if a constraint forbids that.
    """

    text: str
    values: Sequence[object]
    refusal: Refusal | None = None

    def __call__(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute(self.text, self.values).close()
        except sqlite3.IntegrityError as error:
            if self.refusal:
                raise self.refusal(error) from error
            raise


@dataclass(frozen=True, slots=True)
class WriteMany:
    """The same statement for many rows."""

    text: str
    rows: Sequence[Sequence[object]]

    def __call__(self, connection: sqlite3.Connection) -> None:
        connection.executemany(self.text, self.rows).close()


@dataclass(slots=True)
class Read:
    """What is asked, and what was found."""

    text: str
    values: Sequence[object]
    found: Sequence[Sequence[Any]] = ()

    def __call__(self, connection: sqlite3.Connection) -> None:
        self.found = connection.execute(self.text, self.values).fetchall()
