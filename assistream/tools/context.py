"""What a tool is told about the call that it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..types import PendingCall, Run

__all__ = ["ToolContext"]


def _never() -> bool:
    return False


def _unheard(message: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Given to a function that has a parameter of this type. `ToolContext(call)` is enough to call one in a test.

    Args:
        call: The call that is being answered.
        run: The run that waits for the output, as it was last seen.
        timeout: How many seconds the tool has, of all limits the narrowest; None if there is none.
    """

    call: PendingCall
    run: Run | None = None
    timeout: float | None = None
    _cancelled: Callable[[], bool] = field(default=_never, repr=False, compare=False)
    _progress: Callable[[str], None] = field(default=_unheard, repr=False, compare=False)

    @property
    def thread_id(self) -> str:
        """The thread of the run."""
        return self.call.thread_id

    @property
    def run_id(self) -> str:
        """The run that waits for the output."""
        return self.call.run_id

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the output any more. A function in a thread of its own should then return."""
        return self._cancelled()

    def progress(self, message: str) -> None:
        """Tell the program how it goes: `on_tool_progress` gets the message. Never blocks; any thread may call it."""
        self._progress(str(message))
