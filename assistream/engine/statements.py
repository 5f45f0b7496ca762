"""Statements that are put together once, with parameters for their values.

SQLAlchemy takes ten times as long to put one together, and to see that it is one it knows, as to carry it out.
What is made here is asked for by tables and names of columns, which are the program's own, and by numbers of values,
of which only powers of two are told apart: it is soon all there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from .tables import ANSWERS, Where

Shape: TypeAlias = tuple[tuple[str, int | None], ...]
"""The columns of a `Where`, and for each that may have any of several values, how many."""
Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"

_MOST = 16384
"""Above this, numbers of values are told apart, as SQLite takes less than twice as many; nobody has so many."""

ADD_EVENTS = "INSERT OR IGNORE INTO events (run_id, number, name, data, at) VALUES (?, ?, ?, ?, ?)"
ANSWER: Query = sa.select(ANSWERS).where(ANSWERS.c.key == sa.bindparam("_key"))
FORGET_ANSWER = ANSWERS.delete().where(ANSWERS.c.key == sa.bindparam("_key"))
ADD_ANSWER = ANSWERS.insert()


def shape(where: Where) -> Shape:
    return tuple((name, None if isinstance(value, str) else _places(value)) for name, value in where.items())


def values(where: Where) -> dict[str, object]:
    """The parameters for it."""
    found: dict[str, object] = {}
    for name, value in where.items():
        found.update({name: value} if isinstance(value, str) else several(name, value))
    return found


def several(name: str, members: Collection[str]) -> Mapping[str, str | None]:
    """One parameter for each place that there is for them; the last one is repeated, which changes nothing. Where there
    is none it is null, which nothing equals.
    """
    known: list[str | None] = [*members]
    known = known or [None]
    known += known[-1:] * (_places(members) - len(known))
    return {_place(name, at): value for at, value in enumerate(known)}


def _places(members: Collection[str]) -> int:
    count = len(members) or 1
    return 1 << (count - 1).bit_length() if count <= _MOST else count


def _place(name: str, at: int) -> str:
    return f"_{name}_{at}"


def _is_one_of(column: sa.ColumnElement[Any], name: str, places: int) -> sa.ColumnElement[bool]:
    return column.in_([sa.bindparam(_place(name, at)) for at in range(places)])


@cache
def objects(table: sa.Table, shape: Shape) -> Query:
    query: Query = sa.select(table.c.body)
    for name, places in shape:
        column = table.c[name]
        query = query.where(column == sa.bindparam(name) if places is None else _is_one_of(column, name, places))
    return query


@cache
def in_order(table: sa.Table, shape: Shape) -> Query:
    return objects(table, shape).order_by(table.c.moment)


@cache
def with_moments(table: sa.Table, shape: Shape, kinds: Shape) -> Query:
    """In order; of some types alone, if ``kinds`` has a place for them."""
    query: Query = in_order(table, shape).add_columns(table.c.moment)
    for name, places in kinds:
        query = query.where(_is_one_of(table.c.body["type"].as_string(), name, places or 1))
    return query


@cache
def column(table: sa.Table, shape: Shape, name: str) -> Query:
    """Ids, and this."""
    return objects(table, shape).with_only_columns(table.c.id, table.c[name])


@cache
def page(table: sa.Table, shape: Shape, newer: tuple[bool, ...], *, descending: bool) -> Query:
    """At most ``_limit``, newer or older than the moments ``_bound_0``, ``_bound_1``."""
    query = objects(table, shape)
    for number, is_newer in enumerate(newer):
        bound: sa.BindParameter[int] = sa.bindparam(f"_bound_{number}")
        query = query.where(table.c.moment > bound if is_newer else table.c.moment < bound)
    return query.order_by(table.c.moment.desc() if descending else table.c.moment).limit(sa.bindparam("_limit"))


@cache
def update(table: sa.Table) -> sa.Update:
    """The row with the primary key of parameters that begin with an underscore, which columns cannot."""
    return table.update().where(*(key == sa.bindparam(f"_{key.name}") for key in table.primary_key))
