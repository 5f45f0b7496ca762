from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.vector_stores.stemming import stem

FAMILIES = [
    "cancel cancels cancelled cancelling cancellation",
    "refund refunds refunded refunding",
    "policy policies",
    "organize organizes organizing organisation organization",
    "hop hops hopping hopped",
    "hope hopes hoping hoped",
    "happy happily happiness",
    "relate related relating relational",
    "replace replaced replacement replacements",
    "ship shipped shipping",
    "warranty warranties",
    "encrypt encrypted encrypts encryption",
    "use uses used using",
    "tie ties",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_words_of_a_family_are_one(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


def test_others_are_not() -> None:
    words = "hop hope organ orange policy police new news bus status feed agree caress relay relate".split()
    assert len({stem(word) for word in words}) == len(words) - 1  # "news" is one of those that are taken for plurals


@pytest.mark.parametrize("word", ["", "a", "is", "bus", "status", "analysis", "glass", "sing", "red", "x1s", "größe"])
def test_what_stays_as_it_is(word: str) -> None:
    assert stem(word) == word


@given(st.text("abcdeginorstyz", max_size=20))
def test_something_is_left_of_every_word(word: str) -> None:
    stemmed = stem(word)
    assert bool(stemmed) is bool(word)
    assert len(stemmed) <= len(word) + 1
