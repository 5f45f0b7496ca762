"""`to_sse`: a stream as the body of a web response."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any, TypeVar, overload

from ..handlers import AssistantEventHandler, AsyncAssistantEventHandler
from ..streaming import AssistantStreamManager, AsyncAssistantStreamManager, AsyncStream, Stream
from ..types import AssistantStreamEvent
from .web import AsyncEventBytes, EventBytes

__all__ = ["to_sse"]

H = TypeVar("H", bound=AssistantEventHandler)
AH = TypeVar("AH", bound=AsyncAssistantEventHandler)


@overload
def to_sse(
    stream: AssistantStreamManager[H] | AssistantEventHandler | Stream[AssistantStreamEvent],
) -> Iterator[bytes]: ...
@overload
def to_sse(
    stream: AsyncAssistantStreamManager[AH] | AsyncAssistantEventHandler | AsyncStream[AssistantStreamEvent],
) -> AsyncIterator[bytes]: ...
def to_sse(stream: Any) -> Iterator[bytes] | AsyncIterator[bytes]:
    """The events of a stream as server-sent events, in bytes, an iterator of the stream's colour.

    ::

        return StreamingResponse(to_sse(runs.create_and_stream(...)), media_type="text/event-stream")

    Each event is sent with the name and the data that the server gave it, those of tools too; ``done`` comes last. When
    the stream fails, an ``error`` event is sent before it, with the server's own words, or without any if it was the
    program that failed: those are logged. Closing the iterator, or cancelling who reads it, closes the stream.

    Args:
        stream: A stream manager, which is entered with the first frame and left with the last; or a stream or handler
            that is being read, with whatever is left of it.
    """
    if hasattr(stream, "__aexit__") or hasattr(stream, "__anext__"):
        return AsyncEventBytes(stream)
    return _sent(EventBytes(stream))


def _sent(frames: EventBytes) -> Iterator[bytes]:
    """A generator, because whoever drops one in the middle closes it, too."""
    with closing(frames):
        yield from frames
