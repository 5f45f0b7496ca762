from __future__ import annotations

import pytest

from assistream.engine.models.rehearsal.vocabulary import COMMON, VAGUE, spoken, stems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("find_trains", ["find", "train"]),
        ("getWeatherNow", ["get", "weather", "now"]),
        ("Cities, glasses and a bus's class", ["city", "glasse", "and", "a", "bus", "s", "class"]),
        ("", []),
    ],
)
def test_stems(text: str, words: list[str]) -> None:
    assert stems(text) == words


@pytest.mark.parametrize("name", ["wind_speed", "wind-speed", "wind speed"])
def test_names_are_spoken(name: str) -> None:
    assert spoken(name) == "wind speed"


@pytest.mark.parametrize("words", [COMMON, VAGUE])
def test_the_words_are_what_the_rules_compare_with(words: frozenset[str]) -> None:
    assert {stem for word in words for stem in stems(word)} <= words
