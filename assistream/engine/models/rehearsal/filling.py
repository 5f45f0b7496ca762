"""Values for a JSON schema, from the user's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

from assistream.engine.models.rehearsal.reading import PATTERNS, Reading, written
from assistream.engine.models.rehearsal.schemas import (
    Schema,
    bounded,
    fits,
    is_nullable,
    kind_of,
    plain,
    properties,
    resolved,
    sized,
)
from assistream.engine.models.rehearsal.vocabulary import NO, PREPOSITIONS, TOPICS, YES, stems

_PATTERNED: Final[Mapping[str, Sequence[str]]] = {
    "url": ("uri", "url", "link", "website"),
    "email": ("email", "mail", "recipient", "to"),
    "date": ("date", "day", "when"),
    "time": ("time", "hour", "when", "after", "since", "before", "until"),
    "sum": ("expression", "formula", "calculation", "equation"),
}
# A declared format is exact: "tomorrow" is a date to a person, and none to a function that parses it.
_FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "date": ("date", r"\d{4}-\d{2}-\d{2}"),
    "time": ("time", r"\d{2}:\d{2}(:\d{2})?"),
    "date-time": ("moment", ".*"),
    "email": ("email", ".*"),
    "uri": ("url", ".*"),
}
_PLAINEST: Final[Mapping[str, str]] = {
    "url": "https://example.com",
    "email": "someone@example.com",
    "date": "2030-01-01",
    "time": "12:00",
    "moment": "2030-01-01T12:00:00Z",
    "sum": "1 + 1",
}
_DEEPEST = 4  # optional parts of a schema that contains itself are left out below this
_BOTTOM = 20  # and required ones below this
_MOST_ITEMS = 32  # of a list, whatever its schema wants
_MOST_VALUES = 500  # looked for in one filling: a small schema can want any number, and the loop waits
_MISSING: Final = object()

Reader: TypeAlias = Callable[[Schema, str, Reading, bool], Iterator[Any]]


class Filling:
    """Fills ``schema`` from ``words``; what is required and not there comes from ``around``, the rest of the message.

    ``known`` values, by property name, come before anything read.
    """

    def __init__(self, schema: Schema, words: Reading, around: Reading, known: Mapping[str, Any] | None = None) -> None:
        self._root = schema
        self._words = words
        self._around = around
        self._known = known or {}
        self._used: list[Any] = []
        self._left = _MOST_VALUES

    def fill(self) -> Any:
        return self._required(self._root, "", 0)

    def _required(self, schema: Schema, name: str, depth: int) -> Any:
        """A value in every case: what is mentioned comes before a guess, the clause before the words around it."""
        if self._left <= 0 or depth > _BOTTOM:
            return self._cut_off(schema, name)
        if is_nullable(schema):
            value = self._read(schema, name, self._words, False, depth)
            return None if value is _MISSING else value
        flat = resolved(schema, self._root)
        if kind_of(flat) == "object" and name not in self._known:
            return self._object(flat, depth)
        for reading in (self._words, self._around):
            for guess in (False, True):
                if (value := self._read(schema, name, reading, guess, depth)) is not _MISSING:
                    return value
        return self._object(flat, depth) if kind_of(flat) == "object" else self._plainest(flat, name, depth)

    def _read(self, schema: Schema, name: str, reading: Reading, guess: bool, depth: int) -> Any:
        """A value that is mentioned, or with ``guess`` one that could be meant."""
        if self._left <= 0:
            return _MISSING
        self._left -= 1
        flat = resolved(schema, self._root)
        if "const" in flat:
            return flat["const"]
        if name in self._known and fits(self._known[name], schema, self._root):
            return self._known[name]
        match "enum" if "enum" in flat else kind_of(flat):
            case "object":
                return self._mentioned_object(flat, depth)
            case "array":
                return self._array(flat, name, reading, guess, depth)
            case kind:
                return self._unused(flat, _READERS[kind](flat, name, reading, guess)) if kind in _READERS else _MISSING

    def _unused(self, schema: Schema, candidates: Iterator[Any]) -> Any:
        for value in candidates:
            if isinstance(value, bool) or (value not in self._used and fits(value, schema, self._root)):
                self._used.append(value)
                return value
        return _MISSING

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """First everything mentioned, then guesses, so that no guess takes what another property is named for."""
        fields = properties(schema)
        required: Sequence[str] = schema.get("required") or ()
        found = self._mentioned(fields, depth)
        for name in fields:
            if name not in found and (name in required or len(fields) == 1):
                found[name] = self._required(fields[name], name, depth + 1)
        return {name: found[name] for name in fields if name in found}

    def _mentioned(self, fields: Mapping[str, Schema], depth: int) -> dict[str, Any]:
        if depth > _DEEPEST:
            return {}
        read = {name: self._read(field, name, self._words, False, depth + 1) for name, field in fields.items()}
        return {name: value for name, value in read.items() if value is not _MISSING}

    def _mentioned_object(self, schema: Schema, depth: int) -> Any:
        taken = len(self._used)
        found = self._mentioned(properties(schema), depth)
        if found and all(name in found for name in schema.get("required") or ()):
            return found
        del self._used[taken:]
        return _MISSING

    def _array(self, schema: Schema, name: str, reading: Reading, guess: bool, depth: int) -> Any:
        item = resolved(schema.get("items") or {}, self._root)
        if depth > _DEEPEST or not (guess or "enum" in item):
            return _MISSING
        reader = _READERS.get("enum" if "enum" in item else kind_of(item))
        values = list(_several(reader, item, name, reading)) if reader else [self._required(item, name, depth + 1)]
        most = min(schema.get("maxItems", _MOST_ITEMS), _MOST_ITEMS)
        values = [value for value in values if fits(value, item, self._root)][:most]
        return values if values and len(values) >= schema.get("minItems", 0) else _MISSING

    def _cut_off(self, schema: Schema, name: str) -> Any:
        """The end of what asks for too much, or without end."""
        flat = resolved(schema, self._root)
        match kind_of(flat):
            case "object":
                return {}
            case "array":
                return []
            case _:
                return self._plainest(flat, name, _BOTTOM)

    def _plainest(self, schema: Schema, name: str, depth: int) -> Any:
        """What the schema itself suggests, else the plainest value of its type."""
        suggested = [*([schema["default"]] if "default" in schema else []), *(schema.get("examples") or ())]
        if suggested or "enum" in schema:
            return (suggested or schema["enum"])[0]
        match kind_of(schema):
            case "integer" | "number":
                return bounded(1, schema)
            case "boolean":
                return False
            case "array":
                wanted = min(schema.get("minItems", 0), _MOST_ITEMS, max(self._left, 0))
                return [self._item(schema, name, depth + 1) for _ in range(wanted)]
            case "null":
                return None
            case _:
                return sized(self._plainest_text(schema, stems(name)), schema)

    def _plainest_text(self, schema: Schema, labels: Sequence[str]) -> str:
        if kinds := _kinds(schema, labels):
            return _PLAINEST[kinds[0]]
        topic = "" if TOPICS.isdisjoint(labels) else self._around.topic()
        return topic or " ".join(("some", *(labels or ["text"])))

    def _item(self, schema: Schema, name: str, depth: int) -> Any:
        self._left -= 1
        flat = resolved(schema.get("items") or {}, self._root)
        if kind_of(flat) == "object":
            return self._object(flat, max(depth, _DEEPEST))
        return self._cut_off(flat, name) if depth > _BOTTOM else self._plainest(flat, name, depth)


def _several(reader: Reader, item: Schema, name: str, reading: Reading) -> Iterator[Any]:
    """All the values for a list; of strings those in quotes, or else the names said as a list, or else one."""
    if reader is not _strings:
        yield from dict.fromkeys(reader(item, "", reading, True))
    else:
        yield from reading.quoted or reading.listed() or list(_strings(item, name, reading, True))[:1]


def _choices(schema: Schema, name: str, reading: Reading, guess: bool) -> Iterator[Any]:
    yield from (choice for choice in schema["enum"][:_MOST_VALUES] if choice is not None and reading.says(str(choice)))


def _numbers(schema: Schema, name: str, reading: Reading, guess: bool) -> Iterator[float]:
    beside = reading.number_beside(stems(name))
    every = reading.numbers if guess else []
    yield from (plain(number) for number in ([] if beside is None else [beside]) + every)


def _booleans(schema: Schema, name: str, reading: Reading, guess: bool) -> Iterator[bool]:
    if guess or not reading.stems.isdisjoint(stems(name)):
        if not reading.stems.isdisjoint(NO):
            yield False
        elif not reading.stems.isdisjoint(YES.union(stems(name))):
            yield True


def _strings(schema: Schema, name: str, reading: Reading, guess: bool) -> Iterator[str]:
    _, exact = _FORMATS.get(schema.get("format", ""), ("", ".*"))
    values = _mentioned_strings(schema, stems(name), reading)
    values = chain(values, _guessed_strings(stems(name), reading)) if guess else values
    return (value for value in values if re.fullmatch(exact, value, re.DOTALL))


def _mentioned_strings(schema: Schema, labels: Sequence[str], reading: Reading) -> Iterator[str]:
    kinds = _kinds(schema, labels)
    for label in dict.fromkeys((*labels, *(PREPOSITIONS[label] for label in labels if label in PREPOSITIONS))):
        yield from (value for value in reading.following(label) if kinds or not _is_patterned(value))
    for kind in kinds:
        yield from map(written, reading.find(kind)) if kind == "sum" else reading.find(kind)


def _guessed_strings(labels: Sequence[str], reading: Reading) -> Iterator[str]:
    yield from reading.quoted
    if not TOPICS.isdisjoint(labels):
        yield from filter(None, [reading.topic()])
        return
    yield from reading.names
    for preposition in ("in", "for", "to", "at", "of"):
        yield from (value for value in reading.following(preposition) if not _is_patterned(value))


def _kinds(schema: Schema, labels: Sequence[str]) -> Sequence[str]:
    """Which patterns the values of a parameter have, by its declared format or else the words of its name."""
    if schema.get("format") in _FORMATS:
        return [_FORMATS[schema["format"]][0]]
    return [kind for kind, meanings in _PATTERNED.items() if not set(meanings).isdisjoint(labels)]


def _is_patterned(text: str) -> bool:
    """A number, a date, a time: nothing that could be a name."""
    return text[0].isdigit() or any(re.fullmatch(PATTERNS[kind], text, re.IGNORECASE) for kind in ("date", "time"))


_READERS: Final[Mapping[str, Reader]] = {
    "enum": _choices,
    "string": _strings,
    "integer": _numbers,
    "number": _numbers,
    "boolean": _booleans,
}
