# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import (
    Assistant,
    AssistantDeleted,
    AssistantResponseFormatOption,
    AssistantTool,
    AssistantToolChoice,
    AssistantToolChoiceFunction,
    AssistantToolChoiceOption,
    CodeInterpreterTool,
    FileSearchTool,
    FunctionTool,
    RetrievalTool,
)
from assistream.types.events import AssistantStreamEvent
from assistream.types.inputs import (
    AssistantResponseFormatOptionParam,
    AssistantToolChoiceFunctionParam,
    AssistantToolChoiceOptionParam,
    AssistantToolChoiceParam,
    AssistantToolParam,
    CodeInterpreterToolParam,
    FileSearchToolParam,
    FunctionToolParam,
    RetrievalToolParam,
)
from assistream.types.params import (
    AssistantCreateParams,
    AssistantListParams,
    AssistantUpdateParams,
    ThreadCreateAndRunParams,
    ThreadCreateParams,
    ThreadUpdateParams,
)
from assistream.types.stores import VectorStore, VectorStoreDeleted
from assistream.types.threads import Thread, ThreadDeleted

__all__ = [
    "Assistant",
    "AssistantCreateParams",
    "AssistantDeleted",
    "AssistantListParams",
    "AssistantResponseFormatOption",
    "AssistantResponseFormatOptionParam",
    "AssistantStreamEvent",
    "AssistantTool",
    "AssistantToolChoice",
    "AssistantToolChoiceFunction",
    "AssistantToolChoiceFunctionParam",
    "AssistantToolChoiceOption",
    "AssistantToolChoiceOptionParam",
    "AssistantToolChoiceParam",
    "AssistantToolParam",
    "AssistantUpdateParams",
    "CodeInterpreterTool",
    "CodeInterpreterToolParam",
    "FileSearchTool",
    "FileSearchToolParam",
    "FunctionTool",
    "FunctionToolParam",
    "RetrievalTool",
    "RetrievalToolParam",
    "Thread",
    "ThreadCreateAndRunParams",
    "ThreadCreateParams",
    "ThreadDeleted",
    "ThreadUpdateParams",
    "VectorStore",
    "VectorStoreDeleted",
]
