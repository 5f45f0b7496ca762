"""The content of a streamed answer, taken from its connection in as large pieces as there are.

httpx reads HTTP/1.1 with h11, which takes 15 µs for each chunk of a body, and servers send a chunk for each event.
Here the framing of chunks is taken out by `chunks`, at half a microsecond each, and what lies ready is read at once.
Everything else stays as it is: the connection belongs to httpx's pool, with its proxies, TLS and timeouts, and h11 is
shown how the body ends, so that the connection can serve another request.

That takes a look into httpcore that it does not promise: `of` gives None where something is not as it is known to be,
and httpx then reads as ever.
"""

from __future__ import annotations

from typing import Any, Final, Self

import h11
import httpcore
import httpx
from h11._receivebuffer import ReceiveBuffer

from ..receiving import PIECE, at_hand
from .chunks import Chunks, named

__all__ = ["AsyncContent"]

UNPAUSED: Final = 1 << 18
"""Bytes that are read without a pause, for whoever does nothing but read."""
FAULTS: Final = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


class AsyncContent:
    """The pieces of the content of one answer. Closing the answer is left to whoever has it."""

    def __init__(self, response: httpx.Response, connection: Any, state: Any, buffer: Any) -> None:
        self._response, self._connection, self._state = response, connection, state
        self._network: Any = connection._network_stream
        self._timeout: float | None = response.request.extensions.get("timeout", {}).get("read")
        self._at_hand = at_hand(self._network)
        self._since_pause = 0  # bytes
        self._lost: OSError | None = None
        self._chunks = Chunks()
        self._ready = bytes(buffer.maybe_extract_at_most(len(buffer)) or b"")
        self._over = False

    @classmethod
    def of(cls, response: httpx.Response) -> AsyncContent | None:
        """None for an answer that this cannot read: not chunked, not over HTTP/1.1, compressed, or begun."""
        headers = response.headers
        if headers.get("transfer-encoding", "").lower() != "chunked" or "content-encoding" in headers:
            return None
        try:
            stream: Any = response.stream
            connection = stream._stream._httpcore_stream._stream._connection
            state = connection._h11_state
            buffer = state._receive_buffer
            known = (
                isinstance(connection, httpcore.AsyncHTTP11Connection)
                and state.their_state is h11.SEND_BODY
                and connection._network_stream is response.extensions["network_stream"]
                and isinstance(buffer, ReceiveBuffer)
                and not (response.is_closed or response.is_stream_consumed)
            )
        except (AttributeError, KeyError):
            return None
        return cls(response, connection, state, buffer) if known else None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._over:
            if self._chunks.rest is not None:
                return await self._by_the_book()
            data, self._ready = self._ready, b""
            try:
                data = data or await self._received()
                content = self._chunks.feed(data)
            except FAULTS as error:
                raise named(error) from error
            except OSError as error:
                raise httpx.ReadError("") from error  # as httpcore says it
            except ValueError as error:
                raise httpx.RemoteProtocolError(str(error)) from error
            if not data:
                self._chunks.rest = b""  # h11 says what that means
            if self._chunks.rest is not None:
                self._state.receive_data(self._chunks.rest)
            if content:
                return content
        raise StopAsyncIteration

    async def _received(self) -> bytes:
        if self._lost:
            raise self._lost
        data = self._at_hand() if self._since_pause < UNPAUSED else b""
        self._since_pause += len(data)
        if data:
            return data
        self._since_pause = 0
        waited_for: bytes = await self._network.read(PIECE, timeout=self._timeout)
        try:
            return waited_for + self._at_hand()
        except OSError as error:
            self._lost = error  # the system says so once, and what came before counts
            return waited_for

    async def _by_the_book(self) -> bytes:
        """What comes next as h11 reads it: the end of the body as a rule."""
        try:
            event = await self._connection._receive_event(timeout=self._timeout)
        except FAULTS as error:
            raise named(error) from error
        if isinstance(event, h11.Data):
            return bytes(event.data)
        self._over = True
        raise StopAsyncIteration
