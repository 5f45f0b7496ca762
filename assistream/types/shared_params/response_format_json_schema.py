# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import JSONSchemaParam as JSONSchema
from assistream.types.inputs import ResponseFormatJSONSchemaParam as ResponseFormatJSONSchema

__all__ = ["JSONSchema", "ResponseFormatJSONSchema"]
