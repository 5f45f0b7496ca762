"""The tables. An object is kept whole, as clients see it, beside the columns that queries and constraints need."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import pydantic_core
import sqlalchemy as sa
from sqlalchemy import event

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
    # Milliseconds since the epoch. What was imported, or comes from an engine that did not note it, has none.
    sa.Column("at", sa.BigInteger),
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

VECTOR_STORES = _objects("vector_stores")
VECTOR_STORE_FILES = sa.Table(
    "vector_store_files",
    METADATA,
    # No foreign keys: a store or a file that is deleted while a request names it must not fail what is written with it.
    # `Transaction.delete` takes along what belongs to them.
    sa.Column("vector_store_id", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True, index=True),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("moment", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("usage_bytes", sa.BigInteger, nullable=False),
    sa.Column("entry", sa.Integer, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("direct", sa.Integer, nullable=False, server_default="1"),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("files_by_store", "vector_store_id", "status", "moment", "usage_bytes"),
    sa.Index("files_by_status", "status", "vector_store_id", "moment"),
)
"""Files in stores. ``entry`` is what was indexed of one, ``attempts`` how often that was begun anew, ``direct`` is 0
where only batches want that."""
VECTOR_STORE_BATCHES = _objects(
    "vector_store_batches",
    sa.Column("vector_store_id", sa.String, nullable=False, index=True),
)
BATCHED = sa.Table(
    "vector_store_batched",
    METADATA,
    sa.Column("batch_id", sa.String, primary_key=True),
    sa.Column("file_id", sa.String, primary_key=True, index=True),
    # What became of the file for this batch, which is over when nothing of it is in progress; then it changes no more.
    sa.Column("status", sa.String, nullable=False),
)
ENTRIES = sa.Table(
    "vector_store_entries",
    METADATA,
    # What was, or is being, indexed of one file in one store. It counts when the file's row names it; what no row names
    # is dropped. ``space`` says whose vectors its chunks have, ``chunking`` the strategy that made them.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("space", sa.String),
    sa.Column("chunking", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
CHUNKS = sa.Table(
    "vector_store_chunks",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("entry", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # How many of its characters are the last ones of the chunk before it.
    sa.Column("shared", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary),
    sa.Index("chunks_in_order", "entry", "number"),
    sqlite_autoincrement=True,
)
# The words of chunks, by which they are found; rows have the ids of their chunks. Each word is already in the form in
# which words are compared (`vector_stores.words`), so that all the tokenizer has to do is to split at spaces.
event.listen(
    METADATA,
    "after_create",
    sa.DDL(
        "CREATE VIRTUAL TABLE IF NOT EXISTS vector_store_words USING fts5"
        "(place, title, words, tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'\")"
    ).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
)

DELIVERIES = sa.Table(
    "deliveries",
    METADATA,
    # What webhooks are yet to be told (see `webhooks`); without `due`, what is to be told after something else.
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("run_id", sa.String, nullable=False),
    sa.Column("event_id", sa.String, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due", sa.Float),
    sa.Index("due_deliveries", "url", "due"),
    sa.Index("deliveries_of_run", "url", "run_id", "number"),
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
    "vector_store": VECTOR_STORES,
    "vector_store.file": VECTOR_STORE_FILES,
    "vector_store.files_batch": VECTOR_STORE_BATCHES,
}

Where: TypeAlias = Mapping[str, str | Collection[str]]
"""Columns and what they must be; a collection means any of its members."""


Table: TypeAlias = sa.Table
"""Which kind of objects: `ASSISTANTS`, `THREADS`, `MESSAGES`, `RUNS`, `STEPS`, `FILES`, or one of vector stores."""


def to_json(value: object) -> str:
    """JSON in ASCII on one line: half a surrogate pair or U+2028 can do no harm in a database or a stream."""
    try:
        # Many times as fast, and the same for what is ASCII; half a surrogate pair and deep nesting it refuses.
        text = pydantic_core.to_json(value).decode()
    except ValueError:
        text = ""
    return text if text and text.isascii() else json.dumps(value, separators=(",", ":"))
