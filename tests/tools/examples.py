"""Functions with every kind of type, for the tests of tools."""

# No `from __future__ import annotations` here: in the test files annotations are strings, here they are not.

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from assistream.tools import ToolContext
from assistream.types import PendingCall

CONTEXT = ToolContext(PendingCall(id="call_1", name="f", arguments="{}", run_id="run_1", thread_id="thread_1"))


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Place(BaseModel):
    """Where something is."""

    name: str
    floor: int | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str]


class Tree(BaseModel):
    name: str
    branches: list["Tree"]


@dataclass
class Point:
    x: int
    y: float


class Row(TypedDict):
    id: int
    place: Place


class Pair(NamedTuple):
    left: int
    right: str


TYPES: dict[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "literal": Literal["a", "b"],
    "mixed literal": Literal["a", 1, None],
    "enum": Colour,
    "int enum": Level,
    "optional": int | None,
    "union": int | str | list[bool],
    "list": list[int],
    "dict": dict[str, float],
    "tuple": tuple[int, str],
    "set": set[int],
    "model": Place,
    "models": list[Place],
    "either model": Annotated[Cat | Dog, Field(discriminator="kind")],
    "recursive": Tree,
    "dataclass": Point,
    "typed dict": Row,
    "named tuple": Pair,
    "datetime": datetime,
    "date": date,
    "time": time,
    "timedelta": timedelta,
    "uuid": UUID,
    "decimal": Decimal,
    "path": Path,
    "bounded": Annotated[int, Field(gt=0, le=50)],
    "any": Any,
}

STRICT = set(
    "int, float, str, bool, literal, mixed literal, enum, int enum, optional, union, list, model, models, either model,"
    " recursive, dataclass, typed dict".replace(", ", ",").split(",")
)
"""Those whose schema every strict mode takes as it is."""


def taking(annotation: Any) -> Any:
    """A function that returns its one argument, `x`, which has this type."""

    def take(x: Any) -> Any:
        return x

    take.__annotations__["x"] = annotation
    return take


def fits(schema: dict[str, Any], value: object) -> bool:
    """Whether the value is what the schema wants."""
    validator: Any = Draft202012Validator(schema)
    return bool(validator.is_valid(value))
