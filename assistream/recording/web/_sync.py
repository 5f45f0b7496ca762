# Written by scripts/unasync.py from _async.py; edit that file instead.
"""The events of a stream as bytes, one frame after the other."""

from __future__ import annotations

import logging
from typing import Any, Self, TypeAlias

from ...handlers import AssistantEventHandler
from ...streaming import AssistantStreamManager, Stream
from ...types import AssistantStreamEvent
from .frames import DONE, event_frame, failure_frame

log = logging.getLogger("assistream")

Source: TypeAlias = AssistantStreamManager[Any] | AssistantEventHandler | Stream[AssistantStreamEvent]


class EventBytes:
    """What `to_sse` gives. A manager is entered with the first frame, and left with the last or when this is closed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._events: Any = None
        self._left = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._left:
            raise StopIteration
        try:
            return self._next()
        except Exception as error:
            # The status of the answer was sent long ago, so that an event has to say it.
            log.error("a stream that is sent on has failed", exc_info=error)
            self.close()
            return failure_frame(error) + DONE
        except BaseException:
            self.close()
            raise

    def _next(self) -> bytes:
        if self._events is None:
            self._events = self._enter()
        for event in self._events:
            return event_frame(event)
        self.close()
        return DONE

    def _enter(self) -> object:
        if isinstance(self._source, AssistantEventHandler):
            return self._source  # somebody else's `with` gave it
        return self._source.__enter__()

    def close(self) -> None:
        """Stop here: the stream is closed, and a manager that was entered is left."""
        if self._left:
            return
        self._left = True
        if isinstance(self._source, AssistantEventHandler):
            self._source.close()
        elif self._events is not None:
            self._source.__exit__(None, None, None)
