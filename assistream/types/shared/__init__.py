# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.assistants import (
    FunctionDefinition,
    FunctionParameters,
    ResponseFormatJSONObject,
    ResponseFormatJSONSchema,
    ResponseFormatText,
)
from assistream.types.base import Metadata
from assistream.types.events import ErrorObject
from assistream.types.inputs import ReasoningEffort
from assistream.types.models import ChatModel
from assistream.types.stores import ComparisonFilter, CompoundFilter

if TYPE_CHECKING:
    from . import chat_model as chat_model
    from . import comparison_filter as comparison_filter
    from . import compound_filter as compound_filter
    from . import error_object as error_object
    from . import function_definition as function_definition
    from . import function_parameters as function_parameters
    from . import metadata as metadata
    from . import reasoning_effort as reasoning_effort
    from . import response_format_json_object as response_format_json_object
    from . import response_format_json_schema as response_format_json_schema
    from . import response_format_text as response_format_text
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "ChatModel",
    "ComparisonFilter",
    "CompoundFilter",
    "ErrorObject",
    "FunctionDefinition",
    "FunctionParameters",
    "Metadata",
    "ReasoningEffort",
    "ResponseFormatJSONObject",
    "ResponseFormatJSONSchema",
    "ResponseFormatText",
]
