"""What chat itself has to know of a run, and how Ctrl-C stops it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from ...handlers import AssistantEventHandler
from ...recording import Console
from ...types import PendingCall, Run

__all__ = ["Watcher", "ctrl_c_cancels", "termination_cleans_up"]


class Watcher(AssistantEventHandler):
    """Asks for approvals, and knows what runs here. To be the first of the handlers, before the console.

    Args:
        ask: Whether a call may be performed; a text is why not.
        console: What shows the run.
    """

    def __init__(self, ask: Callable[[PendingCall], bool | str], console: Console | None) -> None:
        self._ask, self._console = ask, console
        self._running: set[str] = set()
        self.has_failed: bool = False

    @property
    def current_run_or_none(self) -> Run | None:
        """The run as far as the server has told of it."""
        return self.current_run if self._assistream_stream is not None else None

    @property
    def can_cancel(self) -> bool:
        """Whether `cancel` is heard at once: the server has said which run it is, and no function holds us up."""
        return self.current_run_or_none is not None and not self._running

    def on_tool_approval(self, call: PendingCall) -> bool | str | None:
        if self._console is not None:
            self._console.on_tool_approval(call)
        return self._ask(call)

    def on_tool_started(self, call: PendingCall) -> None:
        self._running.add(call.id)

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        self._running.discard(call.id)

    def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        self._running.discard(call.id)
        return None

    def on_exception(self, exception: Exception) -> None:
        self.has_failed = True

    def on_end(self) -> None:
        # After `cancel` no hook says how the run has ended.
        if self._console is not None and (run := self.current_run_or_none) is not None:
            self._console.on_run_changed(run)


@contextmanager
def ctrl_c_cancels(watcher: Watcher) -> Generator[list[int]]:
    """Inside, Ctrl-C cancels the run, and the stream ends by itself; the list has an item for each time.

    Where that would not be heard at once, and the second time, Ctrl-C is what it always is, a KeyboardInterrupt:
    it gets a function of the user's out of whatever it waits for.
    """
    pressed: list[int] = []

    def interrupted(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 1 or not watcher.can_cancel:
            raise KeyboardInterrupt
        # The thread that this interrupts may hold what `cancel` needs.
        threading.Thread(target=watcher.cancel, name="assistream cancel").start()

    previous = signal.signal(signal.SIGINT, interrupted)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def termination_cleans_up() -> Generator[None]:
    """Inside, SIGTERM leaves every ``with`` on its way out, as a SystemExit does."""

    def terminated(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)  # what a shell makes of the signal

    previous = signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
