"""Deltas that are like the one before: nine events in ten of a run. No I/O.

A model's words come one by one, in events that differ in one string and in nothing else. Once such an event has gone
the plain way (`events`, `snapshots`, `dispatch`), the bytes around that string are known: where they come again, so
does all that they say, and only the string has to be read, put where it belongs, and told to the hooks for deltas.
That more than halves what an event costs (``benchmarks/README.md``, "What made the difference").

The plain way is the one that counts. It is taken by every event that a hook, or somebody who iterates, wants as an
object, and whenever there is any doubt; a property test holds the two together (``tests/streaming/test_fast.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from ..errors import StreamProtocolError
from ..handlers.hooks import Hook, Hooks
from ..types import (
    AssistantStreamEvent,
    BaseModel,
    CodeInterpreter,
    CodeInterpreterToolCallDelta,
    Function,
    FunctionToolCallDelta,
    Text,
    TextDeltaBlock,
    ThreadMessageDelta,
    ThreadRunStepDelta,
    ToolCallDeltaObject,
    ToolCallsStepDetails,
)
from .events import parse_event
from .parts import Part, grow, is_inert
from .snapshots import StreamState, TrackedMessage, TrackedStep
from .sse import Frame

__all__ = ["Shortcut"]

_QUOTE: Final = ord('"')
_CONTENT = re.compile(rb'(?:[^"\\]|\\.)*', re.DOTALL)
"""What is between the quotes of a JSON string."""

_PROBE: Final = "a string that no server sends"
_PROBE_SENT: Final = _PROBE.encode()

_ENOUGH: Final = 16
"""A pattern that was of use so often was worth looking for."""
_LONGEST: Final = 256
"""Events between two attempts in a stream whose deltas are never alike."""


class _Kind(NamedTuple):
    """Where a kind of delta has the string that grows, and what has to be there in the snapshot."""

    field: str
    holder: type[BaseModel]
    growing: str


_KINDS: Final[dict[type[Any], _Kind]] = {
    TextDeltaBlock: _Kind("text", Text, "value"),
    FunctionToolCallDelta: _Kind("function", Function, "arguments"),
    CodeInterpreterToolCallDelta: _Kind("code_interpreter", CodeInterpreter, "input"),
}


class _Pattern:
    """What is known of the deltas that go on with one block or call."""

    __slots__ = (
        "after",
        "before",
        "closing",
        "end",
        "field",
        "growing",
        "holder",
        "least",
        "name",
        "opening",
        "part",
        "read",
        "start",
        "whose",
    )

    def __init__(
        self, frame: Frame, around: tuple[bytes, bytes], delta: Any, whose: TrackedMessage | TrackedStep, part: Part
    ) -> None:
        self.name: str = frame.event
        self.whose: TrackedMessage | TrackedStep = whose
        self.part: Part = part
        self.field, self.holder, self.growing = _kind(delta)
        self.before, self.after = around
        self.start, self.end, self.least = len(self.before), -len(self.after), len(self.before) + len(self.after)
        # Hooks are given the text of a block's delta, but the whole delta of a call.
        told: BaseModel = vars(delta)["text"] if isinstance(delta, TextDeltaBlock) else delta
        self.read: Callable[[bytes], Any] = type(told).__pydantic_validator__.validate_json
        opening, closing = told.__pydantic_serializer__.to_json(told, exclude_unset=True).split(_PROBE_SENT)
        self.opening: bytes = opening
        self.closing: bytes = closing


class Shortcut:
    """The quick way through a stream: `take` what it can, and let it `learn` from what went the plain way.

    Attributes:
        delta, snapshot: What the hooks for the delta that was taken are to be given,
        hooks: and these hooks.
    """

    def __init__(self, hooks: Hooks, state: StreamState) -> None:
        self._hooks, self._state = hooks, state
        self._pattern: _Pattern | None = None
        self._wait = 1  # the first delta of a block is often a little different
        self._patience = 1
        self._taken = 0
        self.hooks: Sequence[Hook] = ()
        self.delta: Any = None
        self.snapshot: Any = None

    @property
    def is_open(self) -> bool:
        """Whether there is a chance at all that `take` takes what comes next."""
        return self._pattern is not None

    def take(self, frame: Frame) -> bool:
        """Whether this frame is a delta like the one before; then the state has it, and its hooks are to be called."""
        pattern, raw = self._pattern, frame.raw
        if pattern is None or frame.event != pattern.name:
            return False
        if not (raw.startswith(pattern.before) and raw.endswith(pattern.after) and len(raw) >= pattern.least):
            return False
        content = raw[pattern.start : pattern.end]
        if (_QUOTE in content or content[-1:] == b"\\") and not _CONTENT.fullmatch(content):
            return False
        model: BaseModel = pattern.part.model
        holder: Any = model.__dict__.get(pattern.field)  # vars() takes four times as long
        if type(holder) is not pattern.holder or not _is_open(pattern.whose, pattern.part):
            return False
        try:
            delta = pattern.read(pattern.opening + content + pattern.closing)
        except ValueError:  # bytes or characters that are none: the plain way mends them
            return False
        if pattern.holder is Text:
            more, self.snapshot = delta.value, holder
        else:
            more, self.snapshot = _value(_value(delta, pattern.field), pattern.growing), model
        grow(holder, pattern.growing, more)
        self._state.begin_unread(frame, pattern.whose)
        self.delta = delta
        self._taken += 1
        return True

    def learn(self, frame: Frame | None) -> None:
        """An event has gone the plain way: this was its frame, None for one that was not sent."""
        self._forget()
        if frame is None or frame.event not in ("thread.message.delta", "thread.run.step.delta"):
            return
        if self._wait:
            self._wait -= 1
            return
        self._wait, self._patience = self._patience, min(2 * self._patience, _LONGEST)
        self._pattern = self._found(frame)
        if self._pattern is not None:
            self.hooks = self._hooks.on_text_delta if self._pattern.holder is Text else self._hooks.on_tool_call_delta

    def _forget(self) -> None:
        """What was learned may not hold any more."""
        if self._taken >= _ENOUGH:
            self._wait, self._patience = 0, 1
        self._pattern, self._taken = None, 0

    def _found(self, frame: Frame) -> _Pattern | None:
        try:
            event = parse_event(frame)  # as it was sent: hooks may have changed the one they were given
            delta = _only(event)
            kind = _kind(delta)
            inner = _value(delta, kind.field)
            if inner is None or self._is_looked_at(event) or not isinstance(_value(inner, kind.growing), str):
                return None
            if not (is_inert(delta, kind.field) and is_inert(inner, kind.growing)):
                return None
            before, after = _around(frame.raw, kind.growing)
            probe = parse_event(Frame(before + _PROBE_SENT + after, frame.event))
            probed = _only(probe)
            if _value(_value(probed, kind.field), kind.growing) != _PROBE:
                return None
            vars(inner)[kind.growing] = _PROBE
            if probe != event:
                return None
        except (StreamProtocolError, LookupError, TypeError, ValueError):  # of another kind, or not as it should be
            return None
        return self._aimed(frame, (before, after), event, delta)

    def _is_looked_at(self, event: object) -> bool:
        """Whether a hook wants more of such an event than the string."""
        hooks = self._hooks
        return bool(
            hooks.on_event
            or (hooks.on_message_delta if isinstance(event, ThreadMessageDelta) else hooks.on_run_step_delta)
        )

    def _aimed(self, frame: Frame, around: tuple[bytes, bytes], event: Any, delta: Any) -> _Pattern | None:
        data, state = event.data, self._state
        whose = (state.messages if isinstance(event, ThreadMessageDelta) else state.steps).get(data.id)
        if whose is None:
            return None
        part = (whose.blocks if isinstance(whose, TrackedMessage) else whose.calls).get(delta.index)
        if part is None or part.model.type != delta.type or not part.created:
            return None
        return _Pattern(frame, around, delta, whose, part)


def _is_open(whose: TrackedMessage | TrackedStep, part: Part) -> bool:
    """Whether a delta for this part has no other consequence than to make it grow."""
    if whose.finished or whose.active is not part:
        return False
    if isinstance(whose, TrackedMessage):
        return not whose.told_done
    return isinstance(whose.model.step_details, ToolCallsStepDetails)


def _only(event: AssistantStreamEvent | None) -> Any:
    """The delta of an event that has one only."""
    deltas: Sequence[Any] | None = None
    if isinstance(event, ThreadMessageDelta):
        deltas = event.data.delta.content
    elif isinstance(event, ThreadRunStepDelta):
        details = event.data.delta.step_details
        deltas = details.tool_calls if isinstance(details, ToolCallDeltaObject) else None
    return deltas[0] if deltas is not None and len(deltas) == 1 else None


def _kind(delta: object) -> _Kind:
    return _KINDS[type(delta)]


def _value(model: BaseModel, field: str) -> Any:
    return model.__dict__[field]


def _around(raw: bytes, name: str) -> tuple[bytes, bytes]:
    """The bytes before and after the content of the one string of this name; ValueError if there is not one."""
    (start,) = re.finditer(rb'"%s"\s*:\s*"' % name.encode(), raw)
    content = _CONTENT.match(raw, start.end())
    end = content.end() if content else start.end()
    return raw[: start.end()], raw[end:]
