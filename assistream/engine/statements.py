"""Statements that are put together once, with parameters for their values.

SQLAlchemy takes ten times as long to put one together, and to see that it is one it knows, as to carry it out.
What is made here is asked for by tables and names of columns, which are the program's own: it is soon all there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from .tables import ANSWERS, EVENTS, Where

Shape: TypeAlias = tuple[tuple[str, bool], ...]
"""The columns of a `Where`, and whether each may have any of several values."""
Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"

ADD_EVENTS = EVENTS.insert().prefix_with("OR IGNORE", dialect="sqlite")
ANSWER: Query = sa.select(ANSWERS).where(ANSWERS.c.key == sa.bindparam("_key"))
FORGET_ANSWER = ANSWERS.delete().where(ANSWERS.c.key == sa.bindparam("_key"))
ADD_ANSWER = ANSWERS.insert()


def shape(where: Where) -> Shape:
    return tuple((name, not isinstance(value, str)) for name, value in where.items())


def values(where: Where) -> Mapping[str, object]:
    """The parameters for it."""
    return {name: value if isinstance(value, str) else list(value) for name, value in where.items()}


@cache
def objects(table: sa.Table, shape: Shape) -> Query:
    query: Query = sa.select(table.c.body)
    for name, several in shape:
        column = table.c[name]
        value: sa.BindParameter[Any] = sa.bindparam(name, expanding=several)
        query = query.where(column.in_(value) if several else column == value)
    return query


@cache
def in_order(table: sa.Table, shape: Shape) -> Query:
    return objects(table, shape).order_by(table.c.moment)


@cache
def with_moments(table: sa.Table, shape: Shape, *, of_types: bool) -> Query:
    """In order; of the types ``_types`` alone, if that is wished."""
    query: Query = in_order(table, shape).add_columns(table.c.moment)
    types: sa.BindParameter[Any] = sa.bindparam("_types", expanding=True)
    return query.where(table.c.body["type"].as_string().in_(types)) if of_types else query


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
