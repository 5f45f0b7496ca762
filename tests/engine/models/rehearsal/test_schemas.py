from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models.rehearsal.schemas import (
    LONGEST,
    bounded,
    fits,
    is_nullable,
    kind_of,
    resolved,
    sized,
    tidy,
)

ROOT: dict[str, Any] = {
    "$defs": {"City": {"type": "string"}, "Round": {"$ref": "#/$defs/Round"}, "Alias": {"$ref": "#/$defs/City"}}
}


@pytest.mark.parametrize(
    ("schema", "flat"),
    [
        ({"$ref": "#/$defs/City", "description": "Where"}, {"type": "string", "description": "Where"}),
        ({"$ref": "#/$defs/Alias"}, {"type": "string"}),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/City"}], "default": "x"}, {"type": "string", "default": "x"}),
        ({"oneOf": [{"type": "null"}]}, {"type": "null"}),
        ({"allOf": [{"$ref": "#/$defs/City"}, {"maxLength": 3}]}, {"type": "string", "maxLength": 3}),
        ({"$ref": "#/$defs/Nowhere"}, {}),
    ],
)
def test_resolved(schema: dict[str, Any], flat: dict[str, Any]) -> None:
    assert resolved(schema, ROOT) == flat


def test_a_reference_to_itself_has_an_end() -> None:
    assert kind_of(resolved({"$ref": "#/$defs/Round"}, ROOT)) == "string"


@pytest.mark.parametrize("count", [1, 20])
def test_merging_parts_that_contain_themselves_has_an_end(count: int) -> None:
    assert resolved({"allOf": [{"$ref": "#"}] * count}, {"allOf": [{"$ref": "#"}] * count, "type": "integer"})


@pytest.mark.parametrize(
    ("schema", "flat"),
    [
        (True, {}),
        (None, {}),
        ({"type": 5, "enum": [], "anyOf": [], "items": True, "description": 5}, {}),
        ({"minimum": "x", "maximum": True, "maxLength": -1, "minLength": 1.5, "exclusiveMinimum": 10**4000}, {}),
        ({"required": [["a"]], "properties": []}, {}),
        ({"required": "a", "type": ["string", 5], "format": [], "$ref": 1}, {}),
        ({"type": ["string"], "minimum": 0, "other": True}, {"type": ["string"], "minimum": 0, "other": True}),
    ],
)
def test_malformed_keywords_are_dropped(schema: object, flat: dict[str, Any]) -> None:
    assert tidy(schema) == flat


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": ["null", "integer"]}, "integer"),
        ({"type": ["null"]}, "null"),
        ({"properties": {}}, "object"),
        ({"items": {}}, "array"),
        ({}, "string"),
    ],
)
def test_kind_of(schema: dict[str, Any], kind: str) -> None:
    assert kind_of(schema) == kind


def test_nullable() -> None:
    assert is_nullable({"type": ["string", "null"]})
    assert is_nullable({"anyOf": [{"type": "string"}, {"type": "null"}]})
    assert not is_nullable({"type": "string"})


def test_bounds() -> None:
    assert bounded(9, {"maximum": 5}) == 5
    assert bounded(1, {"minimum": 2.5}) == 2.5
    assert bounded(1, {"type": "integer", "exclusiveMinimum": 1}) == 2
    assert bounded(1, {"exclusiveMaximum": 1}) == 0.5
    assert str(bounded(3.0, {})) == "3"


def test_sizes() -> None:
    assert len(sized("tea", {"minLength": 10**9})) == LONGEST
    assert [sized("tea", {"minLength": 5}), sized("tea", {"maxLength": 1}), sized("tea", {})] == ["tea..", "t", "tea"]


CLOSED: dict[str, Any] = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"n": 1}, CLOSED),
        ([1, 2], {"type": "array", "items": {"type": "integer"}, "maxItems": 2}),
        (None, {"type": ["string", "null"]}),
        (2.5, {"type": "number"}),
        ("a", {"enum": ["a", "b"]}),
        (True, {"type": "boolean"}),
    ],
)
def test_fits(value: Any, schema: dict[str, Any]) -> None:
    assert fits(value, schema, schema)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({}, CLOSED),
        ({"n": "1"}, CLOSED),
        ({"n": 1, "m": 2}, CLOSED),
        ([], CLOSED),
        ([1, "2"], {"type": "array", "items": {"type": "integer"}}),
        ([], {"type": "array", "minItems": 1}),
        ("x", {"type": "array"}),
        (None, {"type": "string"}),
        (2.5, {"type": "integer"}),
        (True, {"type": "integer"}),
        (7, {"type": "integer", "maximum": 6}),
        ("long", {"type": "string", "maxLength": 3}),
        ("c", {"enum": ["a", "b"]}),
        (1, {"const": 2}),
        (1, {"type": "boolean"}),
    ],
)
def test_does_not_fit(value: Any, schema: dict[str, Any]) -> None:
    assert not fits(value, schema, schema)
