# Written by scripts/unasync.py from _async.py; edit that file instead.
"""`Recorder`."""

from __future__ import annotations

import os

from ..handlers import AssistantEventHandler
from ..streaming.sse import Frame
from ..types import PendingCall
from ..types.tools import (
    ToolErrorEvent,
    ToolFailure,
    ToolMessage,
    ToolOutputEvent,
    ToolProgressEvent,
    ToolResult,
    ToolStart,
    ToolStartedEvent,
)
from .tape import Tape

__all__ = ["Recorder"]


class Recorder(AssistantEventHandler):
    """Writes what the server sends into a file, frame by frame, with the time of each: `replay` plays it again.

    The file is an ordinary event stream (``.sse``) of all legs of the run. It is made when the first frame comes, and
    closed at the end.

    Args:
        path: The file.
        overwrite: Whether a file that exists may be replaced.

    Raises:
        FileExistsError: It exists, and may not be.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        self._tape = Tape(path, overwrite=overwrite)

    def frame_received(self, frame: Frame) -> None:
        """A frame has come; the stream calls this before the event's hooks."""
        self._tape.add(frame)

    def on_tool_started(self, call: PendingCall) -> None:
        self._tape.add_tool_event(ToolStartedEvent(data=ToolStart(call=call)))

    def on_tool_progress(self, call: PendingCall, message: str) -> None:
        self._tape.add_tool_event(ToolProgressEvent(data=ToolMessage(call=call, message=message)))

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        self._tape.add_tool_event(ToolOutputEvent(data=ToolResult(call=call, output=output)))

    def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        failure = ToolFailure(call=call, message=str(error), error_type=type(error).__name__)
        self._tape.add_tool_event(ToolErrorEvent(data=failure))
        return None

    def on_end(self) -> None:
        self._tape.close()
