"""Outputs of functions, said in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from assistream.engine.models.rehearsal.vocabulary import PREPOSITIONS, VERBS, spoken, stems
from assistream.engine.nesting import is_deeper

_DEEPEST = 32


def sentence(name: str, arguments: Mapping[str, Any], output: str) -> str:
    """What was asked for, and the output in words. An output that is a sentence is said as it is."""
    value = parsed(output)
    if isinstance(value, str) and len(value.split()) > 2:
        return _closed(value)
    subject = f"{_subject(name)}{_circumstances(arguments)}"
    if value is None or value in ("", [], {}):
        return f"There is nothing to say about the {subject}."
    if not _is_nested(value):
        return f"The {subject}: {in_words(value)}."
    verb = "are" if _is_plural(_subject(name)) else "is"
    told = in_words(_unsaid(value, arguments))
    return f"Here {verb} the {subject}. {told[0].upper()}{told[1:]}."


def parsed(output: str) -> Any:
    """The JSON value of an output, or the text itself if it is none, or nested deeper than anybody reads."""
    try:
        value = json.loads(output, parse_constant=str)  # NaN is a word here, no number
    except (ValueError, RecursionError):
        return output.strip()
    return output.strip() if is_deeper(value, _DEEPEST) else value


def in_words(value: object) -> str:
    """``{"city": "Oslo", "high": 21.5}`` becomes "city: Oslo, high: 21.5"."""
    match value:
        case dict():
            fields = cast("dict[str, object]", value)
            return ", ".join(f"{spoken(key)}: {_inner(field)}" for key, field in fields.items()) or "none"
        case list():
            items = cast("list[object]", value)
            nested = any(map(_is_nested, items))
            return "; ".join(map(in_words, items)) if nested else _enumerated([in_words(item) for item in items])
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def _inner(value: object) -> str:
    told = in_words(value)
    return f"({told})" if isinstance(value, dict) else told


def _enumerated(items: list[str]) -> str:
    return " and ".join((*([", ".join(items[:-1])] if items[:-1] else []), *items[-1:])) or "none"


def _unsaid(value: object, arguments: Mapping[str, Any]) -> object:
    """Without the fields that repeat an argument, and without a wrapper of a single field: both are said already."""
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, object]", value)
    left = {key: field for key, field in fields.items() if key not in arguments or arguments[key] != field} or fields
    only = next(iter(left.values()))
    return only if len(left) == 1 and only and _is_nested(only) else left


def _subject(name: str) -> str:
    """What a function is about: "weather" for ``get_weather``."""
    words = spoken(name).lower().split(" ")
    if words[0] not in VERBS:
        return " ".join(words)
    return " ".join(words[1:]) or f"result of {words[0]}"


def _circumstances(arguments: Mapping[str, Any]) -> str:
    """ " in Oslo", " from Oslo to Bergen": arguments whose preposition is known, or without any such, all."""
    simple = {name: value for name, value in arguments.items() if isinstance(value, str | int | float)}
    placed = [(_preposition(name), value) for name, value in simple.items()]
    known = "".join(f" {preposition} {value}" for preposition, value in placed if preposition)
    return known or (" for " + _enumerated([in_words(value) for value in simple.values()]) if simple else "")


def _preposition(name: str) -> str | None:
    return next((PREPOSITIONS[word] for word in stems(name) if word in PREPOSITIONS), None)


def _is_plural(words: str) -> bool:
    return words.endswith("s") and not words.endswith("ss")


def _closed(text: str) -> str:
    return text if text[-1] in ".!?" else text + "."
