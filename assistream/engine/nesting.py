"""How deep JSON is nested, found without recursion: what comes from outside may be nested deeper than Python calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast


def is_deeper(value: object, levels: int) -> bool:
    """Whether arrays and objects stand inside each other more than ``levels`` deep; a bare value is level one."""
    held = [value]
    for _ in range(levels):
        if not held:
            return False
        held = [inner for each in held for inner in _held(each)]
    return bool(held)


def _held(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()
