"""The events of a stream as bytes, one frame after the other."""

from __future__ import annotations

import logging
from typing import Any, Self, TypeAlias

from ...handlers import AsyncAssistantEventHandler
from ...streaming import AsyncAssistantStreamManager, AsyncStream
from ...types import AssistantStreamEvent
from .frames import DONE, event_frame, failure_frame

log = logging.getLogger("assistream")

AsyncSource: TypeAlias = (
    AsyncAssistantStreamManager[Any] | AsyncAssistantEventHandler | AsyncStream[AssistantStreamEvent]
)


class AsyncEventBytes:
    """What `to_sse` gives. A manager is entered with the first frame, and left with the last or when this is closed."""

    def __init__(self, source: AsyncSource) -> None:
        self._source = source
        self._events: Any = None
        self._left = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._left:
            raise StopAsyncIteration
        try:
            return await self._next()
        except Exception as error:
            # The status of the answer was sent long ago, so that an event has to say it.
            log.error("a stream that is sent on has failed", exc_info=error)
            await self.aclose()
            return failure_frame(error) + DONE
        except BaseException:
            await self.aclose()
            raise

    async def _next(self) -> bytes:
        if self._events is None:
            self._events = await self._enter()
        async for event in self._events:
            return event_frame(event)
        await self.aclose()
        return DONE

    async def _enter(self) -> object:
        if isinstance(self._source, AsyncAssistantEventHandler):
            return self._source  # somebody else's `with` gave it
        return await self._source.__aenter__()

    async def aclose(self) -> None:
        """Stop here: the stream is closed, and a manager that was entered is left."""
        if self._left:
            return
        self._left = True
        if isinstance(self._source, AsyncAssistantEventHandler):
            await self._source.close()
        elif self._events is not None:
            await self._source.__aexit__(None, None, None)
