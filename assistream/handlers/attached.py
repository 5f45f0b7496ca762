"""How a handler and its stream find each other, and how the one reads what the other knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from ..types import (
    AssistantStreamEvent,
    PendingCall,
    RequiredAction,
    RequiredActionFunctionToolCall,
    Run,
    TextDeltaBlock,
    ThreadMessageDelta,
)

T = TypeVar("T")

STREAM: Final = "_assistream_stream"
"""The attribute of a handler that holds the stream it is attached to; None on the class, set on the instance."""


class _Derived:
    """A descriptor without `__set__`, so that a program's own attribute of the same name wins over it."""

    def __init__(self, read: Callable[[Any], object]) -> None:
        self._read = read

    def __get__(self, handler: object | None, owner: type) -> object:
        return self if handler is None else self._read(handler)


def derived(read: Callable[[Any], T]) -> T:
    """An attribute of handlers that is computed from the handler."""
    return cast(T, _Derived(read))


def attached(read: Callable[[Any], T]) -> T:
    """An attribute of handlers that is read from the stream they are attached to; None while there is none."""
    return derived(lambda handler: cast(T, None) if stream_of(handler) is None else read(stream_of(handler)))


def attach(handler: object, stream: object) -> None:
    """Make this the stream that the handler delegates to; frozen dataclasses can be handlers too."""
    object.__setattr__(handler, STREAM, stream)


def stream_of(handler: object) -> Any:
    """The stream the handler is attached to, or was attached to last; None if it has never had one."""
    return getattr(handler, STREAM)


def pending_calls(handler: object) -> list[PendingCall]:
    """The calls whose outputs the handler's run waits for."""
    stream = stream_of(handler)
    return [] if stream is None else awaited(stream.current_run)


def awaited(run: Run | None) -> list[PendingCall]:
    """The calls whose outputs this run waits for; those of a type not known here have no name."""
    action = run.required_action if run and run.status == "requires_action" else None
    if run is None or not isinstance(action, RequiredAction):
        return []
    whose = {"run_id": run.id, "thread_id": run.thread_id}
    return [
        PendingCall(id=call.id, name=call.function.name, arguments=call.function.arguments, **whose)
        if isinstance(call, RequiredActionFunctionToolCall)
        else PendingCall(id=call.id, name="", arguments="", **whose)
        for call in action.submit_tool_outputs.tool_calls
    ]


def text_pieces(event: AssistantStreamEvent) -> list[str]:
    """The pieces of text in an event, empty ones left out."""
    blocks = event.data.delta.content if isinstance(event, ThreadMessageDelta) else None
    texts = [block.text for block in blocks or () if isinstance(block, TextDeltaBlock)]
    return [text.value for text in texts if text is not None and text.value]
