"""Which declared functions the user's words ask for, and which of the words belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistream.engine.models.rehearsal.reading import masked
from assistream.engine.models.rehearsal.schemas import Schema, properties
from assistream.engine.models.rehearsal.vocabulary import COMMON, VAGUE, stems

_NAMED = 3  # the worth of a word of the function's name: by itself it is a match
_MATCH = 2
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n+")
_CLAUSE = re.compile(r",?\s+(?:and|then|also|plus)\s+|,\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Function:
    """A declared function, and what each word of its declaration is worth."""

    name: str
    description: str
    parameters: Schema

    @classmethod
    def declared(cls, tool: Mapping[str, Any]) -> Function:
        declared: Mapping[str, Any] = tool["function"]
        return cls(declared["name"], declared.get("description") or "", declared.get("parameters") or {})

    @cached_property
    def named(self) -> frozenset[str]:
        words = frozenset(stems(self.name))
        return words - COMMON or words

    @cached_property
    def worth(self) -> Mapping[str, int]:
        described = {word: 1 if word in VAGUE else 2 for word in stems(self.description)}
        worth = dict.fromkeys(_words_of_parameters(self.parameters), 1)
        worth |= dict.fromkeys(_choices(self.parameters), 2)
        worth |= described
        return {w: n for w, n in worth.items() if w not in COMMON} | dict.fromkeys(self.named, _NAMED)

    def score(self, words: str) -> int:
        return sum(self.worth.get(word, 0) for word in set(stems(masked(words))))

    def is_named(self, words: str) -> bool:
        return not self.named.isdisjoint(stems(masked(words)))


@dataclass(frozen=True, slots=True)
class Ask:
    """A function, and the stretch of the message that asks for it."""

    function: Function
    words: str


def asks(message: str, functions: Sequence[Function]) -> list[Ask]:
    """The functions a message asks for, in the order of its words."""
    return [ask for sentence in _cut(message, _SENTENCE) for ask in _asks_of(sentence, functions)]


def best(message: str, functions: Sequence[Function]) -> Function:
    """The function nearest to the message, though it may match badly; of equals the first declared."""
    return max(functions, key=lambda function: function.score(message))


def _asks_of(sentence: str, functions: Sequence[Function]) -> Iterator[Ask]:
    """Clauses that ask for nothing belong to the clause before them, or at the beginning to the one after."""
    current: Function | None = None
    words = ""
    for clause in _cut(sentence, _CLAUSE):
        function = best(clause, functions) if functions else None
        if (
            function is None
            or function.score(clause) < _MATCH
            or (function is current and not function.is_named(clause))
        ):
            words += clause
        elif current is None:
            current, words = function, words + clause
        else:
            yield Ask(current, words)
            current, words = function, clause
    if current is not None:
        yield Ask(current, words)


def _cut(text: str, separator: re.Pattern[str]) -> Iterator[str]:
    """The pieces between separators, each with the separator before it; nothing in quotes separates."""
    start = 0
    for found in separator.finditer(masked(text)):
        yield text[start : found.start()]
        start = found.start()
    yield text[start:]


def _words_of_parameters(schema: Schema) -> Iterator[str]:
    for name, parameter in properties(schema).items():
        yield from stems(name)
        yield from stems(parameter.get("description") or "")
        yield from _words_of_parameters(parameter)


def _choices(schema: Schema) -> Iterator[str]:
    for parameter in properties(schema).values():
        for choice in parameter.get("enum") or ():
            yield from (word for word in stems(str(choice)) if len(word) > 1)
        yield from _choices(parameter)
