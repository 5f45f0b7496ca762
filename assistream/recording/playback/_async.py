"""What comes between the legs of a recording: what the tools did then, and the next leg."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Any

from ...errors import APIStatusError, StreamUsageError
from ...streaming.snapshots import StreamState
from ...streaming.turns._async import AsyncHost
from ...tools import parsed
from ...transport.call import Call
from ...types import Run, ToolAnswer, ToolEvent, ToolOutput
from ...types.tools import ToolErrorEvent, ToolOutputEvent, ToolProgressEvent, ToolStartedEvent
from ..tape import Leg
from .deck import Pace
from .errors import recorded_error


class AsyncRecordedTurns:
    """Stands where the tool loop stands in a stream that is live. Nothing is run and nothing is asked."""

    answers = False

    def __init__(self, legs: Iterable[Leg], call: Call[Run], pace: Pace, *, allow_truncated: bool) -> None:
        self._legs = deque(legs)
        self._allow_truncated = allow_truncated
        self._call, self._pace = call, pace
        self._events = deque[tuple[float, ToolEvent]]()
        self._stopped = threading.Event()

    async def enter(self) -> None:
        """Nothing to prepare."""

    async def first(self) -> Run:
        raise StreamUsageError("A recording begins with its first leg.")

    def leg_began(self) -> None:
        self._legs.popleft()
        self._events = deque(self._legs[0].tool_events if self._legs else ())

    async def next(self, host: AsyncHost) -> ToolEvent | Call[Any] | None:
        if not self._events:
            return self._following()
        delay, event = self._events.popleft()
        await self._pace.async_sleep(delay, self._stopped)
        if self._stopped.is_set():
            return None
        await self._tell(host, event)
        return event

    def _following(self) -> Call[Any] | None:
        leg = self._legs[0] if self._legs else Leg()
        if leg.failure is not None and not leg.pieces and not self._allow_truncated:
            raise recorded_error(leg.failure)
        return self._call if leg.pieces else None

    async def _tell(self, host: AsyncHost, event: ToolEvent) -> None:
        hooks, call = host.hooks, event.data.call
        match event:
            case ToolStartedEvent():
                await host.tell(hooks.on_tool_started, call)
            case ToolProgressEvent(data=data):
                await host.tell(hooks.on_tool_progress, call, data.message)
            case ToolOutputEvent(data=data):
                await host.tell(hooks.on_tool_output, call, data.output)
            case ToolErrorEvent(data=data):
                await host.tell(hooks.on_tool_error, call, recorded_error(data))

    async def answered_elsewhere(self, host: AsyncHost, error: APIStatusError) -> bool:
        return False  # the recording would say so

    def submit(self, outputs: Iterable[ToolOutput | ToolAnswer], state: StreamState) -> None:
        """Answers by hand are in the recording already."""

    def interrupt(self) -> None:
        self._stopped.set()

    async def give_up(self, run: Run | None, *, answered: bool) -> Run | None:
        return run

    async def leave(self) -> None:
        """Nothing is left behind."""

    def parsed(self, text: str, model: Any) -> Any:
        if model is None:
            raise StreamUsageError("A recording does not say what was parsed: get_final_parsed needs the type.")
        return parsed(text, model)
