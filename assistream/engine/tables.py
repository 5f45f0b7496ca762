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


def _needed(name: str, of: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, of, nullable=False, **options)


def _objects(name: str, *columns: sa.Column[Any]) -> sa.Table:
    body = _needed("body", sa.JSON)
    # `moment` orders lists: created_at has whole seconds only (see ids.Moments).
    moment = _needed("moment", sa.BigInteger, index=True)
    # Whose it is (see `projects`). It has a default, and last, as a table has that was made without it.
    project = _needed("project", sa.String, server_default=DEFAULT)
    table = sa.Table(name, METADATA, sa.Column("id", sa.String, primary_key=True), moment, *columns, body, project)
    if not table.foreign_keys:  # what belongs to something else is found by that
        sa.Index(f"{name}_of_project", project, moment)
    return table


def _of(parent: str) -> sa.Column[Any]:
    return _needed(f"{parent}_id", sa.ForeignKey(f"{parent}s.id", ondelete="CASCADE"), index=True)


ASSISTANTS = _objects("assistants")
THREADS = _objects("threads")
MESSAGES = _objects("messages", _of("thread"), sa.Column("run_id", sa.String, index=True))
RUNS = _objects("runs", _of("thread"), _needed("status", sa.String))
STEPS = _objects("steps", _of("thread"), _of("run"), _needed("status", sa.String))
FILES = _objects("files", sa.Column("purpose", sa.String, index=True), sa.Column("expires_at", sa.Integer, index=True))
PIECES = sa.Table(
    "pieces",
    METADATA,
    # No foreign key here either: what a file holds is written piece by piece, and the file itself at the end.
    sa.Column("file_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _needed("data", sa.LargeBinary),
)
EVENTS = sa.Table(
    "events",
    METADATA,
    # No foreign key: rows are written in groups, and the rows of a run that was just deleted must not fail the others.
    sa.Column("run_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _needed("name", sa.String),
    _needed("data", sa.Text),
    # Milliseconds since the epoch. What was imported, or comes from an engine that did not note it, has none.
    sa.Column("at", sa.BigInteger),
)

ANSWERS = sa.Table(
    "answers",
    METADATA,
    # What requests with an `Idempotency-Key` have done (see `idempotency`): written together with it.
    sa.Column("key", sa.String, primary_key=True),
    _needed("request", sa.String),
    _needed("created_at", sa.Integer, index=True),
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
    _needed("name", sa.String),
    _needed("project", sa.String),
    _needed("digest", sa.String, unique=True),
    _needed("created_at", sa.Integer),
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
    _needed("project", sa.String),
    _needed("moment", sa.BigInteger),
    _needed("status", sa.String),
    _needed("usage_bytes", sa.BigInteger),
    sa.Column("entry", sa.Integer, index=True),
    _needed("attempts", sa.Integer, server_default="0"),
    _needed("direct", sa.Integer, server_default="1"),
    _needed("body", sa.JSON),
    sa.Index("files_by_store", "vector_store_id", "status", "moment", "usage_bytes"),
    sa.Index("files_by_status", "status", "vector_store_id", "moment"),
)
"""Files in stores. ``entry`` is what was indexed of one, ``attempts`` how often that was begun anew, ``direct`` is 0
where only batches want that."""
VECTOR_STORE_BATCHES = _objects(
    "vector_store_batches",
    _needed("vector_store_id", sa.String, index=True),
)
BATCHED = sa.Table(
    "vector_store_batched",
    METADATA,
    sa.Column("batch_id", sa.String, primary_key=True),
    sa.Column("file_id", sa.String, primary_key=True, index=True),
    # What became of the file for this batch, which is over when nothing of it is in progress; then it changes no more.
    _needed("status", sa.String),
)
ENTRIES = sa.Table(
    "vector_store_entries",
    METADATA,
    # What was, or is being, indexed of one file in one store. It counts when the file's row names it; what no row names
    # is dropped. ``space`` says whose vectors its chunks have, ``chunking`` the strategy that made them.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("space", sa.String),
    _needed("chunking", sa.JSON),
    sqlite_autoincrement=True,
)
CHUNKS = sa.Table(
    "vector_store_chunks",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    _needed("entry", sa.Integer),
    _needed("number", sa.Integer),
    _needed("text", sa.Text),
    # How many of its characters are the last ones of the chunk before it.
    _needed("shared", sa.Integer),
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
    _needed("url", sa.String),
    _needed("run_id", sa.String),
    _needed("event_id", sa.String),
    _needed("payload", sa.Text),
    _needed("created_at", sa.Integer),
    _needed("attempts", sa.Integer),
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
