"""What comes between the legs of a recording: what the tools did then, and the next leg."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Any

from ...errors import StreamUsageError
from ...streaming.snapshots import StreamState
from ...streaming.turns._async import AsyncHost
from ...tools import parsed
from ...transport.call import Call
from ...types import Run, ToolEvent, ToolOutput
from ...types.tools import ToolErrorEvent, ToolOutputEvent, ToolProgressEvent, ToolStartedEvent
from ..tape import Leg
from .deck import Pace
from .errors import recorded_error


class AsyncRecordedTurns:
    """Stands where the tool loop stands in a stream that is live. Nothing is run and nothing is asked."""

    answers = False

    def __init__(self, legs: Iterable[Leg], call: Call[Run], pace: Pace) -> None:
        self._legs = deque(legs)
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
            return self._call if self._legs and self._legs[0].pieces else None
        delay, event = self._events.popleft()
        await self._pace.async_sleep(delay, self._stopped)
        if self._stopped.is_set():
            return None
        await self._tell(host, event)
        return event

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

    def submit(self, outputs: Iterable[ToolOutput], state: StreamState) -> None:
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
