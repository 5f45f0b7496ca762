"""`AsyncRecorder`."""

from __future__ import annotations

import os

from ..errors import APIError
from ..handlers import AsyncAssistantEventHandler
from ..streaming.sse import Frame
from ..types import PendingCall, ToolErrorEvent, ToolEvent, ToolFailure
from .tape import Tape

__all__ = ["AsyncRecorder"]


class AsyncRecorder(AsyncAssistantEventHandler):
    """Writes what the server sends into a file, frame by frame, with the time of each: `replay` plays it again.

    The file is an ordinary event stream (``.sse``) of all legs of the run. It is made when the first frame comes, for
    nobody else to read, and closed at the end.

    Args:
        path: The file.
        overwrite: Whether a file that exists may be replaced.

    Raises:
        FileExistsError: It exists, and may not be.
        OSError: There cannot be such a file.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        self._tape = Tape(path, overwrite=overwrite)
        self._failing: ToolErrorEvent | None = None

    def frame_received(self, frame: Frame) -> None:
        """A frame has come; the stream calls this before the event's hooks."""
        self._tape.add(frame)

    def tool_event(self, event: ToolEvent) -> None:
        """A tool event is settled; the stream calls this before it gives the event out."""
        self._failing = None
        self._tape.add_tool_event(event)

    async def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        failure = ToolFailure(call=call, message=str(error), error_type=type(error).__name__)
        self._failing = ToolErrorEvent(data=failure)
        return None

    async def on_exception(self, exception: Exception) -> None:
        if self._failing is not None:  # it is raised, and the model is told nothing
            self.tool_event(self._failing)
        if not isinstance(exception, APIError):  # those come from what is recorded
            self._tape.add_failure(exception)

    async def on_end(self) -> None:
        self._tape.close()
