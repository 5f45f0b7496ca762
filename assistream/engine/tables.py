"""The tables. An object is kept whole, as clients see it, beside the columns that queries and constraints need."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from .lifecycle import ACTIVE
from .projects import DEFAULT

METADATA = sa.MetaData()


def _objects(name: str, *columns: sa.Column[Any]) -> sa.Table:
    body = sa.Column("body", sa.JSON, nullable=False)
    # `moment` orders lists: created_at has whole seconds only (see ids.Moments).
    moment = sa.Column("moment", sa.BigInteger, nullable=False, index=True)
    # Whose it is (see `projects`). It has a default, and last, as a table has that was made without it.
    project = sa.Column("project", sa.String, nullable=False, server_default=DEFAULT)
    table = sa.Table(name, METADATA, sa.Column("id", sa.String, primary_key=True), moment, *columns, body, project)
    if not table.foreign_keys:  # what belongs to something else is found by that
        sa.Index(f"{name}_of_project", project, moment)
    return table


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
    METADATA,
    # No foreign key here either: what a file holds is written piece by piece, and the file itself at the end.
    sa.Column("file_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
EVENTS = sa.Table(
    "events",
    METADATA,
    # No foreign key: rows are written in groups, and the rows of a run that was just deleted must not fail the others.
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

ANSWERS = sa.Table(
    "answers",
    METADATA,
    # What requests with an `Idempotency-Key` have done (see `idempotency`): written together with it.
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("request", sa.String, nullable=False),
    sa.Column("created_at", sa.Integer, nullable=False, index=True),
    sa.Column("object_id", sa.String, index=True),
    sa.Column("thread_id", sa.String, index=True),
    sa.Column("leg", sa.Integer),
    sa.Column("body", sa.Text),
)

KEYS = sa.Table(
    "keys",
    METADATA,
    # Whose key it is, never the key itself: see `keys`.
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("digest", sa.String, nullable=False, unique=True),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Integer),
    sa.Column("revoked_at", sa.Integer),
    sa.Column("used_at", sa.Integer),
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

Where: TypeAlias = Mapping[str, str | Collection[str]]
"""Columns and what they must be; a collection means any of its members."""


Table: TypeAlias = sa.Table
"""Which kind of objects: `ASSISTANTS`, `THREADS`, `MESSAGES`, `RUNS`, `STEPS` or `FILES`."""


def to_json(value: object) -> str:
    """JSON in ASCII on one line: half a surrogate pair or U+2028 can do no harm in a database or a stream."""
    return json.dumps(value, separators=(",", ":"))
