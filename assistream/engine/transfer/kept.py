"""What an export has: which tables, in which order, and what their rows belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ..tables import ANSWERS, ASSISTANTS, EVENTS, FILES, KEYS, MESSAGES, PIECES, RUNS, STEPS, THREADS

KEPT: Mapping[str, sa.Table] = {
    table.name: table for table in (ASSISTANTS, THREADS, RUNS, MESSAGES, STEPS, EVENTS, FILES, PIECES)
}
"""By what lines call them: what has a foreign key comes after what that names."""

LEFT_OUT: frozenset[sa.Table] = frozenset({ANSWERS, KEYS})
"""Answers are for clients of this engine, for a day, and keys open it and no other one. Every table is here or above:
an export must not forget one."""

WHOSE: Mapping[sa.Table, tuple[sa.Column[str], sa.Column[str]]] = {
    EVENTS: (EVENTS.c.run_id, RUNS.c.id),
    PIECES: (PIECES.c.file_id, FILES.c.id),
}
"""What a row belongs to, where no foreign key says it: such rows may be left of what was deleted, or not be done."""


def rows_of(table: sa.Table) -> sa.Select[Any]:
    """All that an export has of the table, in its order."""
    order = [table.c.moment] if "moment" in table.c else list(table.primary_key)
    return _owned(sa.select(table), table).order_by(*order)


def count_of(table: sa.Table) -> sa.Select[Any]:
    return _owned(sa.select(sa.func.count()).select_from(table), table)


def _owned(query: sa.Select[Any], table: sa.Table) -> sa.Select[Any]:
    if table not in WHOSE:
        return query
    whose, owner = WHOSE[table]
    return query.where(whose.in_(sa.select(owner)))
