"""JSON as lines of text that say where in the document each value is: ``users[3].address.city: Zurich``.

A chunk of JSON as it is written does not tell what its values belong to, and punctuation fills it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

_LONG = 40
_PATH = 200
"""Characters of a path that are shown, so that what is deeply nested does not become long."""


def records(text: str) -> Iterator[str]:
    """The lines for a JSON text, or for each line that is one; what is no JSON comes as it is."""
    try:
        yield from _lines(json.loads(text))
    except (
        ValueError,
        RecursionError,
    ):  # comments in it, cut off, nested too deep: the words can be found nevertheless
        for line in text.splitlines():
            yield from _line(line)


def _line(line: str) -> Iterator[str]:
    if line.lstrip().startswith(("{", "[")):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            pass
        else:
            yield ""
            yield from _lines(value)
            return
    yield line


def _lines(whole: object) -> Iterator[str]:
    held: list[tuple[str, object]] = [("", whole)]
    while held:
        path, value = held.pop()
        inner = _inner(value)
        if inner is None:
            yield f"{path}: {_shown(value)}" if path else _shown(value)
            continue
        if path.endswith("]") and inner[0][0].startswith("."):
            yield ""  # an object in a list is a paragraph
        held += [(_joined(path, step), each) for step, each in reversed(inner)]


def _inner(value: object) -> list[tuple[str, object]] | None:
    """What is in `value`, each with the step that leads there; None if it is shown in one line."""
    if isinstance(value, dict) and value:
        return [(f".{key}", each) for key, each in cast("dict[str, object]", value).items()]
    if isinstance(value, list) and not _is_short(elements := cast("list[object]", value)):
        return [(f"[{place}]", each) for place, each in enumerate(elements)]
    return None


def _is_short(elements: list[object]) -> bool:
    return all(not isinstance(each, dict | list) and len(_shown(each)) <= _LONG for each in elements)


def _joined(path: str, step: str) -> str:
    longer = path + step[:_PATH] if path else step[:_PATH].removeprefix(".")
    return longer if len(longer) <= _PATH else "…" + longer[-_PATH:]


def _shown(value: object) -> str:
    if isinstance(value, list) and value:
        return ", ".join(map(_shown, cast("list[object]", value)))
    return value if isinstance(value, str) else json.dumps(value)
