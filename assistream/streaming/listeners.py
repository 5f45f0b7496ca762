"""Who wants to see a stream before it is understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from ..types import ToolEvent
from .sse import Frame

__all__ = ["FrameListener", "ToolListener", "listening"]


@runtime_checkable
class FrameListener(Protocol):
    """A handler with this method is given every frame of every leg, the end marker included, before its event fires.

    It is a plain `def` in both colours and must not wait.
    """

    def frame_received(self, frame: Frame) -> None: ...


@runtime_checkable
class ToolListener(Protocol):
    """A handler with this method is given every event of tools once it says what the model is told.

    That is after its hooks, which may have a say in it. It is a plain `def` in both colours and must not wait.
    """

    def tool_event(self, event: ToolEvent) -> None: ...


def listening(handlers: Iterable[object]) -> Callable[[Frame], None] | None:
    """What tells those of the handlers that listen; None if none does, so that a frame costs nothing."""
    # `isinstance` would do, and takes ten times as long; every run asks.
    found = (getattr(handler, "frame_received", None) for handler in handlers)
    listeners: list[Callable[[Frame], None]] = [listener for listener in found if listener is not None]
    if len(listeners) < 2:
        return listeners[0] if listeners else None

    def tell_all(frame: Frame) -> None:
        for listener in listeners:
            listener(frame)

    return tell_all
