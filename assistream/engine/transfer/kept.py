"""What an export has: which tables, in which order, and what their rows belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ..tables import (
    ANSWERS,
    ASSISTANTS,
    BATCHED,
    CHUNKS,
    DELIVERIES,
    ENTRIES,
    EVENTS,
    FILES,
    KEYS,
    MESSAGES,
    PIECES,
    RUNS,
    STEPS,
    THREADS,
    VECTOR_STORE_BATCHES,
    VECTOR_STORE_FILES,
    VECTOR_STORES,
)

KEPT: Mapping[str, sa.Table] = {
    table.name: table
    for table in (
        *(ASSISTANTS, THREADS, RUNS, MESSAGES, STEPS, EVENTS, FILES, PIECES),
        *(VECTOR_STORES, VECTOR_STORE_FILES, VECTOR_STORE_BATCHES, BATCHED),
    )
}
"""By what lines call them: what has a foreign key comes after what that names."""

LEFT_OUT: frozenset[sa.Table] = frozenset({ANSWERS, KEYS, DELIVERIES, ENTRIES, CHUNKS})
"""Answers are for clients of this engine, for a day, keys open it and no other one, and its webhooks are its own. What
was indexed is indexed again. Every table is here or above: an export must not forget one."""

INDEXED: Mapping[sa.Table, frozenset[str]] = {VECTOR_STORE_FILES: frozenset({"entry", "attempts"})}
"""The columns that are about what was indexed: a line must not have them, and a row that comes has their defaults."""

WHOSE: Mapping[sa.Table, tuple[sa.Column[str], sa.Column[str]]] = {
    EVENTS: (EVENTS.c.run_id, RUNS.c.id),
    PIECES: (PIECES.c.file_id, FILES.c.id),
    VECTOR_STORE_FILES: (VECTOR_STORE_FILES.c.vector_store_id, VECTOR_STORES.c.id),
    VECTOR_STORE_BATCHES: (VECTOR_STORE_BATCHES.c.vector_store_id, VECTOR_STORES.c.id),
    BATCHED: (BATCHED.c.batch_id, VECTOR_STORE_BATCHES.c.id),
}
"""What a row belongs to, where no foreign key says it: such rows may be left of what was deleted, or not be done."""


def belongings(table: sa.Table) -> Iterator[tuple[sa.Column[Any], sa.Column[Any]]]:
    """What rows of a project belong to that are of one, too: the columns here and there."""
    pairs: list[tuple[sa.Column[Any], sa.Column[Any]]] = [(key.parent, key.column) for key in table.foreign_keys]
    pairs += [WHOSE[table]] if table in WHOSE else []
    for whose, owner in pairs:
        if "project" in table.c and "project" in owner.table.c:
            yield whose, owner


def rows_of(table: sa.Table) -> sa.Select[Any]:
    """All that an export has of the table, in its order."""
    order = [table.c.moment] if "moment" in table.c else list(table.primary_key)
    columns = [column for column in table.c if column.name not in INDEXED.get(table, ())]
    return _owned(sa.select(*columns), table).order_by(*order)


def count_of(table: sa.Table) -> sa.Select[Any]:
    return _owned(sa.select(sa.func.count()).select_from(table), table)


def _owned(query: sa.Select[Any], table: sa.Table) -> sa.Select[Any]:
    if table not in WHOSE:
        return query
    whose, owner = WHOSE[table]
    return query.where(whose.in_(_owned(sa.select(owner), KEPT[owner.table.name])))
