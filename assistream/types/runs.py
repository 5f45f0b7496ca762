"""Runs: an assistant at work on a thread."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BeforeValidator, Field

from .assistants import AssistantResponseFormatOption, AssistantTool, AssistantToolChoiceOption, ToolResources
from .base import BaseModel, Metadata, Open, Unknown, always

RunStatus: TypeAlias = (
    Literal[
        "queued",
        "in_progress",
        "requires_action",
        "cancelling",
        "cancelled",
        "failed",
        "completed",
        "incomplete",
        "expired",
    ]
    | str
)


class RequiredActionFunction(BaseModel):
    """The function to call; `arguments` is JSON text, as the model wrote it."""

    name: Annotated[str, always] = ""
    arguments: Annotated[str, always] = ""


class RequiredActionFunctionToolCall(BaseModel):
    """A function call whose output the run waits for."""

    id: str
    """What `submit_tool_outputs` takes as `tool_call_id`."""
    type: Literal["function"]
    function: Annotated[RequiredActionFunction, always] = Field(default_factory=RequiredActionFunction)


class UnknownRequiredActionToolCall(Unknown):
    """A call of a type not known here, whose output the run waits for."""

    id: Annotated[str, always] = ""


def _typed(call: Any) -> Any:
    """Servers have left out the type of a function call."""
    if not isinstance(call, dict):
        return call
    fields = cast("dict[str, Any]", call)
    return {**fields, "type": "function"} if "function" in fields and not fields.get("type") else fields


RequiredActionToolCall: TypeAlias = Annotated[
    RequiredActionFunctionToolCall | UnknownRequiredActionToolCall, Open(), BeforeValidator(_typed)
]


class RequiredActionSubmitToolOutputs(BaseModel):
    """The calls whose outputs the run waits for."""

    tool_calls: Annotated[list[RequiredActionToolCall], always] = Field(default_factory=list[RequiredActionToolCall])


class RequiredAction(BaseModel):
    """The run waits for the outputs of tool calls."""

    type: Literal["submit_tool_outputs"]
    submit_tool_outputs: Annotated[RequiredActionSubmitToolOutputs, always] = Field(
        default_factory=RequiredActionSubmitToolOutputs
    )


class UnknownRequiredAction(Unknown):
    """The run waits for something not known here."""


RunRequiredAction: TypeAlias = Annotated[RequiredAction | UnknownRequiredAction, Open()]


class LastError(BaseModel):
    """Why a run or a step failed."""

    code: Annotated[Literal["server_error", "rate_limit_exceeded", "invalid_prompt"] | str, always] = ""
    message: Annotated[str, always] = ""


class RunIncompleteDetails(BaseModel):
    """Which limit ended a run early."""

    reason: Literal["max_completion_tokens", "max_prompt_tokens"] | str | None = None


class TruncationStrategy(BaseModel):
    """How a long thread is cut to what the model reads."""

    type: Annotated[Literal["auto", "last_messages"] | str, always] = ""
    last_messages: int | None = None
    """How many of the last messages are read; None where the server decides."""


class Usage(BaseModel):
    """Tokens used."""

    completion_tokens: Annotated[int, always] = 0
    """Written by the model."""
    prompt_tokens: Annotated[int, always] = 0
    """Read by the model, over all turns."""
    total_tokens: Annotated[int, always] = 0


class Run(BaseModel):
    """One execution of an assistant on a thread."""

    id: str
    object: Annotated[Literal["thread.run"], always] = "thread.run"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970, as all that ends in `_at`."""
    thread_id: Annotated[str, always] = ""
    assistant_id: Annotated[str, always] = ""
    status: Annotated[RunStatus, always] = ""
    """One that is "queued", "in_progress" or "cancelling" goes on by itself; in "requires_action" it waits for the
    outputs of tools; "completed", "incomplete", "failed", "cancelled" and "expired" are final."""
    required_action: RunRequiredAction | None = None
    """What the run waits for; None in any status but "requires_action"."""
    last_error: LastError | None = None
    """Why it failed; None if it has not."""
    expires_at: int | None = None
    """When a run that is not done by then will expire; None once it is done."""
    started_at: int | None = None
    """None while it is queued."""
    cancelled_at: int | None = None
    """None if it was not cancelled."""
    failed_at: int | None = None
    """None if it has not failed."""
    completed_at: int | None = None
    """None if it is not completed."""
    incomplete_details: RunIncompleteDetails | None = None
    """Which limit ended it early; None in any status but "incomplete"."""
    model: Annotated[str, always] = ""
    instructions: Annotated[str, always] = ""
    """What was in force for this run, as `model` and `tools`: its own, or else those of the assistant."""
    tools: Annotated[list[AssistantTool], always] = Field(default_factory=list[AssistantTool])
    tool_resources: ToolResources | None = None
    """The files and vector stores that its tools had at hand; None where the server does not tell."""
    file_ids: list[str] | None = None
    """The files that its tools had at hand (v1)."""
    metadata: Metadata | None = None
    """What the program attached."""
    usage: Usage | None = None
    """Tokens used, of all its turns; None until it is done."""
    temperature: float | None = None
    """From 0 to 2."""
    top_p: float | None = None
    """From 0 to 1."""
    max_prompt_tokens: int | None = None
    """The limit for the whole run; None for none."""
    max_completion_tokens: int | None = None
    """The limit for the whole run; None for none."""
    truncation_strategy: TruncationStrategy | None = None
    tool_choice: AssistantToolChoiceOption | None = None
    """"none", "auto", "required", or the one tool to call."""
    parallel_tool_calls: Annotated[bool, always] = True
    """Whether the model may call several functions at once."""
    response_format: AssistantResponseFormatOption | None = None
    """"auto", or what the answer had to be."""
    reasoning_effort: str | None = None
