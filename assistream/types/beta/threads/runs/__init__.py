# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.inputs import RunStepInclude
from assistream.types.params import StepListParams, StepRetrieveParams
from assistream.types.steps import (
    CodeInterpreterLogs,
    CodeInterpreterOutputImage,
    CodeInterpreterToolCall,
    CodeInterpreterToolCallDelta,
    FileSearchToolCall,
    FileSearchToolCallDelta,
    FunctionToolCall,
    FunctionToolCallDelta,
    MessageCreationStepDetails,
    RetrievalToolCall,
    RetrievalToolCallDelta,
    RunStep,
    RunStepDelta,
    RunStepDeltaEvent,
    RunStepDeltaMessageDelta,
    ToolCall,
    ToolCallDelta,
    ToolCallDeltaObject,
    ToolCallsStepDetails,
)

if TYPE_CHECKING:
    from . import code_interpreter_logs as code_interpreter_logs
    from . import code_interpreter_output_image as code_interpreter_output_image
    from . import code_interpreter_tool_call as code_interpreter_tool_call
    from . import code_interpreter_tool_call_delta as code_interpreter_tool_call_delta
    from . import file_search_tool_call as file_search_tool_call
    from . import file_search_tool_call_delta as file_search_tool_call_delta
    from . import function_tool_call as function_tool_call
    from . import function_tool_call_delta as function_tool_call_delta
    from . import message_creation_step_details as message_creation_step_details
    from . import retrieval_tool_call as retrieval_tool_call
    from . import retrieval_tool_call_delta as retrieval_tool_call_delta
    from . import run_step as run_step
    from . import run_step_delta as run_step_delta
    from . import run_step_delta_event as run_step_delta_event
    from . import run_step_delta_message_delta as run_step_delta_message_delta
    from . import run_step_include as run_step_include
    from . import step_list_params as step_list_params
    from . import step_retrieve_params as step_retrieve_params
    from . import tool_call as tool_call
    from . import tool_call_delta as tool_call_delta
    from . import tool_call_delta_object as tool_call_delta_object
    from . import tool_calls_step_details as tool_calls_step_details
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "CodeInterpreterLogs",
    "CodeInterpreterOutputImage",
    "CodeInterpreterToolCall",
    "CodeInterpreterToolCallDelta",
    "FileSearchToolCall",
    "FileSearchToolCallDelta",
    "FunctionToolCall",
    "FunctionToolCallDelta",
    "MessageCreationStepDetails",
    "RetrievalToolCall",
    "RetrievalToolCallDelta",
    "RunStep",
    "RunStepDelta",
    "RunStepDeltaEvent",
    "RunStepDeltaMessageDelta",
    "RunStepInclude",
    "StepListParams",
    "StepRetrieveParams",
    "ToolCall",
    "ToolCallDelta",
    "ToolCallDeltaObject",
    "ToolCallsStepDetails",
]
