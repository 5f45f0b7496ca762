"""What a stream has said so far: deltas accumulated, routed by id. No I/O.

Everything is applied in place to ordinary models, so that an event costs the same however long the message already is.
Which hooks that deserves is the business of `dispatch`; the marks it needs for that (`created`, `done`, `active`) are
kept here, beside what they are about.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any, Final

import pydantic

from ..errors import StreamProtocolError
from ..types import (
    Annotation,
    AssistantStreamEvent,
    BaseModel,
    CodeInterpreterOutput,
    Message,
    MessageContent,
    MessageContentDelta,
    Run,
    RunStep,
    Thread,
    ToolCall,
    ToolCallDelta,
    ToolCallsStepDetails,
    Unknown,
)

__all__ = ["MAX_GAP", "Part", "Slots", "StreamState", "TrackedMessage", "TrackedStep"]

MAX_GAP: Final = 1024
"""How far past the end an index may lie: a hostile one must not cost memory."""

_GROWING: Final = frozenset({"value", "arguments", "input", "logs", "refusal"})
"""The fields whose fragments are joined; in every other field what a delta says replaces what was there."""

_PLACE: Final = frozenset({"index", "type"})
"""What says where a delta belongs, and is no part of the content."""

_IDENTITY: Final = frozenset({"id", "name"})
"""What servers send with the first fragment; some repeat it empty with the others."""

_LISTS: Final[dict[str, Any]] = {"annotations": Annotation, "outputs": CodeInterpreterOutput}
"""The fields that are lists of parts with an index of their own, and what they hold."""

_DELTAS: Final[dict[Any, Any]] = {MessageContent: MessageContentDelta, ToolCall: ToolCallDelta}


def grow(model: BaseModel, field: str, more: str) -> None:
    """Append to a text field.

    The string leaves the model first: CPython extends a string in place only while nobody else refers to it, and
    that is what keeps the cost of a delta from growing with the text.
    """
    fields = vars(model)
    text: str = fields.pop(field, None) or ""
    text += more
    fields[field] = text


def _fields(model: BaseModel) -> dict[str, Any]:
    extra = model.model_extra
    return {**vars(model), **extra} if extra else vars(model)


@cache
def _reader(union: Any) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(union)


def _blank(union: Any, kind: str) -> Any:
    """An empty member of a union of the API."""
    seed = {"type": kind, "id": ""} if union is ToolCall else {"type": kind}
    return _reader(union).validate_python(seed)


class Part:
    """A content block, a tool call, an annotation or an output while it is being written.

    `created` and `done` say which of its hooks have been called.
    """

    __slots__ = ("_lists", "created", "done", "model")

    def __init__(self, model: Any) -> None:
        self.model = model
        self.created = self.done = False
        self._lists: dict[str, Slots] = {}

    def add(self, delta: BaseModel) -> None:
        """Merge a delta in. Its own objects stay as they are, and none of them is shared."""
        self._merge(self.model, delta)

    def _merge(self, target: BaseModel, delta: BaseModel) -> None:
        for name, value in _fields(delta).items():
            if value is None or name in _PLACE or (value == "" and name in _IDENTITY):
                continue
            if name in _GROWING and isinstance(value, str):
                grow(target, name, value)
            elif name in _LISTS and isinstance(value, list):
                self._extend(target, name, value)  # pyright: ignore[reportUnknownArgumentType] -- a list of deltas
            else:
                self._replace(target, name, value)

    def _extend(self, target: BaseModel, name: str, deltas: list[Any]) -> None:
        slots = self._lists.get(name)
        if slots is None:
            shown: list[Any] = getattr(target, name, None) or []
            setattr(target, name, shown)
            slots = self._lists[name] = Slots(_LISTS[name], shown)
        for delta in deltas:
            slots.add(delta)

    def _replace(self, target: BaseModel, name: str, value: object) -> None:
        current = getattr(target, name, None)
        if not isinstance(current, BaseModel):
            setattr(target, name, deepcopy(value))
        elif isinstance(value, BaseModel):
            self._merge(current, value)


class Slots:
    """Parts by their index, and the list of the model that shows them in the order of it, gaps closed."""

    __slots__ = ("_indices", "_parts", "_shown", "_union")

    def __init__(self, union: Any, shown: list[Any]) -> None:
        self._union, self._shown = union, shown
        self._parts = {index: Part(model) for index, model in enumerate(shown)}
        self._indices = list(self._parts)  # sorted; the parts themselves come in any order

    def __iter__(self) -> Iterator[Part]:
        return (self._parts[index] for index in self._indices)

    def items(self) -> Iterator[tuple[int, Part]]:
        return ((index, self._parts[index]) for index in self._indices)

    def add(self, delta: Any) -> tuple[Part, Any]:
        """Merge a delta into the part with its index, or into a new one where there is none or no index.

        Returns:
            The part, and the delta: typed by its part where the server did not repeat the type.
        """
        part = self.get(delta.index)
        if part is None:
            part = self.put(delta.index, _blank(self._union, delta.type))
        elif isinstance(delta, Unknown) and not delta.type and self._union in _DELTAS:
            delta = _reader(_DELTAS[self._union]).validate_python({**delta.model_dump(), "type": part.model.type})
        part.add(delta)
        return part, delta

    def get(self, index: int | None) -> Part | None:
        return None if index is None else self._parts.get(index)

    def put(self, index: int | None, model: Any) -> Part:
        """Take a model in as a part, at this index or at the end."""
        end = self._indices[-1] + 1 if self._indices else 0
        index = end if index is None else index
        if not 0 <= index <= end + MAX_GAP:
            raise StreamProtocolError(
                f"A delta is for index {index}, but only {end} are known, and an index may be at most {MAX_GAP} further"
            )
        place = bisect(self._indices, index)
        self._indices.insert(place, index)
        self._shown.insert(place, model)
        part = self._parts[index] = Part(model)
        return part


def settle(before: Slots, after: Slots) -> list[Part]:
    """Carry the marks over to the parts of a final object.

    Parts are the same by id where both have one, else by place.

    Returns:
        The parts to close, in order: each as the final object has it, or as it last was where that leaves it out.
    """
    told, final = list(before.items()), list(after)
    by_id = {_id(part): part for part in final if _id(part)}
    claimed = {_id(part) for _, part in told} - {""}
    aligned = len(told) == len(final)
    parts: list[Part] = []
    for rank, (index, part) in enumerate(told):
        twin = by_id.get(_id(part))
        if twin is None:
            twin = after.get(rank if aligned else index)
            if twin is None or twin in parts or _id(twin) in claimed or twin.model.type != part.model.type:
                twin = part
        twin.created, twin.done = part.created, part.done
        parts.append(twin)
    return parts + [part for part in final if part not in parts]


def _id(part: Part) -> str:
    return getattr(part.model, "id", "")


class TrackedMessage:
    """A message while it is being written."""

    __slots__ = ("active", "announced", "blocks", "finished", "model", "told_done")

    def __init__(self, model: Message, *, announced: bool) -> None:
        self.model = model
        self.announced = announced
        """Whether its creation was seen here."""
        self.blocks = Slots(MessageContent, model.content)
        self.active: Part | None = None
        """The block written to last: the one that is done when another begins."""
        self.finished = False
        """Whether its final object has come."""
        self.told_done = False
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
        self.model = model
        self.announced = announced
        """Whether its creation was seen here: a stream of submitted outputs ends steps that began elsewhere."""
        self.calls = _calls(model)
        self.active: Part | None = None
        self.finished = False

    def open_calls(self) -> Slots:
        """The calls to add to: the step becomes one of tool calls if it was none."""
        if not isinstance(self.model.step_details, ToolCallsStepDetails):
            self.model.type = "tool_calls"
            self.model.step_details = ToolCallsStepDetails(type="tool_calls", tool_calls=[])
            self.calls = _calls(self.model)
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
        self.current_event: AssistantStreamEvent | None = None
        self.thread: Thread | None = None
        self.run: Run | None = None
        self.messages: dict[str, TrackedMessage] = {}
        self.steps: dict[str, TrackedStep] = {}
        self.current_message: Message | None = None
        self.current_step: RunStep | None = None

    @property
    def thread_id(self) -> str | None:
        return self.run.thread_id if self.run else self.thread.id if self.thread else None

    def begin(self, event: AssistantStreamEvent) -> None:
        """An event has come; a step that had ended before it is no longer the current one."""
        self.current_event = event
        if self.current_step and self.steps[self.current_step.id].finished:
            self.current_step = None

    def message(self, message_id: str) -> TrackedMessage:
        """The message with this id: an empty one where its creation was not seen."""
        tracked = self.messages.get(message_id)
        if tracked is None:
            tracked = self.messages[message_id] = TrackedMessage(self._empty_message(message_id), announced=False)
        self.current_message = tracked.model
        return tracked

    def add_message(self, message: Message) -> TrackedMessage | None:
        """A message was created; None if that is no news. Deltas that came before its creation are kept."""
        tracked = self.messages.get(message.id)
        if tracked is not None and (tracked.finished or tracked.announced):
            return None
        if tracked is None or not tracked.model.content:
            tracked = self.messages[message.id] = TrackedMessage(message, announced=True)
        else:
            message.content = tracked.model.content
            tracked.model, tracked.announced = message, True
        self.current_message = tracked.model
        return tracked

    def step(self, step_id: str) -> TrackedStep:
        """The step with this id: an empty one where its creation was not seen."""
        tracked = self.steps.get(step_id)
        if tracked is None:
            tracked = self.steps[step_id] = TrackedStep(self._empty_step(step_id), announced=False)
        self.current_step = tracked.model
        return tracked

    def add_step(self, step: RunStep) -> TrackedStep | None:
        """A step was created; None if that is no news. Deltas that came before its creation are kept."""
        tracked = self.steps.get(step.id)
        if tracked is not None and (tracked.finished or tracked.announced):
            return None
        if tracked is None or not list(tracked.calls):
            tracked = self.steps[step.id] = TrackedStep(step, announced=True)
        else:
            step.step_details = tracked.model.step_details
            tracked.model, tracked.announced = step, True
        self.current_step = tracked.model
        return tracked

    def _empty_message(self, message_id: str) -> Message:
        fields = {"id": message_id, "role": "assistant", "status": "in_progress", **self._whose()}
        return Message.model_validate(fields)

    def _empty_step(self, step_id: str) -> RunStep:
        return RunStep.model_validate({"id": step_id, "status": "in_progress", **self._whose()})

    def _whose(self) -> dict[str, str]:
        run = {"run_id": self.run.id, "assistant_id": self.run.assistant_id} if self.run else {}
        return {"thread_id": self.thread_id or "", **run}
