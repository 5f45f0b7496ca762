"""How much of an answer asyncio takes in before somebody reads it, and reading without it what lies ready.

asyncio receives up to 256 KiB as soon as they are there, which then wait in the program until somebody reads: of a
thousand streams that is all that their servers are ahead, when the system could have kept it. And anyio's stream, which
httpcore reads, puts the socket into the event loop and takes it out again for each piece, also where it is there.

Both take a look behind anyio's stream, at what it does not promise: a connection that is not as it is known to be, one
of trio, of another event loop, or of a thread, is read as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

__all__ = ["PIECE", "at_hand", "bound", "unbind"]

KEPT: Final = 3 << 12
"""Bytes that are taken in before they are asked for."""
PIECE: Final = 1 << 12
"""Bytes that are read at once: what a stream has in hand while others have their turn is some of it, as events."""
FORERUNNERS: Final = 1 << 10
"""The same, where all others can be read past the event loop."""


def bound(network: object) -> None:
    """Take in no more than `KEPT` bytes before they are asked for; but downloads come quicker in large pieces."""
    stream = _stream(network)
    _take_in(_transport(getattr(stream, "transport_stream", stream)), KEPT)  # below TLS


def unbind(network: object) -> None:
    """Undo `bound` and `at_hand`, before the connection serves another request."""
    stream = _stream(network)
    _take_in(_transport(getattr(stream, "transport_stream", stream)), None)


def at_hand(network: object) -> Callable[[], bytes]:
    """A function that gives a piece of what has come; ``b""`` if it has to be waited for, or nothing comes any more.

    It raises OSError for a connection that is lost.
    """
    stream = _stream(network)
    transport, protocol = _transport(stream), getattr(stream, "_protocol", None)
    socket, arrived = getattr(transport, "_sock", None), getattr(protocol, "read_event", None)
    if socket is None or arrived is None:
        return bytes
    _take_in(transport, FORERUNNERS)

    def read() -> bytes:
        # anyio has paused the transport since it was read last; what it had taken in by then comes first.
        if arrived.is_set() or transport.is_reading() or transport.is_closing():
            return b""
        try:
            data: bytes = socket.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return b""
        return data

    return read


def _stream(network: object) -> Any:
    return getattr(network, "_stream", None)


def _transport(stream: Any) -> Any:
    """asyncio's own, of a stream of anyio."""
    transport = getattr(stream, "_transport", None)
    return transport if isinstance(getattr(transport, "max_size", None), int) else None


def _take_in(transport: Any, most: int | None) -> None:
    if transport is not None and most is not None:
        transport.max_size = most
    elif transport is not None:
        with suppress(AttributeError):
            del transport.max_size  # and what its class says holds again
