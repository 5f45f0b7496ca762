from __future__ import annotations

import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.documents.records import records


def told(text: str) -> str:
    return "\n".join(records(text))


def test_each_value_says_where_it_is() -> None:
    value = {"name": "Ada", "tags": ["a", "b"], "address": {"city": "Zürich", "floor": 3}, "none": None, "empty": []}
    assert told(json.dumps(value)).splitlines() == [
        "name: Ada",
        "tags: a, b",
        "address.city: Zürich",
        "address.floor: 3",
        "none: null",
        "empty: []",
    ]


def test_elements_of_a_list_are_paragraphs() -> None:
    value = {"users": [{"name": "Ada", "admin": True}, {"name": "Bob"}]}
    assert told(json.dumps(value)) == "\nusers[0].name: Ada\nusers[0].admin: true\n\nusers[1].name: Bob"


def test_long_elements_have_lines_of_their_own() -> None:
    assert told(json.dumps({"said": ["x" * 50, "y"]})) == f"said[0]: {'x' * 50}\nsaid[1]: y"


@pytest.mark.parametrize(("text", "shown"), [("3", "3"), ('"word"', "word"), ("[1, 2]", "1, 2"), ("{}", "{}")])
def test_what_has_no_names(text: str, shown: str) -> None:
    assert told(text) == shown


def test_lines_of_json() -> None:
    assert told('{"a": 1}\n{"a": 2}\nno json\n{"a": \n') == '\na: 1\n\na: 2\nno json\n{"a": '


@pytest.mark.parametrize("text", ["{ // a comment\n  'a': 1\n}", '{"a": 1, "b', "[" * 100_000, "9" * 5000])
def test_what_is_no_json_comes_as_it_is(text: str) -> None:
    assert told(text) == text


def test_a_path_is_bounded() -> None:
    line = told('{"key":' * 500 + "1" + "}" * 500)
    assert line.startswith("…")
    assert line.endswith("key: 1")
    assert len(line) < 250


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_every_word_is_there(value: object) -> None:
    def words(inner: object) -> list[str]:
        if isinstance(inner, dict):
            return [word for each in cast("dict[str, object]", inner).values() for word in words(each)]
        if isinstance(inner, list):
            return [word for each in cast("list[object]", inner) for word in words(each)]
        return [inner] if isinstance(inner, str) else [json.dumps(inner)]

    shown = told(json.dumps(value))
    assert all(word in shown for word in words(value))
