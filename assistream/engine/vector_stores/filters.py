"""Which files a search looks at, by their attributes. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ..lifecycle import Document

DEEPEST = 10
"""Levels of filters inside of filters."""
MOST = 100
"""Comparisons of one search."""
MOST_VALUES = 1000
"""Values of all the lists of one search."""


def matches(filters: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    """Whether a file with these attributes passes. What it has no attribute for is not equal to anything."""
    kind = filters["type"]
    if kind in ("and", "or"):
        inner = (matches(each, attributes) for each in filters["filters"])
        return all(inner) if kind == "and" else any(inner)
    return _COMPARISONS[kind](attributes.get(filters["key"]), filters["value"])


def size(filters: object) -> tuple[int, int]:
    """How many comparisons, and how many levels deep; of something that may be no filter."""
    inner = cast("Document", filters).get("filters") if isinstance(filters, dict) else None
    if not isinstance(inner, list):
        return 1, 1
    sizes = [size(each) for each in cast("list[object]", inner)]
    return sum(count for count, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)


def listed(filters: object) -> int:
    """How many values their lists have; of something that may be no filter, and is not too deep."""
    fields = cast("Document", filters) if isinstance(filters, dict) else {}
    inner, value = fields.get("filters"), fields.get("value")
    if isinstance(inner, list):
        return sum(map(listed, cast("list[object]", inner)))
    return len(cast("list[object]", value)) if isinstance(value, list) else 0


def _equal(held: object, wanted: object) -> bool:
    """JSON's idea of it: true is not 1."""
    return isinstance(held, bool) is isinstance(wanted, bool) and held == wanted


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Strings with strings, numbers with numbers; nothing else comes before or after something."""

    def check(held: object, wanted: object) -> bool:
        if isinstance(held, str) and isinstance(wanted, str):
            return compare(held, wanted)
        return _is_number(held) and _is_number(wanted) and compare(held, wanted)

    return check


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _among(held: object, wanted: object) -> bool:
    return any(_equal(held, each) for each in cast("list[object]", wanted))


_COMPARISONS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": _equal,
    "ne": lambda held, wanted: not _equal(held, wanted),
    "gt": _ordered(lambda held, wanted: held > wanted),
    "gte": _ordered(lambda held, wanted: held >= wanted),
    "lt": _ordered(lambda held, wanted: held < wanted),
    "lte": _ordered(lambda held, wanted: held <= wanted),
    "in": _among,
    "nin": lambda held, wanted: not _among(held, wanted),
}
