"""How runs and tool calls are told in words, and how words from elsewhere are made safe to show."""

from __future__ import annotations

from typing import Any, Final

from ..types import (
    CodeInterpreterImageOutput,
    CodeInterpreterLogsOutput,
    CodeInterpreterToolCall,
    FileSearchToolCall,
    FunctionToolCall,
    LastError,
    Message,
    RequiredAction,
    RequiredActionFunctionToolCall,
    Run,
    RunStep,
    ToolCall,
    ToolCallsStepDetails,
)

__all__ = [
    "calls_of",
    "clean",
    "language",
    "reason",
    "results",
    "summary",
    "title",
    "waiting",
    "why_incomplete",
    "written",
]

# What moves a cursor, rings a bell or turns the direction of writing around has no business in text that is shown.
_CONTROLS: Final[dict[int, str | None]] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    **dict.fromkeys([0x0D, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
}


def clean(text: str) -> str:
    """The text without anything that a terminal would obey; line breaks and tabs stay."""
    return text.translate(_CONTROLS)


def title(call: ToolCall) -> str:
    """What is called."""
    return call.function.name if isinstance(call, FunctionToolCall) else str(call.type).replace("_", " ")


def written(call: ToolCall) -> str:
    """What the model wrote for the call: arguments, or code."""
    match call:
        case FunctionToolCall(function=function):
            return function.arguments
        case CodeInterpreterToolCall(code_interpreter=code):
            return code.input
        case _:
            return ""


def language(call: ToolCall) -> str:
    """The language that `written` is in."""
    return "python" if isinstance(call, CodeInterpreterToolCall) else "json"


def results(call: ToolCall) -> list[str]:
    """What came of the call, as far as the call itself says it."""
    match call:
        case FunctionToolCall(function=function):
            return [] if function.output is None else [function.output]
        case CodeInterpreterToolCall(code_interpreter=code):
            return [text for output in code.outputs if (text := _output(output))]
        case FileSearchToolCall(file_search=search):
            return [f"{found.file_name} ({found.file_id}) {found.score:.2f}" for found in search.results or []]
        case _:
            return []


def _output(output: Any) -> str:
    match output:
        case CodeInterpreterLogsOutput(logs=logs):
            return logs
        case CodeInterpreterImageOutput(image=image):
            return f"[image {image.file_id}]"
        case _:
            return f"[{output.type}]"


def calls_of(step: RunStep) -> list[ToolCall]:
    details = step.step_details
    return details.tool_calls if isinstance(details, ToolCallsStepDetails) else []


def waiting(run: Run) -> list[str]:
    """The names of the functions whose outputs the run waits for."""
    action = run.required_action
    if run.status != "requires_action" or not isinstance(action, RequiredAction):
        return []
    calls = action.submit_tool_outputs.tool_calls
    return [
        call.function.name if isinstance(call, RequiredActionFunctionToolCall) else str(call.type) for call in calls
    ]


def reason(error: LastError | None) -> str:
    """Why a run or a step failed."""
    return f"{error.code}: {error.message}" if error else "no reason was given"


def why_incomplete(thing: Run | Message) -> str:
    details = thing.incomplete_details
    return str(details.reason) if details and details.reason else "no reason was given"


def summary(run: Run, *, steps: int = 0, seconds: float | None = None) -> str:
    """How a run stands, in a line."""
    parts = [run.status]
    if steps:
        parts.append(f"{steps} step{'s' * (steps != 1)}")
    if run.usage and (run.usage.prompt_tokens or run.usage.completion_tokens):  # some servers do not count
        parts.append(f"{run.usage.prompt_tokens} + {run.usage.completion_tokens} tokens")
    if seconds is not None:
        parts.append(f"{seconds:.1f} s")
    return " · ".join(parts)
