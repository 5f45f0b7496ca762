from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistream.engine import lifecycle, objects
from assistream.engine.tables import MESSAGES, METADATA, RUNS, STEPS, TABLES, THREADS, to_json


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_objects_has_what_every_query_needs(kind: str) -> None:
    columns = TABLES[kind].c
    assert {"id", "moment", "body", "project"} <= set(columns.keys())
    assert not columns.project.nullable
    assert [column.name for column in columns if column.primary_key] == ["id"]


@pytest.mark.parametrize("kind", TABLES)
def test_lists_have_an_index(kind: str) -> None:
    """Of what belongs to a thread by that, of the rest by the project, in the order of time."""
    table = TABLES[kind]
    indexes = [[column.name for column in index.columns] for index in table.indexes]
    assert (["thread_id"] if "thread_id" in table.c else ["project", "moment"]) in indexes


@pytest.mark.parametrize("table", [MESSAGES, RUNS, STEPS], ids=lambda table: table.name)
def test_what_is_in_a_thread_goes_with_it(table: sa.Table) -> None:
    [key] = table.c.thread_id.foreign_keys
    assert (key.column, key.ondelete) == (THREADS.c.id, "CASCADE")


def test_every_table_is_made() -> None:
    with sa.create_engine("sqlite://").begin() as connection:
        METADATA.create_all(connection)
        assert set(sa.inspect(connection).get_table_names()) == set(METADATA.tables)


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
