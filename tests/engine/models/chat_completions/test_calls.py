from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models import ModelDelta
from assistream.engine.models.chat_completions.calls import Calls
from assistream.engine.models.chat_completions.failures import Failure
from tests.engine.models.asking import Answer

Fragment: TypeAlias = Mapping[str, Any]


def fragment(
    index: object = None, id: str | None = None, name: str | None = None, arguments: object = None
) -> dict[str, Any]:
    """As servers write it: what is None is not there."""
    function = {key: value for key, value in {"name": name, "arguments": arguments}.items() if value is not None}
    outer = {key: value for key, value in {"index": index, "id": id}.items() if value is not None}
    return outer | {"type": "function", "function": function}


def read(*chunks: list[Any]) -> Answer:
    calls = Calls()
    deltas: list[ModelDelta] = [delta for chunk in chunks for delta in calls.take(chunk)]
    return Answer([*deltas, *calls.end()])


def made(*chunks: list[Any]) -> list[tuple[str, str]]:
    return [(call.name, call.arguments) for call in read(*chunks).calls]


BOTH = [("f", '{"a": 1}'), ("g", '{"b": 2}')]
SAME = [("f", '{"a": 1}'), ("f", '{"a": 2}')]


def test_as_the_format_says() -> None:
    answer = read(
        [fragment(0, "call_a", "f", "")],
        [fragment(0, arguments='{"a"')],
        [fragment(0, arguments=": 1}")],
        [fragment(1, "call_b", "g", "")],
        [fragment(1, arguments='{"b": 2}')],
    )
    assert [(call.name, call.arguments) for call in answer.calls] == BOTH
    assert [call.id for call in answer.calls] == ["call_a", "call_b"]


def test_fragments_of_both_in_turn() -> None:
    assert (
        made(
            [fragment(0, "a", "f", ""), fragment(1, "b", "g", "")],
            [fragment(0, arguments='{"a"'), fragment(1, arguments='{"b"')],
            [fragment(1, arguments=": 2}"), fragment(0, arguments=": 1}")],
        )
        == BOTH
    )


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        # Whole calls at once.
        ([[fragment(0, "a", "f", '{"a": 1}'), fragment(1, "b", "g", '{"b": 2}')]], BOTH),
        # No index: in one chunk, one a chunk, in fragments, in fragments of both.
        ([[fragment(None, "a", "f", '{"a": 1}'), fragment(None, "b", "g", '{"b": 2}')]], BOTH),
        ([[fragment(None, "a", "f", '{"a": 1}')], [fragment(None, "b", "g", '{"b": 2}')]], BOTH),
        ([[fragment(None, "a", "f")], [fragment(arguments='{"a": 1}')], [fragment(None, "b", "g")],
          [fragment(arguments='{"b": ')], [fragment(arguments="2}")]], BOTH),
        ([[fragment(name="f"), fragment(name="g")],
          [fragment(arguments='{"a": 1}'), fragment(arguments='{"b": 2}')]], BOTH),
        ([[fragment(None, "a", "f"), fragment(None, "b", "g")],
          [fragment(None, "b", arguments='{"b": 2}')], [fragment(None, "a", arguments='{"a": 1}')]], BOTH),
        # Neither index nor id.
        ([[fragment(name="f", arguments='{"a": 1}'), fragment(name="f", arguments='{"a": 2}')]], SAME),
        ([[fragment(name="f", arguments='{"a": 1}')], [fragment(name="f", arguments='{"a": 2}')]], SAME),
        ([[fragment(name="f"), fragment(name="f")]], [("f", "{}"), ("f", "{}")]),
        # Index 0 for all.
        ([[fragment(0, "a", "f", '{"a": 1}')], [fragment(0, "b", "g", '{"b": 2}')]], BOTH),
        ([[fragment(0, "a", "f", "")], [fragment(0, arguments='{"a": 1}')], [fragment(0, "b", "f", "")],
          [fragment(0, arguments='{"a": 2}')]], SAME),
        ([[fragment(0, None, "f", '{"a": 1}')], [fragment(0, None, "g", '{"b": 2}')]], BOTH),
        # Id and name with every fragment, also empty, also an id of its own each.
        ([[fragment(0, "a", "f", '{"a"')], [fragment(0, "a", "f", ": 1}")], [fragment(0, "a", "f", "")]], BOTH[:1]),
        ([[fragment(0, "a", "f", '{"a"')], [fragment(0, "", "", ": 1}")]], BOTH[:1]),
        ([[fragment(0, "a", "f", '{"a"')], [fragment(0, "b", "f", ": 1}")], [fragment(0, "c", "", "")]], BOTH[:1]),
        ([[fragment(0, None, "f", "")], [fragment(0, None, "f", '{"a"')], [fragment(0, None, "f", ": 1}")]], BOTH[:1]),
        # Arguments as objects, none, null; an index as text; gaps.
        ([[fragment(0, "a", "f", {"a": 1}), fragment(1, "b", "g", {"b": 2})]], BOTH),
        ([[fragment(0, "a", "f")]], [("f", "{}")]),
        ([[{"index": None, "id": None, "function": {"name": "f", "arguments": None}}]], [("f", "{}")]),
        ([[fragment("0", "a", "f", '{"a": 1}')], [fragment("1", "b", "g", '{"b": 2}')]], BOTH),
        ([[fragment(3, "a", "f", '{"a": 1}')], [fragment(7, "b", "g", '{"b": 2}')]], BOTH),
        # No object around name and arguments; the arguments before the name.
        ([[{"name": "f", "arguments": '{"a": 1}'}]], BOTH[:1]),
        ([[fragment(0, "a", arguments='{"a"')], [fragment(0, None, "f", ": 1}")]], BOTH[:1]),
    ],
)  # fmt: skip
def test_as_servers_do_it(chunks: list[list[Fragment]], expected: list[tuple[str, str]]) -> None:
    assert made(*chunks) == expected


def test_ids_are_made_where_there_are_none() -> None:
    first, second = read([fragment(name="f"), fragment(name="g")]).calls
    assert first.id.startswith("call_")
    assert first.id != second.id


def test_numbers_are_ids_too() -> None:
    assert read([{"id": 7, "function": {"name": "f"}}]).calls[0].id == "7"


@pytest.mark.parametrize("nonsense", [None, 5, "f", [], {}, {"function": None}, {"function": {"name": 5.5}}])
def test_a_call_without_a_name(nonsense: object) -> None:
    with pytest.raises(Failure, match="without a function's name"):
        read([nonsense])


def test_whether_there_are_any() -> None:
    calls = Calls()
    assert not calls
    list(calls.take([fragment(0, "a", "f")]))
    assert calls


WHOLE = st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), max_size=3).map(json.dumps)


@given(st.data(), st.lists(st.tuples(st.sampled_from("fgh"), WHOLE), min_size=1, max_size=4))
def test_any_cut_of_any_calls_gives_them_back(data: st.DataObject, wanted: list[tuple[str, str]]) -> None:
    """With an index; or one after the other, without, with an id and name at the start of each."""
    with_index = data.draw(st.booleans())
    chunks: list[list[Fragment]] = []
    for number, (name, arguments) in enumerate(wanted):
        index = number if with_index else None
        cut = data.draw(st.integers(0, len(arguments)))
        chunks.append([fragment(index, f"id{number}", name, arguments[:cut])])
        chunks.append([fragment(index, arguments=arguments[cut:])])
    assert made(*chunks) == wanted
