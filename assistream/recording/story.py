"""A run as a list of what happened, kept up to date while it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ..types import Message, MessageDelta, PendingCall, Run, RunStep, ToolCall, ToolCallDelta
from ..types.steps import Function, FunctionToolCall
from .view import View
from .words import calls_of

__all__ = ["Called", "Entry", "Said", "Story"]


@dataclass(slots=True)
class Said:
    """A message."""

    message: Message


@dataclass(slots=True)
class Called:
    """A tool call; `output` and `error` are what the program's own function came to."""

    call: ToolCall
    output: str | None = None
    error: str | None = None
    progress: list[str] = field(default_factory=list[str])


Entry: TypeAlias = Said | Called


class Story(View):
    """Messages and calls in the order in which they began, each as it was told last, and how the run stands."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.steps: dict[str, RunStep] = {}
        self.run: Run | None = None
        self.error: str | None = None
        self.over: bool = False

    def changed(self, *, at_once: bool = True) -> None:
        """Something was added; for one more delta of many, not `at_once`."""

    # Messages --------------------------------------------------------------------------------------------------------

    def message_created(self, message: Message) -> None:
        self._say(message)

    def message_delta(self, delta: MessageDelta, message: Message) -> None:
        self._say(message, at_once=False)

    def message_done(self, message: Message) -> None:
        self._say(message)

    def _say(self, message: Message, *, at_once: bool = True) -> None:
        for entry in reversed(self.entries):
            if isinstance(entry, Said) and entry.message.id == message.id:
                entry.message = message
                break
        else:
            self.entries.append(Said(message))
        self.changed(at_once=at_once)

    # Calls -----------------------------------------------------------------------------------------------------------

    def tool_call_created(self, call: ToolCall) -> None:
        self.entries.append(Called(call))
        self.changed()

    def tool_call_delta(self, delta: ToolCallDelta, call: ToolCall) -> None:
        self._entry(call).call = call
        self.changed(at_once=False)

    def tool_call_done(self, call: ToolCall) -> None:
        self._entry(call).call = call
        self.changed()

    def tool_started(self, call: PendingCall) -> None:
        self._awaited(call)
        self.changed()

    def tool_progress(self, call: PendingCall, message: str) -> None:
        self._awaited(call).progress.append(message)
        self.changed(at_once=False)

    def tool_output(self, call: PendingCall, output: str) -> None:
        self._awaited(call).output = output
        self.changed()

    def tool_error(self, call: PendingCall, error: Exception) -> None:
        self._awaited(call).error = f"{type(error).__name__}: {error}"
        self.changed()

    def _entry(self, call: ToolCall) -> Called:
        """The entry of a call: by its id, or for a call that was never given one by the object it is."""
        for entry in reversed(self.entries):
            if isinstance(entry, Called) and (entry.call is call or (call.id and entry.call.id == call.id)):
                return entry
        entry = Called(call)
        self.entries.append(entry)
        return entry

    def _awaited(self, call: PendingCall) -> Called:
        function = Function(name=call.name, arguments=call.arguments)
        return self._entry(FunctionToolCall(id=call.id, type="function", function=function))

    # Steps and the run -----------------------------------------------------------------------------------------------

    def run_step_created(self, step: RunStep) -> None:
        self.steps[step.id] = step
        self.changed()

    def run_step_done(self, step: RunStep) -> None:
        self.steps[step.id] = step
        for call in calls_of(step):  # with their outputs, also of steps that began in another stream
            self._entry(call).call = call
        self.changed()

    def run_changed(self, run: Run) -> None:
        self.run = run
        self.changed()

    def exception(self, exception: Exception) -> None:
        self.error = f"{type(exception).__name__}: {exception}"
        self.changed()

    def stream_cancelled(self) -> None:
        self.error = "interrupted"
        self.changed()

    def end(self) -> None:
        self.over = True
        self.changed()
