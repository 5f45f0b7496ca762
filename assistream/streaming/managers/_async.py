"""What the stream methods return."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Generic, TypeVar, cast

from ...errors import StreamUsageError
from ...handlers import AsyncAssistantEventHandler
from ...handlers.attached import attach, stream_of
from ...handlers.hooks import check_colour
from ...transport._async import AsyncTransport
from ...transport.call import Call
from .._async import AsyncAssistantStream
from ..snapshots import StreamState
from ..turns._async import AsyncTurns

__all__ = ["AsyncAssistantStreamManager"]

H = TypeVar("H", bound=AsyncAssistantEventHandler)


class AsyncAssistantStreamManager(Generic[H]):
    """What the stream methods return: a context manager that sends the request, and gives the handler.

    Nothing is sent before ``async with``. It is entered once; on leaving, the connection is released and `on_end` has
    been called. A run that had not ended goes on at the server, unless its calls are answered here: then it is
    cancelled.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        call: Call[Any] | None,
        *,
        event_handler: H | Sequence[H] | None,
        run_id: str | None = None,
        allow_truncated: bool = False,
        turns: AsyncTurns | None = None,
    ) -> None:
        if event_handler is None:
            event_handler = cast(H, AsyncAssistantEventHandler())
        several = isinstance(event_handler, Sequence) and not isinstance(event_handler, AsyncAssistantEventHandler)
        self._handlers = list(cast("Sequence[H]", event_handler)) if several else [cast(H, event_handler)]
        self._transport, self._call = transport, call
        self._run_id, self._allow_truncated, self._turns = run_id, allow_truncated, turns
        self._stream: AsyncAssistantStream | None = None
        if len({id(handler) for handler in self._handlers}) != max(len(self._handlers), 1):
            raise ValueError("event_handler is an empty list, or one with the same handler twice.")
        for handler in self._handlers:
            check_colour(handler, AsyncAssistantEventHandler)
        self._state()  # refuses a handler that served another run, before anything is sent

    async def __aenter__(self) -> H:
        if self._stream is not None:
            raise StreamUsageError("This stream was entered before. Call the stream method again for another one.")
        stream = self._stream = AsyncAssistantStream(
            self._transport, self._handlers, self._state(), self._turns, allow_truncated=self._allow_truncated
        )
        for handler in self._handlers:
            attach(handler, stream)
        try:
            await stream.start(self._call)
        except BaseException as error:
            await stream.leave(error)
            raise
        return self._handlers[0]

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            await self._stream.leave(exc)

    def _state(self) -> StreamState:
        """Where to go on: a handler may serve later legs of the run it has served before, and no other."""
        used = [stream for handler in self._handlers if (stream := stream_of(handler)) and not stream.came_to_nothing]
        states: list[StreamState] = [stream.state for stream in used]
        for state in states:
            if self._run_id is None or state.run is None or state.run.id != self._run_id:
                raise StreamUsageError(
                    "This event handler has served another stream. What was said there is still in it, "
                    "so make a new instance for this one."
                )
        return states[0] if states else StreamState()
