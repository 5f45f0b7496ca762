from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.vector_stores.filters import listed, matches, size

HELD: dict[str, Any] = {"year": 2024, "part": 1.5, "lang": "en", "draft": True, "zero": 0}


def one(type: str, key: str, value: Any) -> dict[str, Any]:
    return {"type": type, "key": key, "value": value}


@pytest.mark.parametrize(
    ("type", "key", "value", "passes"),
    [
        ("eq", "year", 2024, True),
        ("eq", "year", 2024.0, True),
        ("eq", "year", "2024", False),
        ("eq", "draft", True, True),
        ("eq", "draft", 1, False),
        ("eq", "zero", False, False),
        ("eq", "absent", "x", False),
        ("ne", "lang", "de", True),
        ("ne", "lang", "en", False),
        ("ne", "absent", "x", True),
        ("gt", "year", 2023, True),
        ("gt", "year", 2024, False),
        ("gte", "year", 2024, True),
        ("lt", "part", 2, True),
        ("lte", "part", 1.5, True),
        ("lt", "year", 2024, False),
        ("gt", "lang", "de", True),
        ("gt", "lang", 1, False),
        ("gt", "draft", 0, False),
        ("lte", "absent", 1, False),
        ("in", "lang", ["de", "en"], True),
        ("in", "year", ["2024"], False),
        ("in", "draft", [1], False),
        ("in", "absent", ["x"], False),
        ("nin", "lang", ["de"], True),
        ("nin", "lang", ["en"], False),
        ("nin", "absent", ["x"], True),
        ("in", "lang", [], False),
    ],
)
def test_comparisons(type: str, key: str, value: Any, passes: bool) -> None:
    assert matches(one(type, key, value), HELD) is passes


def test_compounds() -> None:
    yes, no = one("eq", "lang", "en"), one("eq", "lang", "de")

    def both(type: str, *filters: dict[str, Any]) -> bool:
        return matches({"type": type, "filters": list(filters)}, HELD)

    assert both("and", yes, yes)
    assert not both("and", yes, no)
    assert both("or", no, yes)
    assert not both("or", no, no)
    assert both("and")
    assert not both("or")
    assert both("and", yes, {"type": "or", "filters": [no, {"type": "and", "filters": [yes]}]})


def test_sizes() -> None:
    leaf = one("eq", "a", 1)
    assert size(leaf) == (1, 1)
    assert size({"type": "and", "filters": [leaf, {"type": "or", "filters": [leaf, leaf]}]}) == (3, 3)
    assert size({"type": "and", "filters": []}) == (0, 1)


def test_values_of_lists() -> None:
    some = one("in", "a", [1, 2])
    assert listed({"type": "and", "filters": [some, one("eq", "a", 1), {"type": "or", "filters": [some]}]}) == 4
    assert [listed(what) for what in (some, one("eq", "a", 1), None, "x")] == [2, 0, 0, 0]
