from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models.rehearsal.reading import PATTERNS, Reading, is_reckoned, masked, written


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    reading = Reading(text)
    assert reading.topic() in text
    assert all(value in text for value in (*reading.quoted, *reading.following("in"), *reading.names))
    assert all(isinstance(number, float) for number in reading.numbers)
    assert len(reading.listed()) != 1
    assert all(value in text for kind in PATTERNS for value in reading.find(kind))
    assert len(masked(text)) == len(text)


def test_quotes_are_masked_but_not_apostrophes() -> None:
    assert masked("""What's "one, two" in 'three'?""") == """What's "________" in '_____'?"""


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("time", "between 9am and 14:30, or at noon", ["9am", "14:30", "noon"]),
        ("date", "on 2025-03-01 or tomorrow or Friday", ["2025-03-01", "tomorrow", "Friday"]),
        ("email", "to anna.b@example.com.", ["anna.b@example.com"]),
        ("url", "see https://example.com/a?b=c.", ["https://example.com/a?b=c"]),
        ("sum", "What is 12 * (7 + 1)?", ["12 * (7 + 1)"]),
        ("moment", "at 2025-03-01T10:00:00Z", ["2025-03-01T10:00:00Z"]),
    ],
)
def test_patterns(kind: str, text: str, found: list[str]) -> None:
    assert Reading(text).find(kind) == found


def test_numbers_are_not_parts_of_times_dates_or_quotes() -> None:
    text = "2 or 1,500.5 or -3 or seven, at 14:00 on 2025-03-01, not '8' nor R61"

    assert Reading(text).numbers == [2, 1500.5, -3, 7]


def test_a_number_beside_a_word() -> None:
    reading = Reading("Two rooms for 3 nights, limit: 10")

    assert [reading.number_beside([word]) for word in ("night", "limit", "room", "guest")] == [3, 10, 2, None]


def test_names_after_a_preposition_come_first_and_a_first_word_last() -> None:
    assert Reading("Anna takes the Bergen train to New York").names == ["New York", "Bergen", "Anna"]


def test_words_that_are_no_names_are_left_out() -> None:
    assert Reading("Which Oslo Trains does Anna's friend take?", ignore=["train"]).names == ["Oslo", "Anna"]
    assert Reading("Trains", ignore=["train"]).names == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("in Oslo, New York and Rome?", ["Oslo", "New York", "Rome"]),
        ("in Oslo and in Rome", ["Oslo", "Rome"]),
        ("in Oslo, Norway", []),
        ("in Oslo", []),
    ],
)
def test_names_listed_with_and(text: str, names: list[str]) -> None:
    assert Reading(text).listed() == names


@pytest.mark.parametrize(
    ("phrase", "text", "said"),
    [
        ("very_fast", "go Very Fast", True),
        ("very fast", "go very-faster", False),
        ("art", "start the art", True),
        ("art", "start", False),
        ("A", "is it a b", False),
        ("A", "grade A", True),
        ("", "x", False),
    ],
)
def test_a_phrase_that_is_said(phrase: str, text: str, said: bool) -> None:
    assert Reading(text).says(phrase) is said


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("What is 6 times 7?", ["6 * 7"]),
        ("12 divided by 4 plus 1", ["12 / 4 + 1"]),
        ("the equation `3x + 11 = 14`", ["3x + 11 = 14"]),
        ("solve x^2 = 9", ["x^2 = 9"]),
        ("6 trains", []),
    ],
)
def test_sums_are_written_with_signs(text: str, sums: list[str]) -> None:
    assert [written(found) for found in Reading(text).find("sum")] == sums
    assert is_reckoned(text) is bool(sums)


@pytest.mark.parametrize("text", ["on 2025-03-01", "from 9-17", "open 24/7", "say '2 + 2'", "five times a day"])
def test_not_everything_with_a_sign_is_reckoned(text: str) -> None:
    assert not is_reckoned(text)


@pytest.mark.parametrize(
    ("word", "text", "value"),
    [
        ("from", "the train from Rio de Janeiro to Oslo", "Rio de Janeiro"),
        ("after", "after 14:00", "14:00"),
        ("to", "I want to travel to bergen", "bergen"),
        ("in", "weather in san francisco please", "san francisco"),
        ("in", "in rio de janeiro now", "rio de janeiro"),
        ("to", "a letter to bob@example", None),
        ("to", "a letter to bob.b@example", None),
        ("title", "with the title 'War, and Peace'", "War, and Peace"),
        ("city", "city: oslo", "oslo"),
        ("city", "which city is it", None),
    ],
)
def test_the_value_after_a_word(word: str, text: str, value: str | None) -> None:
    assert next(Reading(text).following(word), None) == value


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Search the docs for streaming events.", "streaming events"),
        ("note: buy milk", "buy milk"),
        ("streaming", "streaming"),
        ("Remind me to call mum tomorrow", "call mum tomorrow"),
        ("Write to Bob saying that it rains.", "it rains"),
    ],
)
def test_the_topic(text: str, topic: str) -> None:
    assert Reading(text).topic() == topic
