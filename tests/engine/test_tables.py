from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine import lifecycle, objects
from assistream.engine.tables import MESSAGES, METADATA, RUNS, STEPS, TABLES, THREADS, to_json


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_objects_has_what_every_query_needs(kind: str) -> None:
    columns = TABLES[kind].c
    assert {"id", "moment", "body", "project"} <= set(columns.keys())
    assert not columns.project.nullable
    of = ["vector_store_id"] if kind == "vector_store.file" else []  # a file may be in several stores
    assert [column.name for column in columns if column.primary_key] == [*of, "id"]


@pytest.mark.parametrize("kind", TABLES)
def test_lists_have_an_index(kind: str) -> None:
    """Of what belongs to a thread or a store by that, of the rest by the project, in the order of time."""
    table = TABLES[kind]
    firsts = {tuple(column.name for column in index.columns)[:2] for index in table.indexes}
    expected = {("thread_id",), ("vector_store_id", "status"), ("project", "moment")}
    assert firsts & {one for one in expected if one[0] in table.c and ("thread_id" not in table.c or len(one) == 1)}


@pytest.mark.parametrize("table", [MESSAGES, RUNS, STEPS], ids=lambda table: table.name)
def test_what_is_in_a_thread_goes_with_it(table: sa.Table) -> None:
    [key] = table.c.thread_id.foreign_keys
    assert (key.column, key.ondelete) == (THREADS.c.id, "CASCADE")


def test_every_table_is_made() -> None:
    with sa.create_engine("sqlite://", poolclass=sa.NullPool).begin() as connection:
        METADATA.create_all(connection)
        made = set(sa.inspect(connection).get_table_names())
    words = {name for name in made if name.startswith("vector_store_words")}
    assert words  # the full-text index, which SQLAlchemy has no table for
    assert made - words == set(METADATA.tables)


def test_the_states_that_lock_a_thread_are_those_of_an_active_run() -> None:
    [index] = [index for index in RUNS.indexes if index.name == "one_active_run"]
    condition = index.dialect_options["sqlite"]["where"]
    assert set(condition.right.value) == lifecycle.ACTIVE


def test_columns_are_fields_of_the_objects() -> None:
    run = objects.run("thread_1", objects.assistant({"model": "any"}), {}, ttl=600)
    for table, document in ((RUNS, run), (STEPS, objects.step(run, "tool_calls", {"tool_calls": []}))):
        assert set(table.c.keys()) - {"moment", "body", "project"} <= set(document)


def test_json_is_one_line_of_ascii() -> None:
    assert to_json({"a": "ä\u2028\n"}) == '{"a":"\\u00e4\\u2028\\n"}'


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.text("a\ud800ä\x7f\n")
DOCUMENTS = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(DOCUMENTS)
def test_json_says_what_it_was_made_of(document: Any) -> None:
    text = to_json(document)
    assert json.loads(text) == document
    assert text.isascii()
    assert "\n" not in text


@pytest.mark.parametrize("document", ["\ud800", {"a": ["\ud800"]}, {"\ud800": 1}, "ä", float("inf"), "", {}])
def test_what_the_fast_way_does_not_say_is_said_the_slow_way(document: object) -> None:
    assert to_json(document) == json.dumps(document, separators=(",", ":"))


def test_json_may_be_deep() -> None:
    document: list[object] = []
    for _ in range(600):
        document = [document]
    assert to_json(document) == "[" * 601 + "]" * 601
