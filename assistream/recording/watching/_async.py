"""Handlers that pass on what they are told to a view, which has no colour."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from ...handlers import AsyncAssistantEventHandler
from ...types import (
    ImageFile,
    ImageURL,
    Message,
    MessageDelta,
    PendingCall,
    Run,
    RunStep,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from ..markdown import markdown, write_markdown
from ..page import notebook_view
from ..pens import rich_pen
from ..printout import Printout
from ..spans import Spans
from ..story import Story
from ..view import View

if TYPE_CHECKING:
    import rich.console
    from opentelemetry.trace import Tracer


class AsyncFollower(AsyncAssistantEventHandler):
    """Follows what begins and what ends."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def on_run_changed(self, run: Run) -> None:
        self._view.run_changed(run)

    async def on_run_step_created(self, run_step: RunStep) -> None:
        self._view.run_step_created(run_step)

    async def on_run_step_done(self, run_step: RunStep) -> None:
        self._view.run_step_done(run_step)

    async def on_tool_call_created(self, tool_call: ToolCall) -> None:
        self._view.tool_call_created(tool_call)

    async def on_tool_call_done(self, tool_call: ToolCall) -> None:
        self._view.tool_call_done(tool_call)

    async def on_tool_approval(self, call: PendingCall) -> bool | str | None:
        self._view.tool_approval(call)
        return None  # that is for another handler to say

    async def on_tool_started(self, call: PendingCall) -> None:
        self._view.tool_started(call)

    async def on_tool_progress(self, call: PendingCall, message: str) -> None:
        self._view.tool_progress(call, message)

    async def on_tool_output(self, call: PendingCall, output: str) -> None:
        self._view.tool_output(call, output)

    async def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        self._view.tool_error(call, error)
        return None

    async def on_message_created(self, message: Message) -> None:
        self._view.message_created(message)

    async def on_message_done(self, message: Message) -> None:
        self._view.message_done(message)

    async def on_exception(self, exception: Exception) -> None:
        self._view.exception(exception)

    async def on_stream_cancelled(self) -> None:
        self._view.stream_cancelled()

    async def on_end(self) -> None:
        self._view.end()


class AsyncWatcher(AsyncFollower):
    """Follows every delta besides."""

    async def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        self._view.tool_call_delta(delta, snapshot)

    async def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        self._view.message_delta(delta, snapshot)

    async def on_text_created(self, text: Text) -> None:
        self._view.text_created(text)

    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self._view.text_delta(delta, snapshot)

    async def on_text_done(self, text: Text) -> None:
        self._view.text_done(text)

    async def on_refusal_delta(self, delta: str, snapshot: str) -> None:
        self._view.refusal_delta(delta, snapshot)

    async def on_refusal_done(self, refusal: str) -> None:
        self._view.refusal_done(refusal)

    async def on_image_file_done(self, image_file: ImageFile) -> None:
        self._view.image_file_done(image_file)

    async def on_image_url_done(self, image_url: ImageURL) -> None:
        self._view.image_url_done(image_url)


class AsyncConsole(AsyncWatcher):
    """Writes a run as it happens: text, tool calls with their arguments and results, errors, and in the end a summary.

    In colours and with a spinner on a terminal, as plain text elsewhere. Needs rich: ``assistream[cli]``.

    Args:
        file: Where to; `sys.stdout` unless told.
        console: A console of rich to use instead, with whatever settings it has.
        steps: Whether the steps of the run have a line each.

    Raises:
        ConfigurationError: rich is not installed.
    """

    def __init__(
        self, file: TextIO | None = None, *, console: rich.console.Console | None = None, steps: bool = True
    ) -> None:
        super().__init__(Printout(rich_pen(file, console), steps=steps))


class AsyncNotebook(AsyncWatcher):
    """Shows a run below the cell of a Jupyter notebook while it happens; outside of one, writes it to `sys.stdout`."""

    def __init__(self) -> None:
        super().__init__(notebook_view())


class AsyncTranscript(AsyncWatcher):
    """Keeps a run as Markdown: ``str(transcript)``, at any time.

    Args:
        path: A file to write it to when the stream ends; one that exists is replaced.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._story = Story()
        self._path = path
        super().__init__(self._story)

    @property
    def markdown(self) -> str:
        """What has happened so far."""
        return markdown(self._story)

    def __str__(self) -> str:
        return self.markdown

    async def on_end(self) -> None:
        await super().on_end()
        if self._path is not None:
            write_markdown(self._path, self._story)


class AsyncOpenTelemetry(AsyncFollower):
    """Tells OpenTelemetry of a run: a span for it, one for each step, one for each tool call.

    Needs OpenTelemetry's API: ``assistream[otel]``.

    Args:
        tracer: Whose spans they are; one named ``assistream`` of the global provider unless told.
        capture_content: Whether what was said, arguments and results are told, too: they may be confidential.
        provider: Who the server is, in the words of the semantic conventions.

    Raises:
        ConfigurationError: The API is not installed.
    """

    def __init__(
        self, tracer: Tracer | None = None, *, capture_content: bool = False, provider: str = "openai"
    ) -> None:
        super().__init__(Spans(tracer, capture_content=capture_content, provider=provider))
