"""Choices out of bytes, so that one target serves a fuzzer that mutates bytes, hypothesis and plain random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Source:
    """Reads one byte for each choice; when there are none left, every choice is the first."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def is_empty(self) -> bool:
        return self._at >= len(self._data)

    def below(self, number: int) -> int:
        if self._at >= len(self._data):
            return 0
        byte = self._data[self._at]
        self._at += 1
        return byte % number

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def rarely(self, one_in: int) -> bool:
        return self.below(one_in) == one_in - 1
