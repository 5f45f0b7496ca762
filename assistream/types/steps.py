"""Run steps: the messages a run wrote and the tools it called, and the deltas that a stream builds them from."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from .assistants import FileSearchRanker
from .base import BaseModel, Metadata, Open, Unknown, always
from .partial import partial_arguments
from .runs import LastError, Usage

RunStepStatus: TypeAlias = Literal["in_progress", "cancelled", "failed", "completed", "expired"] | str


class Function(BaseModel):
    """A called function; `arguments` is JSON text, `output` is None until it was submitted."""

    name: Annotated[str, always] = ""
    arguments: Annotated[str, always] = ""
    """JSON text, as the model wrote it: it may be wrong."""
    output: str | None = None
    """What the program submitted; None until then."""

    @property
    def parsed_arguments(self) -> dict[str, Any]:
        """What `arguments` says so far, while it is being written too: the last text in it may be incomplete.

        It is parsed anew whenever it is asked for, and never otherwise.
        """
        return partial_arguments(self.arguments)


class FunctionToolCall(BaseModel):
    """A call of one of the program's functions."""

    id: str
    type: Literal["function"]
    function: Annotated[Function, always] = Field(default_factory=Function)


class CodeInterpreterLogsOutput(BaseModel):
    """What the code printed."""

    type: Literal["logs"]
    logs: Annotated[str, always] = ""


class CodeInterpreterImage(BaseModel):
    """An image by its file."""

    file_id: Annotated[str, always] = ""


class CodeInterpreterImageOutput(BaseModel):
    """An image that the code made."""

    type: Literal["image"]
    image: Annotated[CodeInterpreterImage, always] = Field(default_factory=CodeInterpreterImage)


class UnknownCodeInterpreterOutput(Unknown):
    """An output of a type not known here."""


CodeInterpreterOutput: TypeAlias = Annotated[
    CodeInterpreterLogsOutput | CodeInterpreterImageOutput | UnknownCodeInterpreterOutput, Open()
]


class CodeInterpreter(BaseModel):
    """The code that was run, and what came of it."""

    input: Annotated[str, always] = ""
    outputs: Annotated[list[CodeInterpreterOutput], always] = Field(default_factory=list[CodeInterpreterOutput])
    """What the code printed, and images it made."""


class CodeInterpreterToolCall(BaseModel):
    """Code run by the server."""

    id: str
    type: Literal["code_interpreter"]
    code_interpreter: Annotated[CodeInterpreter, always] = Field(default_factory=CodeInterpreter)


class FileSearchRankingOptions(BaseModel):
    """How the results were ranked."""

    ranker: Annotated[FileSearchRanker, always] = ""
    score_threshold: Annotated[float, always] = 0.0


class FileSearchResultContent(BaseModel):
    """A piece of a file that was found."""

    type: Literal["text"] | str | None = None
    text: str | None = None


class FileSearchResult(BaseModel):
    """A file that was found; its `content` only where the call asked to include it."""

    file_id: Annotated[str, always] = ""
    file_name: Annotated[str, always] = ""
    score: Annotated[float, always] = 0.0
    """From 0 to 1: how well it fits."""
    content: list[FileSearchResultContent] | None = None
    """The pieces that were found; None unless the call asked to `include` them."""


class FileSearch(BaseModel):
    """A search and its results."""

    ranking_options: FileSearchRankingOptions | None = None
    results: list[FileSearchResult] | None = None
    """None where the server does not tell them."""


class FileSearchToolCall(BaseModel):
    """A search in vector stores (v2)."""

    id: str
    type: Literal["file_search"]
    file_search: Annotated[FileSearch, always] = Field(default_factory=FileSearch)


class RetrievalToolCall(BaseModel):
    """A search in the assistant's files (v1)."""

    id: str
    type: Literal["retrieval"]
    retrieval: Annotated[dict[str, object], always] = Field(default_factory=dict[str, object])


class UnknownToolCall(Unknown):
    """A call of a tool of a type not known here."""

    id: Annotated[str, always] = ""


ToolCall: TypeAlias = Annotated[
    CodeInterpreterToolCall | FileSearchToolCall | FunctionToolCall | RetrievalToolCall | UnknownToolCall, Open()
]


class ToolCallsStepDetails(BaseModel):
    """The step calls tools."""

    type: Literal["tool_calls"]
    tool_calls: Annotated[list[ToolCall], always] = Field(default_factory=list[ToolCall])


class MessageCreation(BaseModel):
    """Which message the step writes."""

    message_id: Annotated[str, always] = ""


class MessageCreationStepDetails(BaseModel):
    """The step writes a message."""

    type: Literal["message_creation"]
    message_creation: Annotated[MessageCreation, always] = Field(default_factory=MessageCreation)


class UnknownStepDetails(Unknown):
    """The step does something not known here."""


StepDetails: TypeAlias = Annotated[MessageCreationStepDetails | ToolCallsStepDetails | UnknownStepDetails, Open()]


class RunStep(BaseModel):
    """A step of a run."""

    id: str
    object: Annotated[Literal["thread.run.step"], always] = "thread.run.step"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970, as all that ends in `_at`."""
    assistant_id: Annotated[str, always] = ""
    thread_id: Annotated[str, always] = ""
    run_id: Annotated[str, always] = ""
    type: Annotated[Literal["message_creation", "tool_calls"] | str, always] = ""
    """"message_creation" or "tool_calls"."""
    status: Annotated[RunStepStatus, always] = ""
    """"in_progress", and then "completed", "failed", "cancelled" or "expired"."""
    step_details: Annotated[StepDetails, always] = Field(default_factory=UnknownStepDetails)
    """The message it wrote, by its id, or the tool calls."""
    last_error: LastError | None = None
    """Why it failed; None if it has not."""
    expired_at: int | None = None
    """When it expired with its run; None if it has not."""
    expires_at: int | None = None
    """When it will expire with its run; None where the server does not tell."""
    cancelled_at: int | None = None
    """None if it was not cancelled."""
    failed_at: int | None = None
    """None if it has not failed."""
    completed_at: int | None = None
    """None if it is not completed."""
    metadata: Metadata | None = None
    """What was attached."""
    usage: Usage | None = None
    """Tokens used; None while it is in progress."""


class FunctionDelta(BaseModel):
    """More of a function call: `arguments` is the next piece of the JSON text."""

    name: str | None = None
    arguments: str | None = None
    """To be put after what there is."""
    output: str | None = None
    """None until it was submitted."""


class FunctionToolCallDelta(BaseModel):
    """More of the function call at `index`."""

    type: Literal["function"]
    index: Annotated[int, always] = 0
    id: str | None = None
    function: FunctionDelta | None = None


class CodeInterpreterLogs(BaseModel):
    """More of what the code printed; without an `index` it is a new output."""

    type: Literal["logs"]
    index: int | None = None
    logs: str | None = None


class CodeInterpreterImageDelta(BaseModel):
    """A part of an image's file."""

    file_id: str | None = None


class CodeInterpreterOutputImage(BaseModel):
    """More of an image that the code made; without an `index` it is a new output."""

    type: Literal["image"]
    index: int | None = None
    image: CodeInterpreterImageDelta | None = None


class UnknownCodeInterpreterOutputDelta(Unknown):
    """More of an output of a type not known here."""

    index: int | None = None


CodeInterpreterOutputDelta: TypeAlias = Annotated[
    CodeInterpreterLogs | CodeInterpreterOutputImage | UnknownCodeInterpreterOutputDelta, Open()
]


class CodeInterpreterDelta(BaseModel):
    """More of the code or of its outputs: `input` is the next piece of the code."""

    input: str | None = None
    """To be put after what there is."""
    outputs: list[CodeInterpreterOutputDelta] | None = None


class CodeInterpreterToolCallDelta(BaseModel):
    """More of the code interpreter call at `index`."""

    type: Literal["code_interpreter"]
    index: Annotated[int, always] = 0
    id: str | None = None
    code_interpreter: CodeInterpreterDelta | None = None


class FileSearchToolCallDelta(BaseModel):
    """More of the file search at `index`."""

    type: Literal["file_search"]
    index: Annotated[int, always] = 0
    id: str | None = None
    file_search: FileSearch | None = None


class RetrievalToolCallDelta(BaseModel):
    """More of the retrieval at `index` (v1)."""

    type: Literal["retrieval"]
    index: Annotated[int, always] = 0
    id: str | None = None
    retrieval: dict[str, object] | None = None


class UnknownToolCallDelta(Unknown):
    """More of a call of a tool of a type not known here."""

    index: Annotated[int, always] = 0
    id: str | None = None


ToolCallDelta: TypeAlias = Annotated[
    CodeInterpreterToolCallDelta
    | FileSearchToolCallDelta
    | FunctionToolCallDelta
    | RetrievalToolCallDelta
    | UnknownToolCallDelta,
    Open(),
]


class ToolCallDeltaObject(BaseModel):
    """More of the step's tool calls."""

    type: Literal["tool_calls"]
    tool_calls: list[ToolCallDelta] | None = None


class MessageCreationDelta(BaseModel):
    """A part of which message the step writes."""

    message_id: str | None = None


class RunStepDeltaMessageDelta(BaseModel):
    """More of the message that the step writes."""

    type: Literal["message_creation"]
    message_creation: MessageCreationDelta | None = None


class UnknownStepDetailsDelta(Unknown):
    """More of a step of a type not known here."""


StepDetailsDelta: TypeAlias = Annotated[
    RunStepDeltaMessageDelta | ToolCallDeltaObject | UnknownStepDetailsDelta, Open()
]


class RunStepDelta(BaseModel):
    """What changed in a step."""

    step_details: StepDetailsDelta | None = None


class RunStepDeltaEvent(BaseModel):
    """What changed in the step with this `id`."""

    id: str
    object: Annotated[Literal["thread.run.step.delta"], always] = "thread.run.step.delta"
    delta: Annotated[RunStepDelta, always] = Field(default_factory=RunStepDelta)
