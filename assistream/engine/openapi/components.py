"""JSON Schemas of what the engine takes and of what it answers, from the pydantic models of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import CoreSchema, core_schema

Json: TypeAlias = dict[str, Any]


class _Taken(GenerateJsonSchema):
    """Bodies, as they are checked."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # a title that repeats the name says nothing


class _Answered(_Taken):
    """Answers, as this server gives them. The types are a client's, which also takes what other servers leave out, or
    what nobody knows yet; of that the engine does none.
    """

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchemaValue:
        choices = schema["choices"]
        if _is_always(schema):
            choices = choices[:1]
        choices = [choice for choice in choices if _label(choice) != "unknown"]
        if len(choices) > 1 and _kind(choices[0]) == "literal":
            choices = [choice for choice in choices if _kind(choice) != "str"]
        narrowed = schema.copy()
        narrowed["choices"] = choices
        return super().union_schema(narrowed)

    def field_is_required(self, field: Any, total: bool) -> bool:
        return super().field_is_required(field, total) or _is_always(_inner(field["schema"]))

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])  # what a client puts in is not said by anybody


def _label(choice: CoreSchema | tuple[CoreSchema, str]) -> str:
    return choice[1] if isinstance(choice, tuple) else ""


def _kind(choice: CoreSchema | tuple[CoreSchema, str]) -> str:
    kind: str = (choice[0] if isinstance(choice, tuple) else choice)["type"]
    return kind


def _inner(schema: Any) -> Any:
    while schema["type"] == "default":
        schema = schema["schema"]
    return schema


def _is_always(schema: Any) -> bool:
    """A field marked with `types.base.Always`."""
    return schema["type"] == "union" and any(_label(choice) == "null" for choice in schema["choices"])


Places: TypeAlias = Mapping[type[BaseModel], Json]
"""Where the schema of each model is."""


def taken(models: Iterable[type[BaseModel]]) -> tuple[Places, Json]:
    """The schemas of bodies. They share names with those of answers, and not shapes."""
    return _schemas(models, _Taken, "validation", "New")


def answered(models: Iterable[type[BaseModel]]) -> tuple[Places, Json]:
    return _schemas(models, _Answered, "serialization", "")


def _schemas(
    models: Iterable[type[BaseModel]], generator: type[GenerateJsonSchema], mode: JsonSchemaMode, prefix: str
) -> tuple[Places, Json]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, mode) for model in dict.fromkeys(models)]
    template = f"#/components/schemas/{prefix}{{model}}"
    places, whole = models_json_schema(wanted, ref_template=template, schema_generator=generator)
    schemas = {f"{prefix}{name}": schema for name, schema in whole.get("$defs", {}).items()}
    return {model: places[model, mode] for model, mode in wanted}, schemas
