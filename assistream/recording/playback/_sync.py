# Written by scripts/unasync.py from _async.py; edit that file instead.
"""What comes between the legs of a recording: what the tools did then, and the next leg."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Any

from ...errors import APIStatusError, StreamUsageError
from ...streaming.snapshots import StreamState
from ...streaming.turns._sync import Host
from ...tools import parsed
from ...transport.call import Call
from ...types import Run, ToolAnswer, ToolEvent, ToolOutput
from ...types.tools import ToolErrorEvent, ToolOutputEvent, ToolProgressEvent, ToolStartedEvent
from ..tape import Leg
from .deck import Pace
from .errors import recorded_error


class RecordedTurns:
    """Stands where the tool loop stands in a stream that is live. Nothing is run and nothing is asked."""

    answers = False

    def __init__(self, legs: Iterable[Leg], call: Call[Run], pace: Pace, *, allow_truncated: bool) -> None:
        self._legs = deque(legs)
        self._allow_truncated = allow_truncated
        self._call, self._pace = call, pace
        self._events = deque[tuple[float, ToolEvent]]()
        self._stopped = threading.Event()

    def enter(self) -> None:
        """Nothing to prepare."""

    def first(self) -> Run:
        raise StreamUsageError("A recording begins with its first leg.")

    def leg_began(self) -> None:
        self._legs.popleft()
        self._events = deque(self._legs[0].tool_events if self._legs else ())

    def next(self, host: Host) -> ToolEvent | Call[Any] | None:
        if not self._events:
            return self._following()
        delay, event = self._events.popleft()
        self._pace.sleep(delay, self._stopped)
        if self._stopped.is_set():
            return None
        self._tell(host, event)
        return event

    def _following(self) -> Call[Any] | None:
        leg = self._legs[0] if self._legs else Leg()
        if leg.failure is not None and not leg.pieces and not self._allow_truncated:
            raise recorded_error(leg.failure)
        return self._call if leg.pieces else None

    def _tell(self, host: Host, event: ToolEvent) -> None:
        hooks, call = host.hooks, event.data.call
        match event:
            case ToolStartedEvent():
                host.tell(hooks.on_tool_started, call)
            case ToolProgressEvent(data=data):
                host.tell(hooks.on_tool_progress, call, data.message)
            case ToolOutputEvent(data=data):
                host.tell(hooks.on_tool_output, call, data.output)
            case ToolErrorEvent(data=data):
                host.tell(hooks.on_tool_error, call, recorded_error(data))

    def answered_elsewhere(self, host: Host, error: APIStatusError) -> bool:
        return False  # the recording would say so

    def submit(self, outputs: Iterable[ToolOutput | ToolAnswer], state: StreamState) -> None:
        """Answers by hand are in the recording already."""

    def interrupt(self) -> None:
        self._stopped.set()

    def give_up(self, run: Run | None, *, answered: bool) -> Run | None:
        return run

    def leave(self) -> None:
        """Nothing is left behind."""

    def parsed(self, text: str, model: Any) -> Any:
        if model is None:
            raise StreamUsageError("A recording does not say what was parsed: get_final_parsed needs the type.")
        return parsed(text, model)
