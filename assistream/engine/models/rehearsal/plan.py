"""Which declared functions the user's words ask for, and which of the words belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from assistream.engine.models.rehearsal.reading import is_reckoned, masked
from assistream.engine.models.rehearsal.schemas import Schema, properties
from assistream.engine.models.rehearsal.vocabulary import COMMON, RECKONING, RELATED, SEARCHING, TOPICS, VAGUE, stems

_NAMED = 3  # the worth of a word of the function's name: by itself it is a match
_MATCH = 2
_READ = 500  # characters of a description, words of parameters: the loop waits while they are read
_EXAMPLES = re.compile(r"\b(?:e\.g\.?|for example|for instance|such as)[^);]*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n+")
_CLAUSE = re.compile(r",?\s{1,8}(?:and|then|also|plus)\s+|,\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a stretch of the message has that functions are chosen by; taken from it once for all of them."""

    words: frozenset[str]
    is_reckoned: bool

    @classmethod
    def of(cls, text: str) -> Heard:
        return cls(frozenset(stems(masked(text))), is_reckoned(text))


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
    def reckons(self) -> bool:
        takes = (word for name in properties(self.parameters) for word in stems(name))
        return not RECKONING.isdisjoint((*self.named, *takes))

    @cached_property
    def searches(self) -> bool:
        takes = (word for name in properties(self.parameters) for word in stems(name))
        return not (SEARCHING.isdisjoint(stems(self.name)) or TOPICS.isdisjoint(takes))

    @cached_property
    def worth(self) -> Mapping[str, int]:
        described = {word: 1 if word in VAGUE else 2 for word in _described(self.description)}
        worth = dict.fromkeys(islice(_words_of_parameters(self.parameters), _READ), 1)
        worth |= dict.fromkeys(islice(_choices(self.parameters), _READ), _MATCH)
        worth |= described
        worth |= {word: _MATCH for name in self.named for word in RELATED.get(name, ())}
        return {w: n for w, n in worth.items() if w not in COMMON} | dict.fromkeys(self.named, _NAMED)

    def score(self, heard: Heard) -> int:
        reckoned = _NAMED + 1 if heard.is_reckoned and self.reckons else 0  # "6 times 7" does not ask for the time
        return reckoned + sum(self.worth[word] for word in heard.words & self.worth.keys())

    def is_named(self, heard: Heard) -> bool:
        return not self.named.isdisjoint(heard.words)


@dataclass(frozen=True, slots=True)
class Ask:
    """A function, and the stretch of the message that asks for it."""

    function: Function
    words: str


def asks(message: str, functions: Sequence[Function]) -> list[Ask]:
    """The functions a message asks for, in the order of its words; a question for none is one for a search."""
    if not functions:
        return []
    found = [ask for sentence in _cut(message, _SENTENCE) for ask in _asks_of(sentence, functions)]
    if found or not message.endswith("?") or COMMON.issuperset(stems(masked(message))):
        return found
    return [Ask(function, message) for function in functions if function.searches][:1]


def best(message: str, functions: Sequence[Function]) -> Function:
    """The function nearest to the message, though it may match badly; of equals the first declared."""
    return _nearest(Heard.of(message), functions)


def _nearest(heard: Heard, functions: Sequence[Function]) -> Function:
    return max(functions, key=lambda function: function.score(heard))


def _asks_of(sentence: str, functions: Sequence[Function]) -> Iterator[Ask]:
    """Clauses that ask for nothing belong to the clause before them, or at the beginning to the one after."""
    current: Function | None = None
    words = ""
    for clause in _cut(sentence, _CLAUSE):
        heard = Heard.of(clause)
        function = _nearest(heard, functions)
        if function.score(heard) < _MATCH or (function is current and not function.is_named(heard)):
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


def _described(text: str) -> list[str]:
    """The words of a description, without its examples: "e.g. Oslo" must not keep Oslo from being a value."""
    return stems(_EXAMPLES.sub("", text[:_READ]))


def _words_of_parameters(schema: Schema) -> Iterator[str]:
    for name, parameter in properties(schema).items():
        yield from stems(name)
        yield from _described(parameter.get("description") or "")
        yield from _words_of_parameters(parameter)


def _choices(schema: Schema) -> Iterator[str]:
    for parameter in properties(schema).values():
        for choice in parameter.get("enum") or ():
            yield from (word for word in stems(str(choice)) if len(word) > 1)
        yield from _choices(parameter)
