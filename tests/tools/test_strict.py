from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from assistream.tools.schema import json_schema, parts
from assistream.tools.strict import EVERYWHERE, NEWEST, NotStrictError, Subset, strict

from .examples import STRICT, TYPES, Place

TAKEN = "type properties required additionalProperties items enum anyOf $ref $defs description".split()


def schema_of(annotation: Any, default: Any = ...) -> dict[str, Any]:
    return json_schema(create_model("Holder", x=(annotation, default)))


def made(annotation: Any, default: Any = ..., subset: Subset = EVERYWHERE, **options: bool) -> dict[str, Any]:
    return strict(schema_of(annotation, default), subset, **options)


def broken_rules(schema: dict[str, Any]) -> list[str]:
    """The rules of strict mode, as the API's documents have them."""
    wrong = [f"keyword {keyword}" for keyword in schema if keyword not in TAKEN]
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            wrong.append("an open object")
        if schema.get("required") != list(schema["properties"]):
            wrong.append("an optional property")
    if not schema.keys() & {"type", "anyOf", "$ref"}:
        wrong.append("no type")
    if "$ref" in schema and len(schema) > 1:
        wrong.append("a reference with something beside it")
    return wrong + [rule for part in parts(schema) for rule in broken_rules(part)]


@pytest.mark.parametrize("name", sorted(STRICT))
def test_strict_types_keep_the_rules(name: str) -> None:
    schema = made(TYPES[name])
    Draft202012Validator.check_schema(schema)
    assert broken_rules(schema) == []
    assert schema["type"] == "object"


@pytest.mark.parametrize("name", sorted(TYPES.keys() - STRICT - {"decimal"}))
def test_other_types_are_refused(name: str) -> None:
    with pytest.raises(NotStrictError, match=r"^(x|Pair)[.:]"):
        made(TYPES[name])


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")


class Counted(BaseModel):
    count: int = 1


class Nulled(BaseModel):
    count: int = Field(None)  # type: ignore[assignment] # pyright: ignore[reportAssignmentType] -- a wrong default


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        (Any, "x: it can be anything"),
        (list, r"x: it can be anything|x\.\[\]: it can be anything"),
        (dict[str, int], "x: it can have any property"),
        (Loose, "Loose: it can have any property"),
        (list[Counted], "Counted.count: it has a default"),
        (Nulled, "Nulled.count: it has a default"),
        (Annotated[int, Field(gt=0)], "x: exclusiveMinimum is not taken"),
        (datetime, "x: format is not taken"),
    ],
)
def test_why_not(annotation: Any, says: str) -> None:
    with pytest.raises(NotStrictError, match=says):
        made(annotation)


def test_newer_servers_take_more() -> None:
    bounded = made(Annotated[int, Field(gt=0, le=9)], subset=NEWEST)
    assert bounded["properties"]["x"] == {"type": "integer", "exclusiveMinimum": 0, "maximum": 9}
    assert made(datetime, subset=NEWEST)["properties"]["x"] == {"type": "string", "format": "date-time"}
    with pytest.raises(NotStrictError, match="the format path is not taken"):
        made(TYPES["path"], subset=NEWEST)


def test_what_takes_null_anyway_may_be_optional() -> None:
    schema = made(Place)
    assert schema["$defs"]["Place"]["required"] == ["name", "floor"]
    assert made(int | None, None)["required"] == ["x"]
    with pytest.raises(NotStrictError, match="x: it has a default"):
        made(int | None, 3)


def test_null_can_stand_for_a_default_at_the_top() -> None:
    nullable = {"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "null"}]}
    letters = Annotated[Literal["a", "b"], Field(description="which")]
    rewritten = made(letters, "a", null_leaves_out=True, rewrite=True)
    assert rewritten["properties"]["x"] == {"description": "which", **nullable}
    with pytest.raises(NotStrictError, match="x: it has a default"):
        made(letters, "a", null_leaves_out=True)
    assert made(letters, None, null_leaves_out=True)["properties"]["x"] == {"description": "which", **nullable}
    either = made(int | str, 1, null_leaves_out=True, rewrite=True)["properties"]["x"]
    assert either == {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}
    with pytest.raises(NotStrictError, match="count: it has a default"):
        made(Counted, null_leaves_out=True, rewrite=True)


def test_choices_have_a_type() -> None:
    assert made(Literal["a"])["properties"]["x"] == {"type": "string", "enum": ["a"]}
    assert made(Literal["a", 1, True])["properties"]["x"]["type"] == ["string", "integer", "boolean"]


def test_too_much_of_anything_is_refused() -> None:
    many: Any = {f"f{number}": (int, ...) for number in range(101)}
    with pytest.raises(NotStrictError, match="101 properties, and at most 100"):
        strict(json_schema(create_model("Many", **many)), EVERYWHERE)
    with pytest.raises(NotStrictError, match="6 levels"):
        made(list[list[list[list[list[int]]]]])
    assert made(list[list[list[list[int]]]])
    with pytest.raises(NotStrictError, match="501 choices"):
        made(Literal[tuple(range(501))])


def test_the_schema_given_stays_as_it_is() -> None:
    before = json_schema(TypeAdapter(TYPES["models"]))
    schema = {"type": "object", "properties": {"x": before}, "required": ["x"], "$defs": before.pop("$defs")}
    copy = TypeAdapter(Any).validate_json(TypeAdapter(Any).dump_json(schema))
    strict(schema, EVERYWHERE)
    assert schema == copy
