from __future__ import annotations

import pytest

from assistream.engine.models.rehearsal.plan import Function, asks, best
from tests.engine.models.asking import STRING, TIME, TRAINS, WEATHER, function

COLOUR = {"type": "string", "enum": ["crimson", "teal"], "description": "What the lamp shows."}
LAMP = function("illuminate", "", colour=COLOUR)
ADD = function("add", "", a={"type": "number"}, b={"type": "number"})
CALCULATE = function("calculate", "", expression=STRING)
EVAL = function("work_out", "", formula=STRING)
REMIND = function("create_reminder", "", text=STRING)
SEARCH = function("search_docs", "", query=STRING)
LOOKUP = function("find_place", "Find a place, e.g. Oslo (for example Rome) on a map.", place=STRING)
FUNCTIONS = [Function.declared(tool) for tool in (WEATHER, TRAINS, TIME, LAMP, ADD)]


def asked(message: str) -> list[tuple[str, str]]:
    return [(ask.function.name, ask.words) for ask in asks(message, FUNCTIONS)]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Any trains?", "find_trains"),
        ("What is the forecast?", "get_weather"),
        ("Make it teal", "illuminate"),
        ("Does the lamp have a colour?", "illuminate"),
        ("What time is it?", "get_time"),
        ("add 2 and 3", "add"),
    ],
)
def test_a_word_that_matches(message: str, name: str) -> None:
    assert [found for found, _ in asked(message)] == [name]


@pytest.mark.parametrize("message", ["", "Hello!", "Which city is it?", "What can you do today?", "'weather'"])
def test_nothing_matches(message: str) -> None:
    assert asked(message) == []


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("How warm is it in Paris today?", "get_weather"),
        ("Will it rain in New York tomorrow?", "get_weather"),
        ("What is 6 times 7?", "calculate"),
        ("3x + 11 = 14", "calculate"),
        ("Remind me to call mum", "create_reminder"),
        ("What time is it?", "get_time"),
    ],
)
def test_a_word_for_the_same(message: str, name: str) -> None:
    functions = [Function.declared(tool) for tool in (WEATHER, TIME, CALCULATE, REMIND)]
    assert [ask.function.name for ask in asks(message, functions)] == [name]


def test_what_takes_a_formula_calculates() -> None:
    functions = [Function.declared(tool) for tool in (TIME, EVAL)]
    assert [ask.function.name for ask in asks("What is 6 times 7?", functions)] == ["work_out"]


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("How do I install the library?", ["search_docs"]),
        ("How does the weather tool work?", ["get_weather"]),
        ("I install the library.", []),
        ("What can you do?", []),
        ("Is 'this' it?", []),
    ],
)
def test_a_question_that_matches_nothing_is_searched_for(message: str, found: list[str]) -> None:
    functions = [Function.declared(tool) for tool in (WEATHER, TRAINS, SEARCH, SEARCH)]
    assert [ask.function.name for ask in asks(message, functions)] == found


def test_examples_in_a_description_do_not_count() -> None:
    worth = Function.declared(LOOKUP).worth
    assert "map" in worth
    assert {"oslo", "rome", "e", "g"}.isdisjoint(worth)


def test_clauses_that_ask_nothing_belong_to_the_one_before_or_else_after() -> None:
    assert asked("In Oslo, what is the weather, please, and now the time and date?") == [
        ("get_weather", "In Oslo, what is the weather, please"),
        ("get_time", ", and now the time and date?"),
    ]


def test_a_sentence_that_asks_nothing_belongs_to_none() -> None:
    assert asked("I am in Oslo. Any trains to Rome? Thank you.") == [("find_trains", " Any trains to Rome?")]


def test_a_clause_asks_again_only_by_name() -> None:
    assert len(asked("the weather in Oslo, and the weather in Rome")) == 2
    assert len(asked("the weather in Oslo, with a forecast")) == 1


def test_of_equals_the_first_declared_is_best() -> None:
    one, two = (Function.declared(function(name, "", x=STRING)) for name in ("send_letter", "read_letter"))

    assert best("a letter", [one, two]) is one
    assert best("a letter", [two, one]) is two
    assert best("read a letter", [one, two]) is two
