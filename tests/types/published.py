"""The schemas of the published API documents."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.shared import require_shared


@cache
def _schemas(version: str) -> dict[str, Any]:
    document = json.loads(require_shared(f"openapi/{version}.scope.json").read_bytes())
    schemas: dict[str, Any] = document["components"]["schemas"]
    return schemas


def properties(version: str, schema: str) -> set[str]:
    return set(_object(version, schema)["properties"])


def required(version: str, schema: str) -> set[str]:
    return set(_object(version, schema).get("required", ()))


def never_null(version: str, schema: str) -> set[str]:
    """The properties that are always there and cannot be null."""
    shapes = _object(version, schema)["properties"]
    return {name for name in required(version, schema) if not _may_be_null(version, shapes[name])}


def _object(version: str, schema: str) -> dict[str, Any]:
    """A schema; where null may stand for it, the schema of the object that is not null."""
    found: dict[str, Any] = _schemas(version)[schema]
    return found if "properties" in found else found["anyOf"][0]


def _may_be_null(version: str, shape: dict[str, Any]) -> bool:
    """Whether null fits: said by `nullable`, by the type, or by one of the alternatives."""
    if "$ref" in shape:
        shape = _schemas(version)[shape["$ref"].rpartition("/")[2]]
    alternatives: list[dict[str, Any]] = [*shape.get("anyOf", ()), *shape.get("oneOf", ()), *shape.get("allOf", ())]
    kind = shape.get("type", ())
    return (
        bool(shape.get("nullable"))
        or "null" in ([kind] if isinstance(kind, str) else kind)
        or any(_may_be_null(version, alternative) for alternative in alternatives)
    )
