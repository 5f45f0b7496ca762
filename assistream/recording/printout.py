"""A run as text that is written as it happens, on a terminal or anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from ..types import (
    CodeInterpreterToolCallDelta,
    FunctionToolCallDelta,
    ImageFile,
    ImageURL,
    Message,
    PendingCall,
    Run,
    RunStep,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from .pens import Pen
from .view import View
from .words import calls_of, clean, language, reason, results, summary, title, waiting, why_incomplete, written

__all__ = ["Printout"]

LIMIT: Final = 2000
"""How many characters are shown of what a tool returned."""

_KINDS = {"message_creation": "message", "tool_calls": "tool calls"}


class Printout(View):
    """Writes a run to a pen. What the model and others said is cleaned on the way: no control character gets through.

    Text is written where it belongs as it comes, and never again, so that there is nothing to flicker or to scroll
    away; line breaks are left to the terminal, which knows how wide its characters are.
    """

    def __init__(self, pen: Pen, *, steps: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._pen, self._with_steps, self._clock = pen, steps, clock
        self._started: float | None = None
        self._source: object = None  # what the line that is being written comes from
        self._open = False  # whether that line has not ended
        self._is_new = False  # a block was begun of which nothing was written yet
        self._begun: set[str] = set()  # calls whose head was written, by id
        self._told: set[str] = set()  # calls whose outcome was written
        self._running: dict[str, str] = {}
        self._steps: set[str] = set()
        self._run: Run | None = None

    # Writing ---------------------------------------------------------------------------------------------------------

    def _write(self, source: object, text: str, style: str = "") -> None:
        """Write on; what comes from somewhere else than the text before it begins a new line."""
        if source != self._source:
            self._break()
            self._source = source
        text = clean(text)
        if text:
            self._pen.write(text, style)
            self._open = not text.endswith("\n")

    def _break(self) -> None:
        if self._open:
            self._pen.write("\n")
        self._open, self._source = False, None

    def _line(self, text: str, style: str = "") -> None:
        self._break()
        self._write(None, text.rstrip() + "\n", style)

    def _wait(self, *rows: str) -> None:
        if self._started is None:
            self._started = self._clock()
        self._break()
        self._pen.wait([clean(row) for row in self._running.values()] or rows or ["thinking"])

    # Messages --------------------------------------------------------------------------------------------------------

    def text_created(self, text: Text) -> None:
        self._is_new = True

    def text_delta(self, delta: TextDelta, text: Text) -> None:
        if delta.value:
            self._is_new = False
            self._write(id(text), delta.value)

    def text_done(self, text: Text) -> None:
        if self._is_new:  # it came whole
            self._is_new = False
            self._write(id(text), text.value)

    def refusal_delta(self, delta: str, refusal: str) -> None:
        if self._source != "refusal":
            self._write("refusal", "refused: ", "bold red")
        self._write("refusal", delta, "red")

    def refusal_done(self, refusal: str) -> None:
        if self._source != "refusal":
            self.refusal_delta(refusal, refusal)

    def image_file_done(self, image: ImageFile) -> None:
        self._line(f"[image {image.file_id}]", "magenta")

    def image_url_done(self, image: ImageURL) -> None:
        self._line(f"[image {image.url}]", "magenta")

    def message_done(self, message: Message) -> None:
        if message.status == "incomplete":
            self._line(f"(cut short: {why_incomplete(message)})", "yellow")
        self._wait()

    # Calls -----------------------------------------------------------------------------------------------------------

    def tool_call_created(self, call: ToolCall) -> None:
        self._break()
        self._head(call.id, title(call))
        self._is_new = True

    def _head(self, call_id: str, name: str) -> None:
        self._begun.add(call_id)
        self._write(call_id, "→ ", "yellow")
        self._write(call_id, name, "bold yellow")

    def tool_call_delta(self, delta: ToolCallDelta, call: ToolCall) -> None:
        match delta:
            case FunctionToolCallDelta(function=function) if function and function.arguments:
                self._piece(call, function.arguments)
            case CodeInterpreterToolCallDelta(code_interpreter=code) if code and code.input:
                self._piece(call, code.input)
            case _:
                pass

    def _piece(self, call: ToolCall, text: str) -> None:
        """More of what the model writes for a call: arguments beside its name, code below it."""
        if self._source != call.id:  # another call was written meanwhile
            self._break()
            self._head(call.id, title(call))
            self._is_new = True
        if self._is_new:
            text = ("\n" if language(call) == "python" else " ") + text
        self._is_new = False
        self._write(call.id, text.replace("\n", "\n  "), "cyan")

    def tool_call_done(self, call: ToolCall) -> None:
        if self._is_new and written(call):
            self._piece(call, written(call))
        self._is_new = False
        self._answer(call)
        self._wait()

    def _answer(self, call: ToolCall) -> None:
        """What came of the call, once, as soon as the call says it."""
        if call.id not in self._told and (outcome := results(call)):
            for text in outcome:
                self._outcome(call.id, title(call), text)

    def _outcome(self, call_id: str, name: str, text: str, style: str = "dim") -> None:
        self._told.add(call_id)
        self._break()
        self._write(None, f"← {name} ", "yellow")
        self._write(None, _short(text).rstrip().replace("\n", "\n  ") + "\n", style)

    # The program's own functions -------------------------------------------------------------------------------------

    def tool_approval(self, call: PendingCall) -> None:
        self._pen.rest()
        self._line(f"? {call.name} {call.arguments} waits for an approval", "bold yellow")

    def tool_started(self, call: PendingCall) -> None:
        if call.id not in self._begun:  # the model wrote it in another stream
            self._break()
            self._head(call.id, call.name)
            self._write(call.id, f" {call.arguments}", "cyan")
        self._running[call.id] = call.name
        self._wait()

    def tool_progress(self, call: PendingCall, message: str) -> None:
        self._running[call.id] = f"{call.name}: {message}"
        if not self._pen.live:
            self._line(f"  {call.name}: {message}", "dim")
        self._wait()

    def tool_output(self, call: PendingCall, output: str) -> None:
        self._running.pop(call.id, None)
        self._outcome(call.id, call.name, output)
        self._wait()

    def tool_error(self, call: PendingCall, error: Exception) -> None:
        self._running.pop(call.id, None)
        self._outcome(call.id, call.name, f"{type(error).__name__}: {error}", "red")
        self._wait()

    # Steps and the run -----------------------------------------------------------------------------------------------

    def run_step_created(self, step: RunStep) -> None:
        self._steps.add(step.id)
        if self._with_steps:
            self._line(f"step {len(self._steps)} · {_KINDS.get(step.type, step.type)}", "dim")
        self._wait()

    def run_step_done(self, step: RunStep) -> None:
        for call in calls_of(step):
            self._answer(call)
        if step.status not in ("completed", "in_progress"):
            self._line(f"✗ step {step.status}" + (f": {reason(step.last_error)}" if step.last_error else ""), "red")
        self._wait()

    def run_changed(self, run: Run) -> None:
        self._run = run
        if run.status in ("queued", "in_progress", "cancelling"):
            self._wait("thinking" if run.status == "in_progress" else run.status)
        else:
            self._pen.rest()
            self._break()

    def exception(self, exception: Exception) -> None:
        self._pen.rest()
        self._line(f"✗ {type(exception).__name__}: {_short(str(exception))}", "bold red")

    def stream_cancelled(self) -> None:
        self._pen.rest()
        self._line("interrupted", "bold red")

    def end(self) -> None:
        self._pen.rest()
        self._break()
        run, self._running = self._run, {}
        if run is None:
            return
        if run.status == "failed":
            self._line(f"✗ {reason(run.last_error)}", "bold red")
        elif run.status == "incomplete":
            self._line(f"✗ incomplete: {why_incomplete(run)}", "bold red")
        if names := waiting(run):
            self._line(f"? waiting for the output of {', '.join(names)}", "bold yellow")
        seconds = self._clock() - self._started if self._started is not None else None
        self._line(summary(run, steps=len(self._steps), seconds=seconds), "bold")


def _short(text: str) -> str:
    return text if len(text) <= LIMIT else f"{text[:LIMIT]} … ({len(text):,} characters)"
