"""What the deltas of a stream said, beside what its snapshots and final objects say. For both colours."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistream.types import Message, RunStep, TextContentBlock, ToolCallsStepDetails

from ..shared import ROOT


def own_files() -> list[Any]:
    return [pytest.param(path, id=f"own_{path.name}") for path in sorted((ROOT / "tests" / "data").glob("*.sse"))]


def frames_of(body: bytes) -> list[bytes]:
    """The body cut after each blank line; what follows the last one is a piece too."""
    return [piece for piece in re.split(rb"(?<=\n\n)", body.replace(b"\r\n", b"\n")) if piece.strip()]


@dataclass
class Said:
    events: list[Any] = field(default_factory=list[Any])
    then: list[str] = field(default_factory=list[str])
    """Each event as it was when it was delivered."""
    texts: defaultdict[int, str] = field(default_factory=lambda: defaultdict[int, str](str))
    """By the snapshot they belong to, which stays the same object."""
    calls: defaultdict[int, str] = field(default_factory=lambda: defaultdict[int, str](str))
    snapshots: list[object] = field(default_factory=list[object])
    messages: list[Message] = field(default_factory=list[Message])
    steps: list[RunStep] = field(default_factory=list[RunStep])

    def event(self, event: Any) -> None:
        self.events.append(event)
        self.then.append(event.model_dump_json())

    def text_delta(self, delta: Any, snapshot: Any) -> None:
        self.snapshots.append(snapshot)  # so that no other object can have its id
        self.texts[id(snapshot)] += delta.value or ""
        assert snapshot.value == self.texts[id(snapshot)]

    def tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        if delta.type == "function":
            piece, whole = delta.function.arguments, snapshot.function.arguments
        elif delta.type == "code_interpreter":
            piece, whole = delta.code_interpreter.input, snapshot.code_interpreter.input
        else:
            return
        self.snapshots.append(snapshot)
        self.calls[id(snapshot)] += piece or ""
        assert whole == self.calls[id(snapshot)]

    def unchanged(self) -> None:
        """Nothing that a delivered event held has changed since."""
        assert [event.model_dump_json() for event in self.events] == self.then

    def compare(self, *, edited: bool) -> None:
        """What the deltas add up to is what the completed objects say; examples with elided deltas are not compared."""
        if edited:
            return
        blocks = [block for message in self.messages for block in message.content]
        texts = [block.text.value for block in blocks if isinstance(block, TextContentBlock)]
        assert texts == list(self.texts.values())
        begun = {event.data.id for event in self.events if event.event == "thread.run.step.created"}
        asked = [_written(call) for step in self.steps if step.id in begun for call in _calls(step)]
        assert [written for written in asked if written] == list(self.calls.values())


def _calls(step: RunStep) -> list[Any]:
    details = step.step_details
    return list(details.tool_calls) if isinstance(details, ToolCallsStepDetails) else []


def _written(call: Any) -> str:
    """What the model wrote for a call."""
    if call.type == "function":
        return str(call.function.arguments)
    return str(call.code_interpreter.input) if call.type == "code_interpreter" else ""
