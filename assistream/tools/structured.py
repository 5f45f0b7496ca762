"""Structured output: a type as the format of an answer, and the answer as a value of that type."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError, create_model

from ..errors import ConfigurationError, StructuredOutputError
from ..types.inputs import JSONSchemaParam, ResponseFormatJSONSchemaParam
from .complaints import complaints
from .schema import NO_SCHEMA, Schema, json_schema, reason
from .strict import EVERYWHERE, NotStrictError, strict

__all__ = ["parsed", "response_format"]

T = TypeVar("T")


def response_format(model: type[T]) -> ResponseFormatJSONSchemaParam:
    """The `response_format` that asks for a value of this type: strict where its schema can be.

    An answer is always an object: what is none, as ``list[int]``, is asked for as the property `value` of one.

    Raises:
        ConfigurationError: The type has no JSON schema.
    """
    schema = _adapted(model)[1]
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", getattr(model, "__name__", "answer"))[:64]
    try:
        definition: JSONSchemaParam = {"name": name, "schema": strict(schema, EVERYWHERE), "strict": True}
    except NotStrictError:
        definition = {"name": name, "schema": schema}
    return {"type": "json_schema", "json_schema": definition}


def parsed(text: str, model: type[T]) -> T:
    """The answer as a value of the type that `response_format` asked for.

    Raises:
        StructuredOutputError: It is none. The message says what is wrong, `text` is the answer.
    """
    adapter, _, wrapped = _adapted(model)
    try:
        value = adapter.validate_json(text)
    except ValidationError as error:
        shown = getattr(model, "__name__", repr(model))
        raise StructuredOutputError(f"The answer is no {shown}:\n{complaints(error)}", text=text) from error
    result: T = value.value if wrapped else value
    return result


def _adapted(model: Any) -> tuple[TypeAdapter[Any], Schema, bool]:
    """What validates an answer, its schema, and whether the value is inside of an object that stands around it."""
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(model)
        schema = json_schema(adapter)
        if schema.get("type") == "object":
            return adapter, schema, False
        adapter = TypeAdapter(create_model("Answer", value=(model, ...)))
        return adapter, json_schema(adapter), True
    except NO_SCHEMA as error:
        shown = getattr(model, "__name__", repr(model))
        raise ConfigurationError(f"{shown} has no JSON schema: {reason(error)}") from error
