"""What a stream has said so far: messages and steps accumulated, routed by id. No I/O.

Deltas are applied in place to ordinary models, so that an event costs the same however long the message already is.
Which hooks that deserves is the business of `dispatch`; the marks it needs for that (`created`, `done`, `active`) are
kept here and in `parts`, beside what they are about.
"""

from __future__ import annotations

from typing import Any

from ..types import (
    AssistantStreamEvent,
    FunctionDelta,
    FunctionToolCall,
    FunctionToolCallDelta,
    Message,
    MessageContent,
    RequiredAction,
    RequiredActionFunctionToolCall,
    Run,
    RunStep,
    Thread,
    ToolCall,
    ToolCallsStepDetails,
)
from .events import parse_event
from .parts import Part, Slots, read_as, settle
from .sse import Frame

__all__ = ["StreamState", "TrackedMessage", "TrackedStep"]


class TrackedMessage:
    """A message while it is being written."""

    __slots__ = ("active", "announced", "blocks", "finished", "model", "told_done")

    def __init__(self, model: Message, *, announced: bool) -> None:
        self.model: Message = model
        self.announced: bool = announced
        """Whether its creation was seen here."""
        model.model_fields_set.add("content")  # so that a dump of what was sent has what was added
        self.blocks: Slots = Slots(MessageContent, model.content)
        self.active: Part | None = None
        """The block written to last: the one that is done when another begins."""
        self.finished: bool = False
        """Whether its final object has come."""
        self.told_done: bool = False
        """Whether its last hooks were called: by then, or because the run was over."""

    def finish(self, final: Message) -> list[Part]:
        """Let the final object take the accumulated one's place; returns the blocks to close."""
        before = self.blocks
        self.model, self.blocks, self.finished = final, Slots(MessageContent, final.content), True
        return settle(before, self.blocks)


class TrackedStep:
    """A run step while it is being written."""

    __slots__ = ("active", "announced", "calls", "finished", "model")

    def __init__(self, model: RunStep, *, announced: bool) -> None:
        self.model: RunStep = model
        self.announced: bool = announced
        """Whether its creation was seen here: a stream of submitted outputs ends steps that began elsewhere."""
        self.calls: Slots = _calls(model)
        self.active: Part | None = None
        self.finished: bool = False

    def open_calls(self) -> Slots:
        """The calls to add to: the step becomes one of tool calls if it was none."""
        if not isinstance(self.model.step_details, ToolCallsStepDetails):
            self.model.type = "tool_calls"
            self.model.step_details = ToolCallsStepDetails(type="tool_calls", tool_calls=[])
            self.calls = _calls(self.model)
        self.model.step_details.model_fields_set.add("tool_calls")
        return self.calls

    def finish(self, final: RunStep) -> list[Part]:
        """Let the final object take the accumulated one's place; returns the calls to close."""
        before = self.calls
        self.model, self.calls, self.finished = final, _calls(final), True
        return settle(before, self.calls)


def _calls(step: RunStep) -> Slots:
    details = step.step_details
    return Slots(ToolCall, details.tool_calls if isinstance(details, ToolCallsStepDetails) else [])


class StreamState:
    """What was said so far, over every leg of a run that its handler has seen."""

    def __init__(self) -> None:
        self._event: AssistantStreamEvent | None = None
        self._unread: Frame | None = None  # the frame of the current event, where nobody has looked at it yet
        self.thread: Thread | None = None
        self.run: Run | None = None
        self.messages: dict[str, TrackedMessage] = {}
        self.steps: dict[str, TrackedStep] = {}
        self._open: list[TrackedStep] = []  # those not finished: a run may have very many that are
        self._message: TrackedMessage | None = None
        self._step: TrackedStep | None = None
        self._homeless: dict[str, Part] = {}  # calls awaited of a step that was never seen

    @property
    def current_event(self) -> AssistantStreamEvent | None:
        if self._unread is not None:
            self._event, self._unread = parse_event(self._unread), None
        return self._event

    @property
    def current_message(self) -> Message | None:
        return self._message.model if self._message else None

    @property
    def current_step(self) -> RunStep | None:
        return self._step.model if self._step else None

    @property
    def thread_id(self) -> str | None:
        return self.run.thread_id if self.run else self.thread.id if self.thread else None

    def begin(self, event: AssistantStreamEvent) -> None:
        """An event has come; a step that had ended before it is no longer the current one."""
        self._event, self._unread = event, None
        if self._step and self._step.finished:
            self._step = None

    def begin_unread(self, frame: Frame, whose: TrackedMessage | TrackedStep) -> None:
        """As `begin` for a delta of this message or step, which is made an object when somebody asks for it."""
        self._event, self._unread = None, frame
        if self._step and self._step.finished:
            self._step = None
        if isinstance(whose, TrackedMessage):
            self._message = whose
        else:
            self._step = whose

    def named(self, run: Run) -> Run:
        """The run, with the ids that its server has said before and left out this time: it can be asked about."""
        if not run.thread_id and self.thread_id:
            run.thread_id = self.thread_id
        if not run.id and self.run:
            run.id = self.run.id
        return run

    def message(self, message_id: str) -> TrackedMessage:
        """The message with this id: an empty one where its creation was not seen."""
        tracked = self.messages.get(message_id)
        if tracked is None:
            tracked = self.messages[message_id] = TrackedMessage(self._empty_message(message_id), announced=False)
        self._message = tracked
        return tracked

    def add_message(self, message: Message) -> TrackedMessage | None:
        """A message was created; None if that is no news. Deltas that came before its creation are kept."""
        tracked = self.messages.get(message.id)
        if tracked is not None and (tracked.finished or tracked.announced or tracked.told_done):
            return None
        if tracked is None or not tracked.model.content:
            tracked = self.messages[message.id] = TrackedMessage(message, announced=True)
        else:
            message.content = tracked.model.content
            tracked.model, tracked.announced = message, True
        self._message = tracked
        return tracked

    def step(self, step_id: str) -> TrackedStep:
        """The step with this id: an empty one where its creation was not seen."""
        tracked = self.steps.get(step_id)
        if tracked is None:
            tracked = self._opened(step_id, TrackedStep(self._empty_step(step_id), announced=False))
        self._step = tracked
        return tracked

    def add_step(self, step: RunStep) -> TrackedStep | None:
        """A step was created; None if that is no news. Deltas that came before its creation are kept."""
        tracked = self.steps.get(step.id)
        if tracked is not None and (tracked.finished or tracked.announced):
            return None
        if tracked is None or not list(tracked.calls):
            tracked = self._opened(step.id, TrackedStep(step, announced=True))
        else:
            step.step_details = tracked.model.step_details
            tracked.model, tracked.announced = step, True
        self._step = tracked
        return tracked

    def _opened(self, step_id: str, tracked: TrackedStep) -> TrackedStep:
        former = self.steps.get(step_id)
        self._open = [*(step for step in self._open if step is not former), tracked]
        self.steps[step_id] = tracked
        return tracked

    @property
    def open_steps(self) -> list[TrackedStep]:
        """The steps that are not finished, in their order."""
        self._open = [step for step in self._open if not step.finished]
        return self._open

    def awaited_calls(self, run: Run) -> list[Part]:
        """The calls that are complete now that the run waits for their outputs; what the run says of them counts."""
        action = run.required_action
        listed = action.submit_tool_outputs.tool_calls if isinstance(action, RequiredAction) else []
        steps = self.open_steps
        homeless = [part for part in map(self._take_over, listed) if part is not None]
        return [part for step in steps for part in step.calls] + homeless

    def _take_over(self, listed: Any) -> Part | None:
        """Find the call that the run lists, or take it in; returns it where there is no step to put it."""
        homes = [step for step in self.open_steps if step.model.type != "message_creation"]
        part = self._call(listed, homes)
        if part is None:
            call = read_as(ToolCall, listed.type, listed.model_dump(exclude_unset=True))
            if not homes:
                return self._homeless.setdefault(listed.id, Part(call))
            homes[-1].open_calls().put(None, call)
        elif isinstance(part.model, FunctionToolCall) and isinstance(listed, RequiredActionFunctionToolCall):
            function = FunctionDelta(name=listed.function.name)
            part.add(FunctionToolCallDelta(type="function", id=listed.id, function=function))
            part.model.function.arguments = listed.function.arguments
        return None

    def _call(self, listed: Any, homes: list[TrackedStep]) -> Part | None:
        """The call with the id of a listed one, or the first function call that was never given an id."""
        latest = (part for step in reversed(self.steps.values()) for part in step.calls)
        functions = (part for step in homes for part in step.calls if isinstance(part.model, FunctionToolCall))
        matching = (part for part in latest if part.model.id == listed.id)
        return next(matching, None) or next((part for part in functions if not part.model.id), None)

    def _empty_message(self, message_id: str) -> Message:
        fields = {"id": message_id, "role": "assistant", "status": "in_progress", **self._whose()}
        return Message.model_validate(fields)

    def _empty_step(self, step_id: str) -> RunStep:
        return RunStep.model_validate({"id": step_id, "status": "in_progress", **self._whose()})

    def _whose(self) -> dict[str, str]:
        run = {"run_id": self.run.id, "assistant_id": self.run.assistant_id} if self.run else {}
        return {"thread_id": self.thread_id or "", **run}
