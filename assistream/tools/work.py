"""What is to be done for a call, and what came of it. No colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..errors import ToolTimeoutError
from ..types import PendingCall

MARGIN: Final = 5.0
"""How many seconds before a run expires its tools have to be done, so that their outputs arrive in time."""

PROGRESS: Final = 100
"""How many messages of progress are kept for a program that does not read on; then the oldest are dropped."""


@dataclass(eq=False)
class Work:
    """A function to run for a call."""

    call: PendingCall
    perform: Callable[[], object]
    is_async: bool
    timeout: float | None
    inline: bool = False
    """Whether a sync client runs it where it is: alone, and without a timeout of its own."""
    cancelled: bool = False
    """Whether nobody waits for the output any more."""


@dataclass(frozen=True)
class Progress:
    """A function says how it gets on; `told` where the hooks know already."""

    call: PendingCall
    message: str
    told: bool = False


@dataclass(frozen=True)
class Outcome:
    """A function has returned, or failed."""

    call: PendingCall
    output: str = ""
    error: BaseException | None = None


News = Progress | Outcome


def thread_name(work: Work) -> str:
    return f"assistream tool {work.call.name}"


def timed_out(work: Work) -> Outcome:
    message = f"{work.call.name} took longer than {work.timeout:.3g} seconds, and was given up."
    return Outcome(work.call, error=ToolTimeoutError(message))


def time_for(own: float | None, expires_at: int | None, created_at: int, now: float) -> float | None:
    """How many seconds a tool has: its own limit, or what is left of the run.

    Times of the server that make no sense by our clock are left out: one of the two clocks is wrong.
    """
    left = None if expires_at is None else expires_at - now
    if left is None or left <= 0 or (created_at and expires_at and left > expires_at - created_at):
        return own
    left -= min(MARGIN, left / 10)
    return left if own is None else min(own, left)
