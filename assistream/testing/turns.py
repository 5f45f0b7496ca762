"""What a script is made of: what the model does when it is asked, and what happens to its connection meanwhile.

The words of `assistream.engine` for models are here, too; turns are added: ``says("Half of it") + drops_connection()``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol, overload

from ..engine.models import ErrorCode, ModelError, Turn
from ..engine.models import fails as run_fails
from ..engine.models.base import TextDelta
from ..engine.models.scripted import Aside

How = Literal["close", "reset", "silence"]


class Connection(Protocol):
    """The connection on which an answer is sent, for as long as it is sent."""

    async def end(self, fault: Fault) -> None: ...
    async def insert(self, fault: Fault) -> None: ...


current: ContextVar[Connection | None] = ContextVar("current", default=None)
"""Of the request that asked for what is being done; a run that it starts inherits it."""


@dataclass(frozen=True)
class Fault(Aside):
    """Something that happens to the connection, and to nothing else: the run does not notice."""

    name: str


@dataclass(frozen=True)
class Ends(Fault):
    """Nothing more is sent: ``after`` so many events, or where it stands in its turn."""

    how: How
    after: int | None = None
    resumable: bool = False
    """Whether the server has the rest for a client that comes again."""

    async def perform(self) -> None:
        if self.after is None and (connection := current.get()):
            await connection.end(self)

    def __str__(self) -> str:
        return f"{self.name}({'' if self.after is None else f'after={self.after}'})"


@dataclass(frozen=True)
class Sends(Fault):
    data: bytes

    async def perform(self) -> None:
        if connection := current.get():
            await connection.insert(self)

    def __str__(self) -> str:
        return f"{self.name}({self.data!r:.60})"


@dataclass(frozen=True)
class Rejects(Aside):
    """The request is answered with this status; it is taken off the script before a model could be asked."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def type(self) -> str:
        """As the error object of such an answer has it."""
        if self.status == 429:
            return "rate_limit_exceeded"
        return "server_error" if self.status >= 500 else "invalid_request_error"

    async def perform(self) -> None:
        raise ModelError("server_error", f"The script says fails({self.status}) where only the model could fail.")

    def __str__(self) -> str:
        return f"fails({self.status})"


@overload
def fails(what: ErrorCode = "server_error", message: str | None = None) -> Turn: ...
@overload
def fails(what: int, message: str | None = None, *, headers: Mapping[str, str] | None = None) -> Turn: ...
def fails(
    what: ErrorCode | int = "server_error", message: str | None = None, *, headers: Mapping[str, str] | None = None
) -> Turn:
    """A code fails the run, with this `last_error`. A status (429, 500) fails the request instead: there is no run.

    ``says("Half of") + fails("rate_limit_exceeded")``; a status is a turn of its own.
    """
    if isinstance(what, int):
        if not 400 <= what <= 599:
            raise ValueError(f"{what} is no status of a failure: those are 400 to 599.")
        return Turn((Rejects(what, message or "The request failed, as the script says.", headers or {}),))
    return run_fails(what, message or "The model failed, as the script says.")


def drops_connection(after: int | None = None, *, reset: bool = False, resumable: bool = False) -> Turn:
    """The connection is lost, where it stands in its turn or ``after`` that many events; the run goes on.

    The client has got all that was sent before. With ``after=0`` it gets no answer at all. ``reset`` loses the
    connection by a TCP reset instead of an end, which some systems tell before what was sent last. A client that comes
    for the rest is refused it, and one that repeats the request loses that answer too; if it is ``resumable``, both go
    on where they were, as with the engine itself.
    """
    return _ends("drops_connection", "reset" if reset else "close", after, resumable)


def goes_silent(after: int | None = None) -> Turn:
    """The connection stays open, and nothing more comes: for timeouts. The run goes on."""
    return _ends("goes_silent", "silence", after)


def sends(data: bytes | str) -> Turn:
    """Bytes in the middle of the stream, as they are: frames that are malformed, unknown, or comments."""
    return _in_place(Sends("sends", data.encode() if isinstance(data, str) else data))


def _ends(name: str, how: How, after: int | None, resumable: bool = False) -> Turn:
    if after is not None and after < 0:
        raise ValueError(f"{name}(after={after}): it cannot happen after fewer than 0 events.")
    fault = Ends(name, how, after, resumable)
    return _in_place(fault) if after is None else Turn((fault,))


def _in_place(fault: Fault) -> Turn:
    # The engine asks for the next delta when it has dealt with the last one. So when this one, which says nothing, was
    # taken, all before it has been said.
    return Turn((TextDelta(""), fault))


def check(turn: Turn) -> None:
    if len(turn.steps) > 1 and (rejections := [step for step in turn.steps if isinstance(step, Rejects)]):
        raise ValueError(f"{rejections[0]} is a turn of its own: without an answer nothing else can be in it.")
