# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import FunctionDefinitionParam as FunctionDefinition
from assistream.types.inputs import MetadataParam as Metadata
from assistream.types.inputs import ReasoningEffort
from assistream.types.inputs import ResponseFormatJSONObjectParam as ResponseFormatJSONObject
from assistream.types.inputs import ResponseFormatJSONSchemaParam as ResponseFormatJSONSchema
from assistream.types.inputs import ResponseFormatTextParam as ResponseFormatText
from assistream.types.store_params import ComparisonFilterParam as ComparisonFilter
from assistream.types.store_params import CompoundFilterParam as CompoundFilter

__all__ = [
    "ComparisonFilter",
    "CompoundFilter",
    "FunctionDefinition",
    "Metadata",
    "ReasoningEffort",
    "ResponseFormatJSONObject",
    "ResponseFormatJSONSchema",
    "ResponseFormatText",
]
