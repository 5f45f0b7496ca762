"""What made-up runs are made of: blocks and calls, which know what was said of them, and the story of a leg."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .. import frames as wire

Object = dict[str, Any]


@dataclass
class Block:
    """A content block: what it is, what was said of it, which of its hooks were called."""

    kind: str
    name: str
    pieces: list[str]
    marks: list[Object] = field(default_factory=list[Object])
    said: str = ""
    created: bool = False
    done: bool = False

    def whole(self, value: str) -> Object:
        match self.kind:
            case "text":
                return wire.block(value, self.marks)
            case "refusal":
                return {"type": "refusal", "refusal": value}
            case "image_url":
                return {"type": "image_url", "image_url": {"url": self.name}}
            case _:
                return wire.image_block(self.name)

    def shown(self, value: str) -> str:
        return repr(value) if self.kind == "text" else f"no {value!r}" if self.kind == "refusal" else self.name

    def add(self, entry: Object) -> None:
        if self.kind == "refusal":
            self.said += entry["refusal"]
        elif self.kind == "text":
            self.said += entry["text"].get("value", "")

    def finished(self, value: str) -> list[str]:
        """The hooks of its end, if they were not called yet."""
        if self.done:
            return []
        self.done = True
        created = [f"text_created({value!r})"] if self.kind == "text" and not self.created else []
        self.created = True
        return [*created, f"{self.kind}_done({self.shown(value).removeprefix('no ')})"]


@dataclass
class Call:
    """A tool call, in the same way."""

    kind: str
    id: str
    pieces: list[str]
    outputs: list[Object]
    said: str = ""
    given: list[str] = field(default_factory=list[str])
    created: bool = False
    done: bool = False

    @property
    def whole(self) -> Object:
        return self._written("".join(self.pieces), self.outputs, is_found=True)

    @property
    def so_far(self) -> Object:
        """As a step that was cut short keeps it."""
        return self._written(self.said, self.outputs[: len(self.given)], is_found=bool(self.given))

    def _written(self, said: str, outputs: list[Object], *, is_found: bool) -> Object:
        match self.kind:
            case "function":
                return wire.call(self.id, "look", said)
            case "code_interpreter":
                return wire.code_call(self.id, said, outputs)
            case "file_search":
                results = [{"file_id": "file_1", "file_name": "a.txt", "score": 0.5}] if is_found else []
                return {"id": self.id, "type": "file_search", "file_search": {"results": results}}
            case _:
                return {"id": self.id, "type": self.kind, self.kind: {}}

    def shown(self) -> str:
        match self.kind:
            case "function":
                return f"{self.id} look {self.said!r}"
            case "code_interpreter":
                return " -> ".join([f"{self.id} {self.said!r}", *self.given])
            case "file_search":
                return " -> ".join([self.id, *self.given])
            case _:
                return f"{self.id} ?{self.kind}"

    def add(self, entry: Object) -> None:
        body = entry[self.kind]
        self.said += body.get("arguments", body.get("input", ""))
        self.given += [shown_output(output) for output in body.get("outputs", [])]

    def complete(self) -> None:
        """As its step's own end has it."""
        self.said = "".join(self.pieces)
        self.given = [shown_output(output) for output in self.outputs]
        if self.kind == "file_search":
            self.given = ["file_1"]

    def finished(self) -> list[str]:
        if self.done:
            return []
        self.done = True
        return [f"tool_call_done({self.shown()})"]


def shown_output(output: Object) -> str:
    return repr(output["logs"]) if output["type"] == "logs" else str(output["image"]["file_id"])


@dataclass
class Story:
    """One leg: frames, the hooks of each, and what is left when it is over."""

    frames: list[bytes] = field(default_factory=list[bytes])
    hooks: list[str] = field(default_factory=list[str])
    messages: list[str] = field(default_factory=list[str])
    steps: list[str] = field(default_factory=list[str])
    status: str = "queued"
    waiting: list[Call] = field(default_factory=list[Call])
    tool_step: str = ""

    def tell(self, frame: bytes, *hooks: str) -> None:
        self.frames.append(frame)
        self.hooks.append(" ".join(hooks))
