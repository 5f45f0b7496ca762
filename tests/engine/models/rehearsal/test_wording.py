from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models.rehearsal.wording import in_words, parsed, sentence

TRIP = {"origin": "Oslo", "destination": "Rome", "after": "14:00"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"city": "Oslo", "high": 21.5}, "city: Oslo, high: 21.5"),
        ({"windSpeed": 3, "feels_like": None, "wet": True}, "wind speed: 3, feels like: none, wet: yes"),
        ({"wind": {"speed": 3, "gusts": False}}, "wind: (speed: 3, gusts: no)"),
        ([1, 2, 3], "1, 2 and 3"),
        (["tea"], "tea"),
        ([{"a": 1}, {"a": 2}], "a: 1; a: 2"),
        ({}, "none"),
        ([], "none"),
        ("tea", "tea"),
    ],
)
def test_values_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("name", "arguments", "output", "said"),
    [
        ("get_weather", {"city": "Oslo"}, "12", "The weather in Oslo: 12."),
        ("get_weather", {"city": "Oslo"}, "light rain", "The weather in Oslo: light rain."),
        ("get_weather", {"city": "Oslo"}, "It rains in Oslo", "It rains in Oslo."),
        ("get_weather", {"city": "Oslo"}, '"It rains in Oslo!"', "It rains in Oslo!"),
        ("get_weather", {"city": "Oslo"}, '{"city": "Oslo", "high": 9}', "Here is the weather in Oslo. High: 9."),
        ("get_weather", {"city": "Oslo"}, '{"city": "Oslo"}', "Here is the weather in Oslo. City: Oslo."),
        ("findTrains", TRIP, "[]", "There is nothing to say about the trains from Oslo to Rome after 14:00."),
        ("find_trains", {}, '{"trains": [{"no": 1}, {"no": 2}]}', "Here are the trains. No: 1; no: 2."),
        ("find_trains", {}, "", "There is nothing to say about the trains."),
        ("add", {"a": 2, "b": 3}, "5", "The result of add for 2 and 3: 5."),
        ("is_open", {"shop": "Bakery"}, "true", "The is open for Bakery: yes."),
    ],
)
def test_sentences(name: str, arguments: dict[str, Any], output: str, said: str) -> None:
    assert sentence(name, arguments, output) == said


def test_what_is_no_json_is_text() -> None:
    assert parsed(" {not json ") == "{not json"
    assert parsed("NaN") == "NaN"


@pytest.mark.parametrize("depth", [33, 900, 100_000])
def test_what_is_nested_too_deep_is_text(depth: int) -> None:
    output = "[" * depth + "]" * depth
    assert sentence("get_it", {}, output) == f"The it: {output}."


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_any_output_can_be_said(value: Any) -> None:
    assert sentence("get_it", {"x": 1}, json.dumps(value))
