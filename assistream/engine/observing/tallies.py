"""What is counted, as plain numbers: counting must cost next to nothing. How they are written is `exposition`'s."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: the limits of the classes in which answers are counted."""
SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 3600.0)
"""The same for what models do."""
MOST = 50
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened, or how much of it there was."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Counter[tuple[str, ...]] = field(default_factory=Counter[tuple[str, ...]])

    def add(self, *labels: str, much: int = 1) -> None:
        self.values[labels] += much


@dataclass(slots=True)
class Spread:
    counts: list[int]
    sum: float = 0.0


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took."""

    name: str
    help: str
    limits: Sequence[float]
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], Spread] = field(default_factory=dict[tuple[str, ...], Spread])

    @property
    def nothing(self) -> Spread:
        return Spread([0] * (len(self.limits) + 1))

    def add(self, seconds: float, *labels: str) -> None:
        spread = self.values.get(labels)
        if spread is None:
            spread = self.values[labels] = self.nothing
        spread.counts[bisect_left(self.limits, seconds)] += 1
        spread.sum += seconds


class Names:
    """Names that clients choose, as values of labels: the first ones as they are, all others as one."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, name: str) -> str:
        name = name[:100]
        if name not in self._known and len(self._known) >= self._most:
            return OTHERS
        self._known.add(name)
        return name
