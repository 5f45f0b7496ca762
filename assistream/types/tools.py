"""The tool loop: calls that wait for an output, and the events it adds to those of the server."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeAlias, cast

from .base import BaseModel


class PendingCall(BaseModel):
    """A call whose output the run waits for; `arguments` is JSON text, as the model wrote it."""

    id: str
    name: str
    arguments: str
    run_id: str
    thread_id: str

    @property
    def parsed(self) -> dict[str, Any]:
        """The arguments, read anew each time; no text at all means that there are none.

        Raises:
            ValueError: They are no JSON, or no object.
        """
        value: object = json.loads(self.arguments) if self.arguments.strip() else {}
        if not isinstance(value, dict):
            raise ValueError(f"The arguments of {self.name} are no JSON object: {self.arguments!r}")
        return cast("dict[str, Any]", value)


class ToolStart(BaseModel):
    """A call whose function is being run."""

    call: PendingCall


class ToolMessage(BaseModel):
    """A call, and how it gets on."""

    call: PendingCall
    message: str


class ToolResult(BaseModel):
    """A call, and what the model is told."""

    call: PendingCall
    output: str


class ToolFailure(BaseModel):
    """A call that failed: `message` is what the model is told, `error_type` the name of the exception's class."""

    call: PendingCall
    message: str
    error_type: str


class ToolStartedEvent(BaseModel):
    """A tool was started."""

    event: Literal["tool.started"] = "tool.started"
    data: ToolStart


class ToolProgressEvent(BaseModel):
    """A tool says how it gets on."""

    event: Literal["tool.progress"] = "tool.progress"
    data: ToolMessage


class ToolOutputEvent(BaseModel):
    """A tool has given its output."""

    event: Literal["tool.output"] = "tool.output"
    data: ToolResult


class ToolErrorEvent(BaseModel):
    """A tool could not be run, or failed."""

    event: Literal["tool.error"] = "tool.error"
    data: ToolFailure


ToolEvent: TypeAlias = ToolStartedEvent | ToolProgressEvent | ToolOutputEvent | ToolErrorEvent
"""What the loop adds to the events of a stream. No server sends these."""
