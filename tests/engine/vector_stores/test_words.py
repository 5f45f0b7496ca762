from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.vector_stores.words import LONGEST, first_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n--- *** ...", []),
        ("The Offices, in OSLO!", ["the", "offic", "in", "oslo"]),
        ("naïve café Ångström Straße ΆΛΦΑ ёлка", ["naiv", "cafe", "angstrom", "strass", "αλφα", "елка"]),
        ("東京都", ["東京", "京都"]),
        ("東", ["東"]),
        ("カフェ a 北京", ["カフ", "フェ", "a", "北京"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("한국어 문서", ["한국어", "문서"]),
        ("getUserName", ["getusernam", "get", "user", "name"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("max_chunk_size", ["max_chunk_size", "max", "chunk", "size"]),
        ("x86 v2.5", ["x86", "x", "86", "v2", "v", "2", "5"]),
        ("it's l’été", ["it", "s", "l", "ete"]),
        ("ｆｕｌｌ ﬁle", ["full", "file"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_long_words_are_cut() -> None:
    assert words("x" * 1000) == ["x" * LONGEST]
    assert words("é" * 1000) == ["e" * LONGEST]


def test_the_first_words_are_different_ones_and_the_rest_is_not_looked_at() -> None:
    assert first_words("a b a c a d", 3) == ["a", "b", "c"]
    assert first_words("a b a", 3) == ["a", "b"]
    assert first_words("one two " + "x" * 100_000, 2) == ["one", "two"]


@given(st.text())
def test_what_comes_of_any_text_can_be_written_with_spaces(text: str) -> None:
    found = words(text)
    assert " ".join(found).split() == found
    assert all(word == word.strip() and len(word) <= 2 * LONGEST for word in found)
    assert "\0" not in "".join(found)


# Latin letters: those that are other letters when they are capitals, as in mathematics, are names of several parts.
@given(st.text(st.characters(categories=["L", "Z"], max_codepoint=0x24F)))
def test_capitals_do_not_matter_to_a_word_without_parts(text: str) -> None:
    assert set(words(text.lower())) <= set(words(text.lower().title().lower()))


def test_letters_without_a_dot_are_found_by_those_with_one() -> None:
    assert words("ışık") == words("ISIK") == words("isik")
