from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field, TypeAdapter, create_model

from assistream.tools.schema import changed, json_schema, parts, referred

from .examples import TYPES, Cat, Place, Tree, fits
from .values import values


def keywords(schema: dict[str, Any]) -> set[str]:
    return set(schema).union(*map(keywords, parts(schema)))


@pytest.mark.parametrize("annotation", TYPES.values(), ids=list(TYPES))
def test_it_is_a_schema_without_titles(annotation: Any) -> None:
    schema = json_schema(TypeAdapter(annotation))
    Draft202012Validator.check_schema(schema)
    assert "title" not in keywords(schema)


@pytest.mark.parametrize("annotation", TYPES.values(), ids=list(TYPES))
def test_a_reference_stands_alone(annotation: Any) -> None:
    described: Any = Annotated[annotation, Field(description="of x")]
    looking = [json_schema(create_model("Holder", x=(described, ...)))]
    for schema in looking:
        assert not referred(schema) or len(schema) == 1
        looking += parts(schema)


def test_what_says_more_of_a_reference_is_put_in_its_place() -> None:
    class Trip(BaseModel):
        start: Place = Field(description="from here")

    assert json_schema(Trip) == {
        "type": "object",
        "required": ["start"],
        "properties": {
            "start": {
                "type": "object",
                "description": "from here",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "floor": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
                },
            }
        },
    }


class Node(BaseModel):
    next: Node = Field(description="the one after it")


def test_a_type_may_refer_to_itself() -> None:
    tree = json_schema(Tree)
    assert tree["properties"]["branches"] == {"type": "array", "items": {"$ref": "#/$defs/Tree"}}
    assert tree["$defs"]["Tree"]["type"] == "object"
    assert json_schema(Node)["$defs"]["Node"]["properties"] == {"next": {"$ref": "#/$defs/Node"}}


def test_a_property_may_be_called_title() -> None:
    class Book(BaseModel):
        title: str = "none"

    assert json_schema(Book)["properties"] == {"title": {"type": "string", "default": "none"}}


def test_a_default_that_is_no_json_is_not_told() -> None:
    class Odd(BaseModel):
        x: Any = object()

    assert json_schema(Odd)["properties"] == {"x": {}}


def test_definitions_that_nobody_refers_to_are_left_out() -> None:
    class One(BaseModel):
        cat: Cat = Field(description="the only one")

    assert "$defs" not in json_schema(One)


def test_values_are_no_parts() -> None:
    schema = {
        "default": {"title": "kept"},
        "enum": [{"title": "kept"}],
        "items": {"type": "null"},
        "anyOf": [{"type": "string"}, True],
        "additionalProperties": False,
        "properties": {"items": {"const": 1}},
    }
    assert parts(schema) == [{"type": "null"}, {"type": "string"}, {"const": 1}]
    assert changed(schema, lambda part: {**part, "x": 1})["properties"] == {"items": {"const": 1, "x": 1}}
    assert changed(schema, dict) == schema


@pytest.mark.parametrize("name", TYPES)
def test_what_the_type_can_be_fits_its_schema(name: str) -> None:
    adapter = TypeAdapter[Any](TYPES[name])
    schema = json_schema(adapter)

    @given(values(name))
    @settings(max_examples=20, deadline=None)
    def fit(value: Any) -> None:
        assert fits(schema, adapter.dump_python(value, mode="json"))

    fit()
