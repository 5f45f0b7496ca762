"""How these tests ask a model, and what they read from its deltas."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistream.engine.models import (
    ChatMessage,
    ChatToolCall,
    Finish,
    Model,
    ModelDelta,
    ModelRequest,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)


@dataclass
class Answer:
    deltas: list[ModelDelta] = field(default_factory=list[ModelDelta])

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def pieces(self) -> list[str]:
        return [delta.text for delta in self.deltas if isinstance(delta, TextDelta)]

    @property
    def refusal(self) -> str:
        return "".join(delta.text for delta in self.deltas if isinstance(delta, RefusalDelta))

    @property
    def usage(self) -> UsageDelta | None:
        return next((delta for delta in self.deltas if isinstance(delta, UsageDelta)), None)

    @property
    def finish(self) -> str | None:
        return next((delta.reason for delta in self.deltas if isinstance(delta, Finish)), None)

    @property
    def calls(self) -> list[ChatToolCall]:
        parts = [delta for delta in self.deltas if isinstance(delta, ToolCallDelta)]
        opened = [part for part in parts if part.name is not None]
        written = ["".join(p.arguments for p in parts if p.index == first.index) for first in opened]
        return [ChatToolCall(p.id or "", p.name or "", text) for p, text in zip(opened, written, strict=True)]


async def read(iterator: AsyncIterator[ModelDelta]) -> Answer:
    answer = Answer()
    async for delta in iterator:
        answer.deltas.append(delta)
    return answer


async def ask(model: Model, messages: str | Sequence[ChatMessage], **settings: Any) -> Answer:
    asked = [ChatMessage("user", messages)] if isinstance(messages, str) else messages
    return await read(model.generate(ModelRequest("a-model", asked, **settings)))


def function(name: str, description: str = "", required: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    """A function tool; every parameter is required unless ``required`` says otherwise."""
    parameters = {"type": "object", "properties": fields, "required": list(fields) if required is None else required}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


STRING = {"type": "string"}
UNIT = {"type": "string", "enum": ["c", "f"], "default": "c"}
WEATHER = function("get_weather", "Today's forecast for a city.", ["city"], city=STRING, unit=UNIT)
TRAINS = function("find_trains", "Trains between two cities.", origin=STRING, destination=STRING, after=STRING)
TIME = function("get_time", "The time in a city.", city=STRING)
HELLO = [ChatMessage("user", "Hello")]
