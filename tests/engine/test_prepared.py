"""What is made without SQLAlchemy finds and writes what it would."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa

from assistream.engine import statements
from assistream.engine.prepared import Prepared, Read, Write, WriteMany, prepared
from assistream.engine.tables import ANSWERS, METADATA, RUNS, STEPS, Where, to_json

ROW = {"id": "run_1", "moment": 7, "thread_id": "thread_1", "status": "queued", "body": {"a": ["\u2028", None]}}


@pytest.fixture
def database() -> Generator[sqlite3.Connection]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, json_serializer=to_json)
    METADATA.create_all(engine)
    raw = engine.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    yield raw.driver_connection
    raw.close()
    engine.dispose()


def write(database: sqlite3.Connection, statement: Any, values: dict[str, Any]) -> None:
    ready = prepared(statement, values)
    Write(ready.text, ready.values(values))(database)


def read(database: sqlite3.Connection, statement: Any, values: dict[str, Any]) -> list[Any]:
    ready = prepared(statement, values)
    asked = Read(ready.text, ready.values(values))
    asked(database)
    return ready.rows(asked.found)


INSERT = RUNS.insert()


def test_what_was_written_is_found(database: sqlite3.Connection) -> None:
    write(database, INSERT, ROW)
    where: Where = {"id": ["run_0", "run_1", "run_2"], "status": "queued"}
    [row] = read(database, sa.select(RUNS).where(RUNS.c.id == sa.bindparam("_id")), {"_id": "run_1"})
    assert row._asdict() == ROW | {"project": "default"}
    [row] = read(database, statements.objects(RUNS, statements.shape(where)), statements.values(where))
    assert row == (ROW["body"],)
    nothing: Where = {"id": []}
    assert read(database, statements.objects(RUNS, statements.shape(nothing)), statements.values(nothing)) == []
    write(database, statements.update(RUNS), {"_id": "run_1", "status": "completed"})
    assert read(database, statements.objects(RUNS, statements.shape(where)), statements.values(where)) == []
    [row] = read(database, statements.column(RUNS, (("id", None),), "status"), {"id": "run_1"})
    assert (row.id, row.status) == ("run_1", "completed")


def test_a_body_is_looked_into(database: sqlite3.Connection) -> None:
    for number, kind in enumerate(("tool_calls", "message_creation")):
        row = {"thread_id": "thread_1", "run_id": "run_1", "status": "completed", "body": {"type": kind}}
        write(database, STEPS.insert(), row | {"id": f"step_{number}", "moment": number})
    where: Where = {"type": ["tool_calls"]}
    query = statements.with_moments(STEPS, (), statements.shape(where))
    assert read(database, query, statements.values(where)) == [({"type": "tool_calls"}, 0)]


def test_an_answer_is_deleted(database: sqlite3.Connection) -> None:
    write(database, statements.ADD_ANSWER, {"key": "a", "request": "b", "created_at": 1})
    assert read(database, statements.ANSWER, {"_key": "a"}) == [("a", "b", 1, None, None, None, None)]
    write(database, statements.FORGET_ANSWER, {"_key": "a"})
    assert read(database, statements.ANSWER, {"_key": "a"}) == []


def test_many_rows(database: sqlite3.Connection) -> None:
    rows = [("run_1", number, "x", "{}", None) for number in (1, 2, 2)]
    WriteMany(statements.ADD_EVENTS, rows)(database)
    assert database.execute("SELECT * FROM events").fetchall() == rows[:2]


def test_what_a_constraint_forbids_has_the_name_that_is_given() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE words (word TEXT UNIQUE)")
        add = "INSERT INTO words VALUES ('one')"
        Write(add, ())(database)
        with pytest.raises(sqlite3.IntegrityError):
            Write(add, ())(database)
        with pytest.raises(LookupError, match="UNIQUE") as caught:
            Write(add, (), lambda error: LookupError(error.sqlite_errorname))(database)
        assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)


def test_a_statement_is_prepared_once_for_the_columns_it_writes() -> None:
    one, two = {"key": "a", "request": "b", "created_at": 1}, {"key": "c", "request": "d", "created_at": 2}
    assert prepared(statements.ADD_ANSWER, one) is prepared(statements.ADD_ANSWER, two)
    assert prepared(statements.ADD_ANSWER, one) is not prepared(statements.ADD_ANSWER, one | {"leg": 3})
    assert prepared(statements.ANSWER, {"_key": "a"}) is prepared(statements.ANSWER, {"_key": "b"})


@pytest.mark.parametrize("missing", ["key", "request"])
def test_a_value_that_is_not_given(missing: str) -> None:
    row = {"key": "a", "request": "b", "created_at": 1}
    ready = Prepared(ANSWERS.insert(), tuple(row))
    del row[missing]
    with pytest.raises(KeyError, match=missing):
        ready.values(row)
