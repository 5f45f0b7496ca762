"""`replay`: a recording as a stream."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, cast, overload

import httpx

from ..handlers import AssistantEventHandler, AsyncAssistantEventHandler
from ..streaming import AssistantStreamManager, AsyncAssistantStreamManager
from ..transport._async import AsyncTransport
from ..transport._sync import Transport
from ..transport.call import Call
from ..transport.settings import Settings
from ..types import Run
from .playback import AsyncRecordedTurns, RecordedTurns
from .playback.deck import Deck, Pace
from .tape import read_legs

__all__ = ["replay"]

H = TypeVar("H", bound=AssistantEventHandler)
AH = TypeVar("AH", bound=AsyncAssistantEventHandler)

_CALL = Call("GET", "/recording", Run).streamed()


@overload
def replay(
    path: str | os.PathLike[str],
    handler: None = None,
    *,
    speed: float | None = 1.0,
    allow_truncated: bool = False,
) -> AssistantStreamManager[AssistantEventHandler]: ...
@overload
def replay(
    path: str | os.PathLike[str],
    handler: H | Sequence[H],
    *,
    speed: float | None = 1.0,
    allow_truncated: bool = False,
) -> AssistantStreamManager[H]: ...
@overload
def replay(
    path: str | os.PathLike[str],
    handler: AH | Sequence[AH],
    *,
    speed: float | None = 1.0,
    allow_truncated: bool = False,
) -> AsyncAssistantStreamManager[AH]: ...
def replay(
    path: str | os.PathLike[str],
    handler: Any = None,
    *,
    speed: float | None = 1.0,
    allow_truncated: bool = False,
) -> AssistantStreamManager[Any] | AsyncAssistantStreamManager[Any]:
    """A recorded stream, to be used as the one that was recorded: all its legs, through the same hooks.

    ::

        with replay("run.sse", Console()) as stream:
            stream.until_done()

    The file is one that `Recorder` wrote, or any event stream of a run. It is read here and now; nothing else is, and
    no function is run. With asynchronous handlers it is an ``async with``.

    Args:
        path: The file.
        handler: A handler, or several; a plain sync one unless told.
        speed: How many times as fast as it was recorded; None for no pauses. Files that say nothing of times have none.
        allow_truncated: Whether a recording that stops before its run has ended is taken for what it is.

    Raises:
        ValueError: The speed is not positive.
        OSError: The file cannot be read.
        StreamProtocolError: It is a recording that is broken.
    """
    if speed is not None and not speed > 0:
        raise ValueError(f"speed is how many times as fast as it was recorded, or None for no pauses; not {speed!r}")
    legs = read_legs(Path(path).read_bytes())
    pace = Pace(None if speed == math.inf else speed)
    deck = Deck(legs, pace)
    # Neither client has connections of its own, so that nothing has to be closed.
    settings = Settings(base_url="http://recording.invalid")
    options: dict[str, Any] = {"event_handler": handler, "allow_truncated": allow_truncated}
    if _is_async(handler):
        transport = AsyncTransport(settings, httpx.AsyncClient(transport=deck, trust_env=False))
        turns = AsyncRecordedTurns(legs, _CALL, pace, allow_truncated=allow_truncated)
        return AsyncAssistantStreamManager(transport, _CALL, turns=turns, **options)
    with_threads = Transport(settings, httpx.Client(transport=deck, trust_env=False))
    sync_turns = RecordedTurns(legs, _CALL, pace, allow_truncated=allow_truncated)
    return AssistantStreamManager(with_threads, _CALL, turns=sync_turns, **options)


def _is_async(handler: object) -> bool:
    first = handler
    if isinstance(handler, Sequence) and handler:
        first = cast("Sequence[object]", handler)[0]
    return isinstance(first, AsyncAssistantEventHandler)
