from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from assistream.errors import ToolError
from assistream.tools import render

from .examples import Colour, Level, Place, Point


class Named(BaseModel):
    from_: str = Field(alias="from")


class Text(StrEnum):
    A = "a b"


class Odd(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Numbers(Enum):
    PAIR = (1, 2)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("as it is", "as it is"),
        ("", ""),
        ('"quoted"', '"quoted"'),
        ("日本 🎉", "日本 🎉"),
        (Odd("x"), "x"),
        (Colour.RED, "red"),
        (Text.A, "a b"),
        (Level.HIGH, "2"),
        (Numbers.PAIR, "[1,2]"),
        (None, "null"),
        (True, "true"),
        (42, "42"),
        (1.5, "1.5"),
        ([1, "a", None], '[1,"a",null]'),
        ({"error": "no failure"}, '{"error":"no failure"}'),
        ({1: {"ü": 2}}, '{"1":{"ü":2}}'),
        ((1, 2), "[1,2]"),
        ({3}, "[3]"),
        (Place(name="x"), '{"name":"x","floor":null}'),
        (Named.model_validate({"from": "x"}), '{"from":"x"}'),
        ([Point(1, 2.0)], '[{"x":1,"y":2.0}]'),
        (datetime(2026, 1, 2, tzinfo=UTC), '"2026-01-02T00:00:00Z"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (Decimal("1.10"), '"1.10"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Path("a/b"), '"a/b"'),
        ("é".encode(), '"é"'),
        (float("nan"), "null"),
        ({"x": [float("inf")]}, '{"x":[null]}'),
        (Point(1, float("nan")), '{"x":1,"y":null}'),
    ],
)
def test_what_the_model_reads(result: object, text: str) -> None:
    assert render(result) == text


@dataclass
class Opaque:
    inside: object


class Loop(BaseModel):
    me: Any = None


def endless() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


def looping() -> Loop:
    loop = Loop()
    loop.me = loop
    return loop


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (object(), r"of type object, cannot be written as JSON: Unable to serialize unknown type"),
        (Opaque(print), "of type Opaque, cannot"),
        (b"\xff", "of type bytes, cannot .*utf-8"),
        (endless(), "of type list, cannot .*Circular"),
        (looping(), "of type Loop, cannot .*Circular"),
        (["\ud800"], "of type list, cannot .*surrogates"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:20],
)
def test_what_cannot_be_json_says_so(result: object, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        render(result)


def test_half_of_a_pair_is_replaced() -> None:
    assert render("file\udcff.txt") == "file\ufffd.txt"
    assert render("\ud83c\udf89 \ud800") == "🎉 \ufffd"


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_sent(text: str) -> None:
    rendered = render(text)
    rendered.encode("utf-8")
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert rendered == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
)


@given(JSON.filter(lambda value: not isinstance(value, str)))
def test_json_stays_what_it_is(value: Any) -> None:
    assert json.loads(render(value)) == value
