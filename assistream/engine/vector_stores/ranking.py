"""From what two indexes found to one list with scores from 0 to 1, the best first. No I/O.

A score by words is the share of the question's words that a chunk has, each weighed by how rare it is in the stores:
BM25, as a part of the highest sum that a chunk could reach, of which the root is taken, so that a chunk that has all
words once has some 0.7. A score by vectors is their cosine. With both, chunks are ranked by reciprocal rank fusion, and
1 is the first place in both.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from .common import COMMON

_SATURATION = 0.9
"""How soon more of the same word stops to count."""
_LENGTH = 0.4
"""How much a long chunk is held against it: chunks are of one size, all but the last."""
_TITLE = 2
"""How often a word in the file's name counts."""
_COMMON = 0.1
"""What words like "the" count: in few chunks they may seem rare."""
_FUSION = 60

Ranks: TypeAlias = Mapping[int, float]
"""Scores by the ids of chunks."""


class Candidate(NamedTuple):
    id: int
    title: str
    words: str


def by_words(terms: Mapping[str, int], total: int, candidates: Collection[Candidate]) -> dict[int, float]:
    """Scores of chunks for a question; ``terms`` are its words and how many of the ``total`` chunks have each."""
    weights = {term: _weight(term, count, total) for term, count in terms.items()}
    whole = sum(weights.values())
    lengths = {each.id: each.words.count(" ") + 1 for each in candidates}
    average = sum(lengths.values()) / max(len(lengths), 1)
    scores: dict[int, float] = {}
    for each in candidates:
        held, titled = Counter(each.words.split(" ")), Counter(each.title.split(" "))
        slow = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[each.id] / average)
        counts = {term: held[term] + _TITLE * titled[term] for term in weights}
        share = sum(weights[term] * count / (count + slow) for term, count in counts.items()) / whole
        scores[each.id] = math.sqrt(share)
    return scores


def _weight(term: str, count: int, total: int) -> float:
    rarity = math.log(1 + (total - count + 0.5) / (count + 0.5))
    return rarity * _COMMON if term in COMMON else rarity


def fused(*rankings: Ranks) -> dict[int, float]:
    """One ranking of several: what is high in more of them is higher."""
    best = len(rankings) / (_FUSION + 1)
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for place, id in enumerate(ordered(ranking), start=1):
            scores[id] += 1 / (_FUSION + place) / best
    return dict(scores)


def best_of(rankings: Sequence[Ranks]) -> dict[int, float]:
    """Of several questions: a chunk is as good as for the one that it answers best."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for id, score in ranking.items():
            scores[id] = max(score, scores.get(id, 0.0))
    return scores


def ordered(scores: Ranks) -> list[int]:
    """The best first; of equals what was indexed first, so that an answer is always the same."""
    return sorted(scores, key=lambda id: (-scores[id], id))
