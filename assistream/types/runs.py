"""Runs: an assistant at work on a thread."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

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
    type: Literal["function"]
    function: Annotated[RequiredActionFunction, always] = Field(default_factory=RequiredActionFunction)


class UnknownRequiredActionToolCall(Unknown):
    """A call of a type not known here, whose output the run waits for."""

    id: Annotated[str, always] = ""


RequiredActionToolCall: TypeAlias = Annotated[RequiredActionFunctionToolCall | UnknownRequiredActionToolCall, Open()]


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


class Usage(BaseModel):
    """Tokens used."""

    completion_tokens: Annotated[int, always] = 0
    prompt_tokens: Annotated[int, always] = 0
    total_tokens: Annotated[int, always] = 0


class Run(BaseModel):
    """One execution of an assistant on a thread."""

    id: str
    object: Annotated[Literal["thread.run"], always] = "thread.run"
    created_at: Annotated[int, always] = 0
    thread_id: Annotated[str, always] = ""
    assistant_id: Annotated[str, always] = ""
    status: Annotated[RunStatus, always] = ""
    required_action: RunRequiredAction | None = None
    last_error: LastError | None = None
    expires_at: int | None = None
    started_at: int | None = None
    cancelled_at: int | None = None
    failed_at: int | None = None
    completed_at: int | None = None
    incomplete_details: RunIncompleteDetails | None = None
    model: Annotated[str, always] = ""
    instructions: Annotated[str, always] = ""
    tools: Annotated[list[AssistantTool], always] = Field(default_factory=list[AssistantTool])
    tool_resources: ToolResources | None = None
    file_ids: list[str] | None = None
    metadata: Metadata | None = None
    usage: Usage | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_prompt_tokens: int | None = None
    max_completion_tokens: int | None = None
    truncation_strategy: TruncationStrategy | None = None
    tool_choice: AssistantToolChoiceOption | None = None
    parallel_tool_calls: Annotated[bool, always] = True
    response_format: AssistantResponseFormatOption | None = None
    reasoning_effort: str | None = None
