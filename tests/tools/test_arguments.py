from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter

from assistream.errors import ConfigurationError, ToolArgumentsError
from assistream.tools.arguments import Arguments
from assistream.tools.signatures import Signature

from .examples import TYPES, Place, fits, taking
from .values import values


def arguments(function: Callable[..., Any], **told: str) -> Arguments:
    return Arguments(function, Signature(function).arguments, told)


def read(function: Callable[..., Any], text: str) -> dict[str, Any]:
    return arguments(function).read("f", text)


def complaints(function: Callable[..., Any], text: str) -> list[str]:
    with pytest.raises(ToolArgumentsError) as raised:
        read(function, text)
    first, *lines = str(raised.value).splitlines()
    assert first == "The arguments of f are not valid:"
    return lines


@pytest.mark.parametrize("name", TYPES)
def test_the_function_gets_what_was_written(name: str) -> None:
    prepared, adapter = arguments(taking(TYPES[name])), TypeAdapter[Any](TYPES[name])

    @given(values(name))
    @settings(max_examples=40, deadline=None)
    def round_trip(value: Any) -> None:
        text = '{"x": ' + adapter.dump_json(value).decode() + "}"
        assert prepared.read("f", text) == {"x": value}
        assert fits(prepared.schema, json.loads(text))

    round_trip()


def forecast(city: str, days: int = 3, unit: Literal["c", "f"] = "c") -> None: ...


def test_what_is_left_out_is_left_to_the_function() -> None:
    assert read(forecast, '{"city": "Oslo"}') == {"city": "Oslo"}
    assert read(forecast, '{"city": "Oslo", "days": "5"}') == {"city": "Oslo", "days": 5}


@pytest.mark.parametrize("text", ["", " \n", "{}"])
def test_no_text_means_no_arguments(text: str) -> None:
    def f(x: int = 1) -> None: ...

    assert read(f, text) == {}
    assert complaints(forecast, text) == ["- city: Field required"]


def test_complaints_are_about_the_arguments() -> None:
    assert complaints(forecast, '{"city": 5, "unit": "k", "colour": 1}') == [
        "- city: Input should be a valid string",
        "- unit: Input should be 'c' or 'f'",
        "- colour: there is no such argument: only city, days, unit",
    ]
    assert complaints(forecast, "[1]") == complaints(forecast, "null") == ["- Input should be a JSON object"]
    (line,) = complaints(forecast, '{"city": "Os')
    assert line.startswith("- Invalid JSON: EOF")


def test_bounds_are_told_and_kept() -> None:
    def f(cents: Annotated[int, Field(gt=0, le=50_000)]) -> None: ...

    bounds = {"type": "integer", "exclusiveMinimum": 0, "maximum": 50_000}
    assert arguments(f).schema["properties"] == {"cents": bounds}
    assert complaints(f, '{"cents": 0}') == ["- cents: Input should be greater than 0"]
    assert complaints(f, '{"cents": 50001}') == ["- cents: Input should be less than or equal to 50000"]


NONE: Any = None
"""Older programs have it as a default where the type does not say so."""


def test_null_leaves_out_where_it_does_not_fit() -> None:
    def f(days: int = 3, place: str | None = "home", limit: int = NONE) -> None: ...

    assert read(f, '{"days": null, "place": null, "limit": null}') == {"days": 3, "place": None, "limit": None}
    assert complaints(f, '{"days": "x"}')[0].startswith("- days: Input should be a valid integer")
    assert complaints(forecast, '{"city": null}') == ["- city: Input should be a valid string"]


def test_a_field_can_say_everything() -> None:
    def f(
        a: int = Field(gt=0, description="at least one"),
        b: list[int] = Field(default_factory=list, max_length=2),  # noqa: B008 -- as pydantic's own validate_call has it
        c: Annotated[int, Field(default=7)] = 8,
        from_: Annotated[str, Field(alias="from")] = "here",
    ) -> None: ...

    assert read(f, '{"a": 1}') == {"a": 1, "b": []}
    assert read(f, '{"a": 1, "b": [2], "from": "x"}') == {"a": 1, "b": [2], "from_": "x"}
    assert complaints(f, '{"a": 0, "from_": "x"}') == [
        "- a: Input should be greater than 0",
        "- from_: there is no such argument: only a, b, c, from",
    ]
    schema = arguments(f, a="of the docstring").schema
    assert schema["required"] == ["a"]
    assert schema["properties"]["a"]["description"] == "at least one"


def test_a_default_in_the_type_alone() -> None:
    def f(x: Annotated[int, Field(default=7)]) -> None: ...

    assert read(f, "{}") == read(f, '{"x": null}') == {"x": 7}


@pytest.mark.parametrize("name", ["copy", "json", "schema", "model_config", "_private", "p0", "self"])
def test_any_name_will_do(name: str) -> None:
    scope: dict[str, Any] = {}
    exec(f"def f({name}: int): ...", scope)
    assert read(scope["f"], f'{{"{name}": 1}}') == {name: 1}


def test_what_is_told_of_a_parameter_is_in_the_schema() -> None:
    schema = arguments(forecast, city="City and country.", nobody="?").schema
    assert schema == {
        "type": "object",
        "additionalProperties": False,
        "required": ["city"],
        "properties": {
            "city": {"type": "string", "description": "City and country."},
            "days": {"type": "integer", "default": 3},
            "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
        },
    }


def test_a_default_of_any_kind() -> None:
    nothing = object()

    def f(x: Any = nothing, where: Place = Place(name="here")) -> None: ...  # noqa: B008 -- nobody changes it

    assert read(f, "{}") == {}
    assert arguments(f).schema["properties"]["x"] == {}
    assert arguments(f).schema["properties"]["where"]["default"] == {"name": "here", "floor": None}


class Opaque:
    pass


class Broken(BaseModel):
    x: Missing  # type: ignore[name-defined] # noqa: F821 # pyright: ignore[reportUndefinedVariable] -- it is nowhere


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        (Opaque, "the type of its parameter 'x', Opaque, has no JSON schema: Unable to generate pydantic-core schema"),
        (Callable[[int], int], r"'x', collections.abc.Callable\[\[int\], int\], has no JSON schema: Cannot generate"),
        (list[Opaque], r"'x', list\[tests.tools.test_arguments.Opaque\], has no JSON schema"),
        (Broken, "'x', Broken, has no JSON schema: "),
    ],
)
def test_a_type_without_a_schema_is_named(annotation: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^take cannot be a tool: .*{says}") as raised:
        arguments(taking(annotation))
    assert "http" not in str(raised.value)


def test_validators_speak_to_the_model() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise ValueError(f"{value} is odd")
        return value

    assert complaints(taking(Annotated[int, AfterValidator(even)]), '{"x": 3}') == ["- x: 3 is odd"]
