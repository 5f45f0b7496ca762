"""What they find is tested with those who ask (`test_transaction`, `test_projects`); here, that they are kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistream.engine import statements
from assistream.engine.scoped import _kept_only_of
from assistream.engine.statements import shape, values
from assistream.engine.tables import MESSAGES, RUNS, TABLES, Where

WHERE: Where = {"thread_id": "thread_1", "status": frozenset({"queued"})}


def test_a_where_is_its_shape_and_its_values() -> None:
    assert shape(WHERE) == (("thread_id", None), ("status", 1))
    assert values(WHERE) == {"thread_id": "thread_1", "_status_0": "queued"}


@pytest.mark.parametrize(
    ("count", "places"),
    [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (1000, 1024), (1025, 2048), (16384, 16384), (16385, 16385)],
)
def test_places_for_several_values(count: int, places: int) -> None:
    where: Where = {"id": [f"run_{number}" for number in range(count)]}
    assert shape(where) == (("id", places),)
    found = values(where)
    assert list(found) == [f"_id_{at}" for at in range(places)]
    assert list(dict.fromkeys(found.values())) == where["id"]
    assert str(statements.objects(RUNS, shape(where))).count("_id_") == places


def test_of_no_values_there_is_none() -> None:
    assert shape({"id": []}) == (("id", 1),)
    assert values({"id": []}) == {"_id_0": None}


def test_statements_of_one_shape_are_one() -> None:
    other: Where = {"thread_id": "thread_2", "status": ["completed"]}
    for make in (statements.objects, statements.in_order):
        assert make(RUNS, shape(WHERE)) is make(RUNS, shape(other))
        assert make(RUNS, shape(WHERE)) is not make(RUNS, shape({"thread_id": "thread_1"}))
        assert make(RUNS, shape({"thread_id": "x"})) is not make(MESSAGES, shape({"thread_id": "x"}))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("newer", [(), (True,), (False,), (True, False)])
def test_a_page_is_bounded_as_its_cursors_say(newer: tuple[bool, ...], descending: bool) -> None:
    text = str(statements.page(RUNS, shape({"thread_id": "x"}), newer, descending=descending))
    assert [f"moment {'>' if one else '<'} :_bound_{at}" in text for at, one in enumerate(newer)] == [True] * len(newer)
    assert ("DESC" in text) is descending
    assert "LIMIT :_limit" in text


@pytest.mark.parametrize("table", dict.fromkeys(TABLES.values()), ids=str)
def test_statements_about_objects_are_about_those_of_a_project(table: sa.Table) -> None:
    kept = [
        statements.update(table),
        statements.page(table, (), (), descending=True),
        statements.column(table, (("id", 2),), "project"),
        *([statements.with_moments(table, (), (("type", 1),))] if "moment" in table.c else []),
    ]
    for statement in kept:
        scoped = _kept_only_of(statement)
        assert scoped is _kept_only_of(statement)
        assert f"{table.name}.project = :_project" in str(scoped)


def test_what_is_inserted_is_not_looked_for() -> None:
    assert _kept_only_of(statements.ADD_ANSWER) is statements.ADD_ANSWER
