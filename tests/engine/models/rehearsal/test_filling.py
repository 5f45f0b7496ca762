from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models.rehearsal.filling import Filling
from assistream.engine.models.rehearsal.reading import Reading
from assistream.engine.models.rehearsal.schemas import fits

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}


def schema(required: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields) if required is None else required}


def fill(wanted: dict[str, Any], text: str, around: str = "", known: dict[str, Any] | None = None) -> Any:
    value = Filling(wanted, Reading(text), Reading(around or text), known).fill()
    assert fits(value, wanted, wanted)
    return value


def filled(field: dict[str, Any], text: str, name: str = "x", **more: Any) -> Any:
    """One required parameter beside an optional one that nothing fills."""
    return fill(schema([name], **{name: field, "unheard_of": STRING}), text, **more)[name]


@pytest.mark.parametrize(
    ("name", "field", "text", "value"),
    [
        ("city", STRING, "in Oslo at 14:00", "Oslo"),
        ("departure_time", STRING, "in Oslo at 14:00", "14:00"),
        ("day", STRING, "in Oslo tomorrow", "tomorrow"),
        ("day", {"type": "string", "format": "date"}, "tomorrow or 2025-03-01", "2025-03-01"),
        ("day", {"type": "string", "format": "date"}, "tomorrow", "2030-01-01"),
        ("begin", {"type": "string", "format": "date-time"}, "soon", "2030-01-01T12:00:00Z"),
        ("email", STRING, "write to anna@example.com", "anna@example.com"),
        ("link", STRING, "open https://example.com/a", "https://example.com/a"),
        ("expression", STRING, "compute 2 * (3 + 4)", "2 * (3 + 4)"),
        ("expression", STRING, "What is 6 times 7?", "6 * 7"),
        ("body", STRING, "mail bob@example.com saying that lunch is at noon", "lunch is at noon"),
        ("title", STRING, "read 'War and Peace' to Anna", "War and Peace"),
        ("query", STRING, "look for tea in Oslo", "tea in Oslo"),
        ("code", {"type": "string", "maxLength": 3}, "x", "som"),
        ("code", {"type": "string", "minLength": 12}, "x", "some code..."),
        ("code", {"type": "string", "examples": ["A1"]}, "x", "A1"),
        ("code", {"type": "string", "default": "B2"}, "x", "B2"),
        ("code", {"const": "C3"}, "x", "C3"),
        ("unit", {"enum": ["c", "f"]}, "in f please", "f"),
        ("unit", {"enum": ["c", "f"]}, "please", "c"),
        ("mode", {"enum": ["slow", "very_fast"]}, "go Very Fast", "very_fast"),
        ("level", {"enum": [1, 2, 3]}, "level 2", 2),
        ("nights", INTEGER, "2 guests, 3 nights", 3),
        ("nights", INTEGER, "for three", 3),
        ("nights", INTEGER, "for 2.5 or 4", 4),
        ("nights", {"type": "integer", "minimum": 2, "maximum": 5}, "1 or 9 or 4", 4),
        ("nights", {"type": "integer", "minimum": 2}, "none", 2),
        ("ratio", {"type": "number", "exclusiveMaximum": 1}, "none", 0.5),
        ("ratio", NUMBER, "a ratio of 0.25", 0.25),
        ("wind", BOOLEAN, "with wind", True),
        ("wind", BOOLEAN, "without wind", False),
        ("wind", BOOLEAN, "yes", True),
        ("wind", BOOLEAN, "hm", False),
        ("nothing", {"type": "null"}, "x", None),
        ("guests", {"type": "array", "items": STRING}, "for Anna, Bob and Eve", ["Anna", "Bob", "Eve"]),
        ("guests", {"type": "array", "items": STRING}, "for 'a' or 'b'", ["a", "b"]),
        ("guests", {"type": "array", "items": STRING}, "for Anna", ["Anna"]),
        ("guests", {"type": "array", "items": STRING}, "for us", []),
        ("guests", {"type": "array", "items": STRING, "minItems": 1}, "for us", ["some guest"]),
        ("sizes", {"type": "array", "items": INTEGER, "maxItems": 2}, "1, 2 and 3", [1, 2]),
        ("kinds", {"type": "array", "items": {"enum": ["tea", "milk", "rum"]}}, "rum and tea", ["tea", "rum"]),
        ("rooms", {"type": "array", "items": schema(city=STRING)}, "in Oslo", [{"city": "Oslo"}]),
        ("trip", schema(origin=STRING, day=STRING), "from Oslo on Friday", {"origin": "Oslo", "day": "Friday"}),
    ],
)
def test_a_required_value(name: str, field: dict[str, Any], text: str, value: Any) -> None:
    assert filled(field, text, name) == value


@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ({"city": STRING}, "Anna sleeps", {}),
        ({"city": STRING}, "Anna sleeps in Oslo", {"city": "Oslo"}),
        ({"nights": INTEGER}, "4 guests", {}),
        ({"nights": INTEGER}, "4 nights", {"nights": 4}),
        ({"wind": BOOLEAN}, "yes", {}),
        ({"wind": BOOLEAN}, "no wind", {"wind": False}),
        ({"unit": {"enum": ["mile", "meter"], "default": "mile"}}, "far", {}),
        ({"unit": {"enum": ["mile", "meter"]}}, "in meter", {"unit": "meter"}),
        ({"guests": {"type": "array", "items": STRING}}, "Anna and Bob", {}),
        ({"trip": schema(origin=STRING, day=STRING)}, "from Oslo", {}),
        ({"trip": schema(["origin"], origin=STRING, day=STRING)}, "from Oslo", {"trip": {"origin": "Oslo"}}),
    ],
)
def test_an_optional_value_is_filled_only_if_it_is_mentioned(
    field: dict[str, Any], text: str, found: dict[str, Any]
) -> None:
    assert fill(schema([], other=STRING, **field), text) == found


def test_a_sole_parameter_is_filled_though_it_is_optional() -> None:
    assert fill(schema([], code=STRING), "check 'A1'") == {"code": "A1"}


def test_a_guess_does_not_take_what_another_parameter_is_named_for() -> None:
    assert fill(schema(guest=STRING, destination=STRING), "to Oslo with Anna") == {
        "guest": "Anna",
        "destination": "Oslo",
    }


def test_what_the_words_lack_comes_from_around_them() -> None:
    assert filled(STRING, "what is the weather", "city", around="I am in Oslo; what is the weather") == "Oslo"


def test_what_is_known_comes_first_if_it_fits() -> None:
    known = {"city": "Rome", "days": "three"}

    assert fill(schema(city=STRING, days=INTEGER), "2 days in Oslo", known=known) == {"city": "Rome", "days": 2}


def test_a_known_object_is_taken_whole_if_it_fits() -> None:
    place = schema(city=STRING)

    assert filled(place, "in Oslo", "place", known={"place": {"city": "Rome"}}) == {"city": "Rome"}
    assert filled(place, "in Oslo", "place", known={"place": {"town": "Rome"}}) == {"city": "Oslo"}


@pytest.mark.parametrize("nullable", [{"type": ["string", "null"]}, {"anyOf": [STRING, {"type": "null"}]}])
def test_a_nullable_value_is_null_unless_it_is_mentioned(nullable: dict[str, Any]) -> None:
    assert filled(nullable, "Anna sleeps", "city") is None
    assert filled(nullable, "Anna sleeps in Oslo", "city") == "Oslo"


def test_references_are_followed() -> None:
    wanted = schema(trip={"$ref": "#/$defs/Trip"}) | {"$defs": {"Trip": schema(origin=STRING)}}

    assert fill(wanted, "from Oslo") == {"trip": {"origin": "Oslo"}}


NODE = schema(["city"], city=STRING, next={"$ref": "#/$defs/Node"}, all={"type": "array", "items": {"$ref": "#"}})
STRICT = schema(city=STRING, next={"anyOf": [{"$ref": "#/$defs/Strict"}, {"type": "null"}]})
LISTS = schema(city=STRING, children={"type": "array", "items": {"$ref": "#/$defs/Lists"}})


@pytest.mark.parametrize("text", ["in Oslo", "nowhere", ""])
@pytest.mark.parametrize("node", [NODE, STRICT, LISTS])
def test_a_schema_that_contains_itself_has_an_end(node: dict[str, Any], text: str) -> None:
    assert fill(node | {"$defs": {"Node": NODE, "Strict": STRICT, "Lists": LISTS}}, text)["city"]


def self_containing(count: int) -> dict[str, Any]:
    return schema(None, **{f"p{number}": {"$ref": "#"} for number in range(count)})


ENDLESS: list[dict[str, Any]] = [
    self_containing(1),
    self_containing(20),
    schema(a={"type": "array", "minItems": 3, "items": {"$ref": "#"}}),
    schema(a={"type": "array", "minItems": 10**9, "items": {"type": "array", "minItems": 10**9, "items": STRING}}),
    schema(a={"type": "string", "minLength": 10**9}),
    schema(None, **{f"p{number}": STRING for number in range(2000)}),
]


@pytest.mark.parametrize("wanted", ENDLESS)
def test_what_wants_too_much_is_cut_off(wanted: dict[str, Any]) -> None:
    words = Reading("in Oslo")
    filled = Filling(wanted, words, words).fill()
    assert list(filled) == list(wanted["properties"])
    assert len(json.dumps(filled)) < 60_000


MALFORMED: list[Any] = [
    None,
    True,
    {"enum": []},
    {"enum": [None, {}, []]},
    {"type": 5},
    {"type": "integer", "minimum": "x"},
    {"type": "number", "exclusiveMinimum": 10**4000},
    {"description": 5},
    {"anyOf": [True]},
    {"allOf": [{"$ref": "#"}]},
    {"$ref": "#/properties/field/nowhere"},
    {"type": "object", "properties": {"a": None}, "required": [["a"]]},
    {"type": "array", "items": True, "minItems": 2},
]


@pytest.mark.parametrize("field", MALFORMED, ids=str)
def test_a_malformed_schema_is_filled_with_something(field: Any) -> None:
    words = Reading("the field in Oslo: 5 " + "9" * 400)
    assert "field" in Filling(schema(["field"], field=field, other=STRING), words, words).fill()


def array(item: dict[str, Any], few: int) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": few}


def pair(city: dict[str, Any], count: dict[str, Any]) -> dict[str, Any]:
    return schema(["city"], city=city, count=count)


def deeper(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(array, inner, st.integers(0, 3)) | st.builds(pair, inner, inner)


SIMPLE: list[dict[str, Any]] = [
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    {"enum": ["a", 2, None]},
    {"type": ["number", "null"]},
    {"type": "integer", "minimum": 3, "maximum": 4},
    {"type": "string", "minLength": 3, "maxLength": 5},
]
fields = st.recursive(st.sampled_from(SIMPLE), deeper, max_leaves=6)


@given(fields, st.sampled_from(["in Oslo", "count: 3, a 'b' and Rome", "", "yes 1 2 3 for Anna and Bob"]))
def test_what_is_filled_always_fits(field: dict[str, Any], text: str) -> None:
    fill(schema(field=field), text)
