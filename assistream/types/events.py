"""The events of a stream: one class per name, and `UnknownEvent` for names that servers may add.

A frame of the wire, `event: thread.run.created` / `data: {...}`, is an object `{"event": ..., "data": ...}` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import ConfigDict

from .base import BaseModel, Open, always
from .messages import Message, MessageDeltaEvent
from .runs import Run
from .steps import RunStep, RunStepDeltaEvent
from .threads import Thread
from .tools import ToolEvent


class ErrorObject(BaseModel):
    """What went wrong, in the words of the server; one that sends no more than text has it as `message`."""

    model_config: ClassVar[ConfigDict] = ConfigDict(coerce_numbers_to_str=True)  # some servers number their codes

    message: Annotated[str, always] = ""
    type: Annotated[str, always] = ""
    param: str | None = None
    code: str | None = None


class ThreadCreated(BaseModel):
    """A thread was made, by a call that also starts a run on it."""

    event: Literal["thread.created"] = "thread.created"
    data: Thread
    enabled: bool | None = None


class ThreadRunCreated(BaseModel):
    """A run was made."""

    event: Literal["thread.run.created"] = "thread.run.created"
    data: Run


class ThreadRunQueued(BaseModel):
    """A run waits to be worked on."""

    event: Literal["thread.run.queued"] = "thread.run.queued"
    data: Run


class ThreadRunInProgress(BaseModel):
    """A run is being worked on."""

    event: Literal["thread.run.in_progress"] = "thread.run.in_progress"
    data: Run


class ThreadRunRequiresAction(BaseModel):
    """A run waits for the outputs of tool calls; this stream ends here."""

    event: Literal["thread.run.requires_action"] = "thread.run.requires_action"
    data: Run


class ThreadRunCompleted(BaseModel):
    """A run is done."""

    event: Literal["thread.run.completed"] = "thread.run.completed"
    data: Run


class ThreadRunIncomplete(BaseModel):
    """A run ended early, at a limit."""

    event: Literal["thread.run.incomplete"] = "thread.run.incomplete"
    data: Run


class ThreadRunFailed(BaseModel):
    """A run failed; `last_error` says why."""

    event: Literal["thread.run.failed"] = "thread.run.failed"
    data: Run


class ThreadRunCancelling(BaseModel):
    """A run is being cancelled."""

    event: Literal["thread.run.cancelling"] = "thread.run.cancelling"
    data: Run


class ThreadRunCancelled(BaseModel):
    """A run was cancelled."""

    event: Literal["thread.run.cancelled"] = "thread.run.cancelled"
    data: Run


class ThreadRunExpired(BaseModel):
    """A run took too long."""

    event: Literal["thread.run.expired"] = "thread.run.expired"
    data: Run


class ThreadRunStepCreated(BaseModel):
    """A step was started."""

    event: Literal["thread.run.step.created"] = "thread.run.step.created"
    data: RunStep


class ThreadRunStepInProgress(BaseModel):
    """A step is being worked on."""

    event: Literal["thread.run.step.in_progress"] = "thread.run.step.in_progress"
    data: RunStep


class ThreadRunStepDelta(BaseModel):
    """More of a step."""

    event: Literal["thread.run.step.delta"] = "thread.run.step.delta"
    data: RunStepDeltaEvent


class ThreadRunStepCompleted(BaseModel):
    """A step is done."""

    event: Literal["thread.run.step.completed"] = "thread.run.step.completed"
    data: RunStep


class ThreadRunStepFailed(BaseModel):
    """A step failed."""

    event: Literal["thread.run.step.failed"] = "thread.run.step.failed"
    data: RunStep


class ThreadRunStepCancelled(BaseModel):
    """A step was cancelled with its run."""

    event: Literal["thread.run.step.cancelled"] = "thread.run.step.cancelled"
    data: RunStep


class ThreadRunStepExpired(BaseModel):
    """A step expired with its run."""

    event: Literal["thread.run.step.expired"] = "thread.run.step.expired"
    data: RunStep


class ThreadMessageCreated(BaseModel):
    """A message was started."""

    event: Literal["thread.message.created"] = "thread.message.created"
    data: Message


class ThreadMessageInProgress(BaseModel):
    """A message is being written."""

    event: Literal["thread.message.in_progress"] = "thread.message.in_progress"
    data: Message


class ThreadMessageDelta(BaseModel):
    """More of a message."""

    event: Literal["thread.message.delta"] = "thread.message.delta"
    data: MessageDeltaEvent


class ThreadMessageCompleted(BaseModel):
    """A message is done."""

    event: Literal["thread.message.completed"] = "thread.message.completed"
    data: Message


class ThreadMessageIncomplete(BaseModel):
    """A message was cut short."""

    event: Literal["thread.message.incomplete"] = "thread.message.incomplete"
    data: Message


class ErrorEvent(BaseModel):
    """The server cannot go on; the stream ends here."""

    event: Literal["error"] = "error"
    data: ErrorObject


class UnknownEvent(BaseModel):
    """An event of a name not known here, with its data as sent."""

    if TYPE_CHECKING:
        event: Literal["<unknown>"]  # a `str`, for the reason given at `Unknown.type`
        data: Any = None
    else:
        event: str
        data: Any = None


RunStreamEvent: TypeAlias = (
    ThreadRunCreated
    | ThreadRunQueued
    | ThreadRunInProgress
    | ThreadRunRequiresAction
    | ThreadRunCompleted
    | ThreadRunIncomplete
    | ThreadRunFailed
    | ThreadRunCancelling
    | ThreadRunCancelled
    | ThreadRunExpired
)
RunStepStreamEvent: TypeAlias = (
    ThreadRunStepCreated
    | ThreadRunStepInProgress
    | ThreadRunStepDelta
    | ThreadRunStepCompleted
    | ThreadRunStepFailed
    | ThreadRunStepCancelled
    | ThreadRunStepExpired
)
MessageStreamEvent: TypeAlias = (
    ThreadMessageCreated
    | ThreadMessageInProgress
    | ThreadMessageDelta
    | ThreadMessageCompleted
    | ThreadMessageIncomplete
)
KnownStreamEvent: TypeAlias = ThreadCreated | RunStreamEvent | RunStepStreamEvent | MessageStreamEvent | ErrorEvent
AssistantStreamEvent: TypeAlias = Annotated[KnownStreamEvent | ToolEvent | UnknownEvent, Open("event")]

EVENT_TYPES: dict[str, type[KnownStreamEvent]] = {
    event_type.model_fields["event"].default: event_type for event_type in get_args(KnownStreamEvent)
}
"""The class of each event of the wire, by its name. `done` is not among them: it only ends the stream."""
