from __future__ import annotations

from typing import Annotated, Literal

from assistream.engine.openapi.components import answered, taken
from assistream.engine.schemas import CreateMessage, CreateRun, SubmitToolOutputs
from assistream.types import Run
from assistream.types.base import BaseModel, always


class Thing(BaseModel):
    id: str
    object: Annotated[Literal["thing"], always] = "thing"
    size: Annotated[int, always] = 0
    color: Literal["red", "blue"] | str | None = None
    note: str | None = None


def test_what_a_client_tolerates_is_not_said() -> None:
    places, schemas = answered([Thing])
    assert places[Thing] == {"$ref": "#/components/schemas/Thing"}
    assert schemas["Thing"]["required"] == ["id", "object", "size"]
    assert schemas["Thing"]["properties"] == {
        "id": {"type": "string"},
        "object": {"const": "thing", "type": "string"},
        "size": {"type": "integer"},
        "color": {"anyOf": [{"enum": ["red", "blue"], "type": "string"}, {"type": "null"}]},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }


def test_what_nobody_knows_is_not_said() -> None:
    _, schemas = answered([Run])
    assert not [name for name in schemas if name.startswith("Unknown")]


def test_bodies_have_names_of_their_own() -> None:
    places, schemas = taken([CreateMessage, CreateRun])
    assert places[CreateRun] == {"$ref": "#/components/schemas/NewCreateRun"}
    assert all(name.startswith("New") for name in schemas)


def test_limits_of_bodies_are_said() -> None:
    _, schemas = taken([CreateRun, SubmitToolOutputs])
    run = schemas["NewCreateRun"]["properties"]
    assert run["assistant_id"] == {"type": "string", "pattern": "^asst"}
    assert run["max_prompt_tokens"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
    assert schemas["NewToolOutput"]["required"] == ["tool_call_id"]
