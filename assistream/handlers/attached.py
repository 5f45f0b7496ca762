"""How a handler reads what its stream knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

STREAM: Final = "_assistream_stream"
"""The attribute of a handler that holds the stream it is attached to; None on the class, set on the instance."""


class _Attached:
    """A descriptor without `__set__`, so that a program's own attribute of the same name wins over it."""

    def __init__(self, read: Callable[[Any], object]) -> None:
        self._read = read

    def __get__(self, handler: object | None, owner: type) -> object:
        if handler is None:
            return self
        stream = getattr(handler, STREAM)
        return None if stream is None else self._read(stream)


def attached(read: Callable[[Any], T]) -> T:
    """An attribute of handlers that is read from the stream they are attached to; None while there is none."""
    return cast(T, _Attached(read))


def attach(handler: object, stream: object) -> None:
    """Make this the stream that the handler delegates to; frozen dataclasses can be handlers too."""
    object.__setattr__(handler, STREAM, stream)


def stream_of(handler: object) -> Any:
    """The stream the handler is attached to, or was attached to last; None if it has never had one."""
    return getattr(handler, STREAM)
