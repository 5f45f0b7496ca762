from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.vector_stores.ranking import Candidate, best_of, by_words, fused, ordered


def ranked(terms: dict[str, int], total: int, **texts: str) -> dict[str, float]:
    candidates = [Candidate(number, "", text) for number, text in enumerate(texts.values())]
    scores = by_words(terms, total, candidates)
    return {name: scores[number] for number, name in enumerate(texts)}


def test_rare_words_weigh_more() -> None:
    scores = ranked({"rare": 1, "frequent": 90}, 100, a="rare x x x", b="frequent x x x", c="rare frequent x x")
    assert scores["c"] > scores["a"] > scores["b"] > 0


def test_common_words_weigh_little_however_rare_they_seem() -> None:
    scores = ranked({"the": 1, "offic": 2}, 3, a="the x x x", b="offic x x x")
    assert scores["b"] > 2 * scores["a"] > 0


def test_more_often_is_better_and_longer_is_worse() -> None:
    scores = ranked({"a": 3}, 9, once="a x x x", twice="a a x x", long="a" + 30 * " x")
    assert scores["twice"] > scores["once"] > scores["long"]


def test_the_title_counts() -> None:
    terms = {"refund": 1}
    assert by_words(terms, 2, [Candidate(1, "refund", "x")])[1] > by_words(terms, 2, [Candidate(1, "", "x")])[1] == 0
    assert by_words(terms, 2, [Candidate(1, "refund", "x")])[1] > by_words(terms, 2, [Candidate(1, "", "refund")])[1]


def test_a_chunk_that_has_all_is_near_to_one() -> None:
    [score] = ranked({"a": 5, "b": 7}, 10, all="a b").values()
    assert 0.7 < score < 0.75
    [score] = ranked({"a": 5, "b": 7}, 10, all="a b " * 50 + "a").values()
    assert 0.95 < score < 1


def test_words_that_nothing_has_cost() -> None:
    [score] = ranked({"a": 5, "nowhere": 0}, 10, some="a").values()
    assert score < 0.5


def test_fusion() -> None:
    scores = fused({1: 0.9, 2: 0.5, 3: 0.1}, {2: 0.7, 1: 0.6, 4: 0.5})
    assert ordered(scores) == [1, 2, 3, 4]
    assert fused({1: 0.2}, {1: 0.3}) == {1: pytest.approx(1.0)}
    assert fused({1: 0.2}, {}) == {1: pytest.approx(0.5)}


def test_the_best_of_several_questions() -> None:
    assert best_of([{1: 0.9, 2: 0.1}, {2: 0.8, 3: 0.3}]) == {1: 0.9, 2: 0.8, 3: 0.3}
    assert best_of([]) == {}


def test_equals_are_in_the_order_in_which_they_came() -> None:
    assert ordered({3: 0.5, 1: 0.5, 2: 0.9}) == [2, 1, 3]


SCORES = st.dictionaries(st.integers(0, 20), st.floats(0, 1))


@given(st.lists(SCORES, min_size=1, max_size=4))
def test_fused_scores_are_from_0_to_1(rankings: list[dict[int, float]]) -> None:
    scores = fused(*rankings)
    assert all(0 < score <= 1.000001 for score in scores.values())
    assert set(scores) == {id for ranking in rankings for id in ranking}


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50), min_size=1),
    st.lists(st.text("abcdefgh ", min_size=1), min_size=1),
)
def test_scores_by_words_are_from_0_to_1(terms: dict[str, int], texts: list[str]) -> None:
    scores = by_words(terms, 50, [Candidate(number, "a", text) for number, text in enumerate(texts)])
    assert all(0 <= score < 1 for score in scores.values())
