# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
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

if TYPE_CHECKING:
    from . import assistant as assistant
    from . import assistant_create_params as assistant_create_params
    from . import assistant_deleted as assistant_deleted
    from . import assistant_list_params as assistant_list_params
    from . import assistant_response_format_option as assistant_response_format_option
    from . import assistant_response_format_option_param as assistant_response_format_option_param
    from . import assistant_stream_event as assistant_stream_event
    from . import assistant_tool as assistant_tool
    from . import assistant_tool_choice as assistant_tool_choice
    from . import assistant_tool_choice_function as assistant_tool_choice_function
    from . import assistant_tool_choice_function_param as assistant_tool_choice_function_param
    from . import assistant_tool_choice_option as assistant_tool_choice_option
    from . import assistant_tool_choice_option_param as assistant_tool_choice_option_param
    from . import assistant_tool_choice_param as assistant_tool_choice_param
    from . import assistant_tool_param as assistant_tool_param
    from . import assistant_update_params as assistant_update_params
    from . import assistants as assistants
    from . import code_interpreter_tool as code_interpreter_tool
    from . import code_interpreter_tool_param as code_interpreter_tool_param
    from . import file_search_tool as file_search_tool
    from . import file_search_tool_param as file_search_tool_param
    from . import function_tool as function_tool
    from . import function_tool_param as function_tool_param
    from . import retrieval_tool as retrieval_tool
    from . import retrieval_tool_param as retrieval_tool_param
    from . import thread as thread
    from . import thread_create_and_run_params as thread_create_and_run_params
    from . import thread_create_params as thread_create_params
    from . import thread_deleted as thread_deleted
    from . import thread_update_params as thread_update_params
    from . import threads as threads
    from . import vector_store as vector_store
    from . import vector_store_deleted as vector_store_deleted
    from . import vector_stores as vector_stores
else:
    __getattr__ = submodules(__name__)

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
