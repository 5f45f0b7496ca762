"""Calls of tools while the model writes them: functions, which the program answers, and built-in tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .builtin import Answer, BadCall, BuiltIn, Job, Reader
from .deltas import added
from .lifecycle import BEHIND, Document


@dataclass(slots=True, eq=False)
class FunctionCall:
    index: int
    id: str
    name: str
    _pieces: list[str] = field(default_factory=list[str])

    @property
    def asked(self) -> Document:
        """What the program is asked to do."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": "".join(self._pieces)}}

    @property
    def document(self) -> Document:
        asked = self.asked
        return asked | {"function": asked["function"] | {"output": None}}

    def add(self, arguments: str) -> Document | None:
        """What a delta says of these arguments."""
        self._pieces.append(arguments)
        return {"type": "function", "function": {"arguments": arguments}}

    def end(self) -> Document | None:
        return None


@dataclass(slots=True, eq=False)
class BuiltInCall:
    index: int
    id: str
    name: str
    tool: BuiltIn
    _body: Document
    _reader: Reader
    _pieces: list[str] = field(default_factory=list[str])
    _answer: Answer | None = None

    @property
    def document(self) -> Document:
        behind: Document = {"name": self.name, "arguments": "".join(self._pieces)}
        if self._answer:
            behind |= {"told": self._answer.told, "sources": dict(self._answer.sources)}
        return {"id": self.id, "type": self.tool.type, self.tool.type: self._body, BEHIND: behind}

    def add(self, arguments: str) -> Document | None:
        self._pieces.append(arguments)
        return self._said(self._reader.take(arguments))

    def end(self) -> Document | None:
        return self._said(self._reader.end())

    def _said(self, body: Document | None) -> Document | None:
        if body is None:
            return None
        self._body = added(self._body, body)
        return {"type": self.tool.type, self.tool.type: body}

    async def work(self, run: Document, number: int, send: Callable[[Document], Awaitable[None]]) -> None:
        async def say(body: Document) -> None:
            if delta := self._said(body):
                await send(delta)

        job = Job(run, self.id, "".join(self._pieces), self._body, number, say)
        try:
            self._answer = await self.tool.work(job)
        except BadCall as complaint:
            self.refuse(str(complaint))
        else:
            self._body = self._body if self._answer.body is None else self._answer.body

    def refuse(self, complaint: str) -> None:
        """Tells the model that this is no call to be answered."""
        self._answer = Answer(f"Error: {complaint}")


Call = FunctionCall | BuiltInCall


def begun(index: int, id: str, name: str, tool: BuiltIn | None, run: Document) -> Call:
    if tool is None:
        return FunctionCall(index, id, name)
    return BuiltInCall(index, id, name, tool, tool.opening(run), tool.reader())


def opening(call: Call) -> Document:
    """A call that begins, as its first delta tells it."""
    return {key: value for key, value in call.document.items() if key != BEHIND}
