"""What goes on between the legs of a run: what a stream needs of whoever answers the calls, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ...errors import APIStatusError
from ...handlers.hooks import Hook, Hooks
from ...transport.call import Call
from ...types import Run, ToolAnswer, ToolEvent, ToolOutput
from ..snapshots import StreamState


class AsyncHost(Protocol):
    """What the answering needs of a stream: what was said, and the hooks, called as any other."""

    state: StreamState
    hooks: Hooks

    async def tell(self, hooks: Sequence[Hook], *args: object) -> object | None: ...

    async def ask(self, hooks: Sequence[Hook], *args: object) -> object | None: ...


class AsyncTurns(Protocol):
    """Who answers the calls of one stream's run."""

    @property
    def answers(self) -> bool:
        """Whether calls are answered here: then whoever leaves early has to stop the run."""
        ...

    async def enter(self) -> None:
        """The stream begins."""

    async def first(self) -> Run:
        """The run to go on with, where the stream has no first leg."""
        ...

    def leg_began(self) -> None:
        """The server has answered, and what it says is read from now on."""

    async def next(self, host: AsyncHost) -> ToolEvent | Call[Any] | None:
        """What comes when a leg has ended: an event, its hooks called; the call of the next leg; None for the end."""
        ...

    async def answered_elsewhere(self, host: AsyncHost, error: APIStatusError) -> bool:
        """Whether outputs were refused because the run waits for them no more; the host then knows how the run is."""
        ...

    def submit(self, outputs: Iterable[ToolOutput | ToolAnswer], state: StreamState) -> None:
        """Answers by hand."""

    def interrupt(self) -> None:
        """Ask tools to stop, and wake whoever waits in `next`, which then returns None. From any thread."""

    async def give_up(self, run: Run | None, *, answered: bool) -> Run | None:
        """Stop the tools, and the run at the server; returns the run as it is then, if that is known.

        Where sending the outputs has failed, and they may have arrived (`answered`), a run that has gone on with them
        is left alone.
        """
        ...

    async def leave(self) -> None:
        """The stream is left: nothing of it may stay behind."""

    def parsed(self, text: str, model: Any) -> Any:
        """The text as an object."""
        ...
