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
        if isinstance(value, dict) and value:
            if path.endswith("]"):
                yield ""  # an element of a list is a paragraph
            members = cast("dict[str, object]", value)
            held += [(_joined(path, f".{key}" if path else key), inner) for key, inner in reversed(members.items())]
        elif isinstance(value, list) and not _is_short(elements := cast("list[object]", value)):
            places = range(len(elements) - 1, -1, -1)
            held += [(_joined(path, f"[{place}]"), elements[place]) for place in places]
        else:
            shown = _shown(cast("object", value))
            yield f"{path}: {shown}" if path else shown


def _is_short(elements: list[object]) -> bool:
    return all(not isinstance(each, dict | list) and len(_shown(each)) <= _LONG for each in elements)


def _joined(path: str, step: str) -> str:
    longer = path + step[:_PATH]
    return longer if len(longer) <= _PATH else "…" + longer[-_PATH:]


def _shown(value: object) -> str:
    if isinstance(value, list) and value:
        return ", ".join(map(_shown, cast("list[object]", value)))
    return value if isinstance(value, str) else json.dumps(value)
