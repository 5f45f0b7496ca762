"""JSON Schemas from pydantic, as models read them best: without titles, and with references that stand alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel, PydanticUndefinedAnnotation, PydanticUserError, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

__all__ = ["NO_SCHEMA", "Schema", "changed", "json_schema", "parts", "reason", "referred"]

Schema: TypeAlias = dict[str, Any]

NO_SCHEMA: Final = (PydanticUserError, PydanticUndefinedAnnotation, TypeError)
"""What pydantic raises for a type that it has no validator or no schema for; `reason` gives its words."""

_NAMED: Final = ("properties", "$defs", "patternProperties", "dependentSchemas")
_LISTED: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE: Final = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


class _Generator(GenerateJsonSchema):
    # A default that is no JSON is left out of the schema; that is nothing to warn about.
    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 -- as pydantic declares it


def json_schema(source: type[BaseModel] | TypeAdapter[Any]) -> Schema:
    """The schema of what may be given for this model or type."""
    make = source.json_schema if isinstance(source, TypeAdapter) else source.model_json_schema
    root = make(schema_generator=_Generator)
    definitions: dict[str, Schema] = root.pop("$defs", {})
    name = referred(root)
    if name in definitions:  # a type that refers to itself is nothing but a reference at its root
        root = definitions[name]
    root = _clean(root, definitions, frozenset({name}))
    definitions = {name: _clean(schema, definitions, frozenset({name})) for name, schema in definitions.items()}
    used = _used(root, definitions)
    return {**root, "$defs": {name: definitions[name] for name in definitions if name in used}} if used else root


def _clean(schema: Schema, definitions: Mapping[str, Schema], inside: frozenset[str]) -> Schema:
    """Without titles, and with no keyword beside a reference: many readers ignore those, and strict mode refuses them.

    What such a reference stands for is put in its place, unless that is what it is `inside` of.
    """
    schema = {key: value for key, value in schema.items() if key != "title"}
    name = referred(schema)
    if name in definitions and len(schema) > 1:
        if name in inside:
            return {"$ref": schema["$ref"]}
        del schema["$ref"]
        return _clean({**definitions[name], **schema}, definitions, inside | {name})
    return changed(schema, lambda part: _clean(part, definitions, inside))


def _used(root: Schema, definitions: Mapping[str, Schema]) -> set[str]:
    """The definitions that are still referred to, also by one another."""
    used: set[str] = set()
    looking = [root]
    while looking:
        schema = looking.pop()
        name = referred(schema)
        if name in definitions and name not in used:
            used.add(name)
            looking.append(definitions[name])
        looking += parts(schema)
    return used


def referred(schema: Schema) -> str:
    """The name of the definition that the schema refers to; empty if it refers to none."""
    ref = schema.get("$ref")
    return ref.removeprefix("#/$defs/") if isinstance(ref, str) else ""


def changed(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A copy of the schema whose direct parts are changed. Defaults, enums and examples are values, and no parts."""
    return {key: _changed(key, value, change) for key, value in schema.items()}


def _changed(key: str, value: Any, change: Callable[[Schema], Schema]) -> Any:
    if key in _NAMED and isinstance(value, dict):
        return {name: _applied(change, part) for name, part in cast("Schema", value).items()}
    if key in _LISTED and isinstance(value, list):
        return [_applied(change, part) for part in cast("list[object]", value)]
    return _applied(change, value) if key in _SINGLE else value


def _applied(change: Callable[[Schema], Schema], part: Any) -> Any:
    return change(cast("Schema", part)) if isinstance(part, dict) else part  # true and false are schemas, too


def parts(schema: Schema) -> list[Schema]:
    """The direct parts of a schema."""
    found: list[Schema] = []

    def note(part: Schema) -> Schema:
        found.append(part)
        return part

    changed(schema, note)
    return found


def reason(error: Exception) -> str:
    """What pydantic says about a type, without its links."""
    return str(getattr(error, "message", error))
