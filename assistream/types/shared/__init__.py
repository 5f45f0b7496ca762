# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import (
    FunctionDefinition,
    ResponseFormatJSONObject,
    ResponseFormatJSONSchema,
    ResponseFormatText,
)
from assistream.types.base import Metadata
from assistream.types.inputs import ReasoningEffort

__all__ = [
    "FunctionDefinition",
    "Metadata",
    "ReasoningEffort",
    "ResponseFormatJSONObject",
    "ResponseFormatJSONSchema",
    "ResponseFormatText",
]
