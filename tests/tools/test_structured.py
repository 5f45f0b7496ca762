from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, RootModel, TypeAdapter

from assistream.engine.schemas import ResponseFormat
from assistream.errors import ConfigurationError, StructuredOutputError
from assistream.tools import parsed, response_format

from .examples import TYPES, Cat, Colour, Dog, Place, Point, Row, Tree, fits
from .values import values

T = TypeVar("T")
PAGE = {"name": "Page_Place_", "strict": True}


class Loose(BaseModel):
    anything: dict[str, Any]


class Many(RootModel[list[int]]):
    pass


def definition(model: type) -> dict[str, Any]:
    found: Any = response_format(model)["json_schema"]
    return dict(found)


def schema(model: type) -> dict[str, Any]:
    return dict(definition(model)["schema"])


def test_a_model_is_asked_for_strictly() -> None:
    assert response_format(Place) == {
        "type": "json_schema",
        "json_schema": {
            "name": "Place",
            "strict": True,
            "schema": {
                "type": "object",
                "description": "Where something is.",
                "additionalProperties": False,
                "required": ["name", "floor"],
                "properties": {"name": {"type": "string"}, "floor": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
            },
        },
    }


def test_what_cannot_be_strict_is_not() -> None:
    assert definition(Loose).keys() == {"name", "schema"}


def test_what_is_no_object_is_inside_of_one() -> None:
    assert schema(list[int])["properties"] == {"value": {"type": "array", "items": {"type": "integer"}}}
    assert parsed('{"value": [1, 2]}', list[int]) == [1, 2]
    assert parsed('{"value": [1]}', Many) == Many([1])
    either: Any = Cat | Dog
    assert parsed('{"value": {"kind": "dog", "tricks": []}}', either) == Dog(kind="dog", tricks=[])


@pytest.mark.parametrize("model", [Place, Point, Row, Tree, Many, Colour, list[Place], int, dict[str, int]])
def test_names_and_formats_are_what_the_api_takes(model: type) -> None:
    TypeAdapter[Any](ResponseFormat).validate_python(response_format(model))
    assert schema(model)["type"] == "object"


class Page(BaseModel, Generic[T]):
    items: list[T]


def test_a_generic_name_is_made_fit() -> None:
    assert definition(Page[Place]) == {**PAGE, "schema": schema(Page[Place])}


@pytest.mark.parametrize("name", sorted(TYPES.keys() - {"any"}))
def test_what_fits_the_schema_is_parsed(name: str) -> None:
    model = TYPES[name]
    wanted, adapter = schema(model), TypeAdapter[Any](model)
    wrapped = wanted.get("required") == ["value"]

    @given(values(name))
    @settings(max_examples=25, deadline=None)
    def round_trip(value: Any) -> None:
        answer = adapter.dump_python(value, mode="json")
        answer = {"value": answer} if wrapped else answer
        assert fits(wanted, answer)
        assert parsed(json.dumps(answer), model) == value

    round_trip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"floor": "x"}', "- name: Field required\n- floor: Input should be a valid integer"),
        ("", "- Invalid JSON: EOF"),
        ("Sorry, no.", "- Invalid JSON: "),
        ("[]", "- Input should be a JSON object"),
    ],
)
def test_another_answer_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(StructuredOutputError) as raised:
        parsed(text, Place)
    assert str(raised.value).startswith(f"The answer is no Place:\n{says}")
    assert raised.value.text == text
    assert "http" not in str(raised.value)


def test_a_type_without_a_schema_is_refused() -> None:
    broken: Any = Callable[[], int]
    with pytest.raises(ConfigurationError, match="Callable has no JSON schema: Cannot generate"):
        response_format(broken)
