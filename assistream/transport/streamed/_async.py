from __future__ import annotations

import os
from collections import deque
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, overload

from ...errors import StreamUsageError
from .._async import AsyncBody, AsyncTransport
from ..call import Call
from ..concurrency import async_file_to_write
from ..pieces import Cut, bytes_of, lines_of, text_of
from ..response import Answer

T = TypeVar("T")
S = TypeVar("S")

ENTERED = "This was entered already, and sends one request: call the method again for another."


class AsyncAPIResponse(Answer[T]):
    """An answer whose body is still to come. Read it whole, then as often as you like; or iterate over it, once.

    Reading raises `APIConnectionError` where the connection is lost, and `StreamUsageError` where there is nothing
    left to be read: after an iteration, or after the end of the ``with``.
    """

    def __init__(self, body: AsyncBody, call: Call[Any], *, result: T | None = None) -> None:
        super().__init__(body.response, call, retries_taken=body.retries_taken, result=result)
        self._body = body

    async def read(self) -> bytes:
        """The whole body."""
        return await self._body.whole()

    async def text(self) -> str:
        """The whole body as text, by the charset that the answer names, or UTF-8."""
        await self.read()
        return self.http_response.text

    async def json(self) -> Any:
        """The whole body as plain data; ValueError if it is no JSON."""
        await self.read()
        return self.http_response.json()

    @overload
    async def parse(self) -> T: ...
    @overload
    async def parse(self, *, to: type[S]) -> S: ...
    async def parse(self, *, to: type[S] | None = None) -> T | S:
        """The object that the plain method returns, always the same one; or the body as another type.

        Raises:
            APIResponseValidationError: The body is not what the API promises.
        """
        if self._parsed is None or to is not None:
            await self.read()
        return self._result() if to is None else self._result_as(to)

    def iter_bytes(self, chunk_size: int | None = None) -> AsyncPieces[bytes]:
        """The body as it arrives, or in pieces of `chunk_size` bytes."""
        return AsyncPieces(self._body, bytes_of(chunk_size))

    def iter_text(self, chunk_size: int | None = None) -> AsyncPieces[str]:
        """The body as text, as it arrives, or in pieces of `chunk_size` characters."""
        return AsyncPieces(self._body, text_of(self._encoding, chunk_size))

    def iter_lines(self) -> AsyncPieces[str]:
        """The body line by line, without line ends."""
        return AsyncPieces(self._body, lines_of(self._encoding))

    async def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the body into a file as it arrives; it is never in memory as a whole."""
        async with await async_file_to_write(file) as out:
            async for chunk in self.iter_bytes(chunk_size):
                await out.write(chunk)

    async def close(self) -> None:
        """Give the connection back, wherever the body is."""
        await self._body.close()

    @property
    def _encoding(self) -> str:
        return self.http_response.encoding or "utf-8"


class AsyncPieces(Generic[T]):
    """A body cut into pieces. A class, for an async generator left early is a leak on trio."""

    def __init__(self, body: AsyncBody, cut: Cut[T]) -> None:
        self._body, self._cut = body, cut
        self._pieces: deque[T] = deque()
        self._begun = self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if not self._begun:
            self._begin()
        while not self._pieces:
            if self._ended:
                raise StopAsyncIteration
            chunk = await self._body.read()
            self._ended = not chunk
            self._pieces.extend(self._cut(chunk))
        return self._pieces.popleft()

    def _begin(self) -> None:
        self._begun = True
        if self._body.content is None:
            self._body.begin()
        else:
            self._pieces.extend([*self._cut(self._body.content), *self._cut(b"")])
            self._ended = True


class AsyncResponseContextManager(Generic[T]):
    """Sends the request when it is entered, and gives the connection back when it is left."""

    def __init__(self, transport: AsyncTransport, call: Call[Any]) -> None:
        self._transport, self._call = transport, call
        self._body: AsyncBody | None = None
        self._entered = False

    async def __aenter__(self) -> AsyncAPIResponse[T]:
        if self._entered:
            raise StreamUsageError(ENTERED)
        self._entered = True
        self._body = await self._transport.open(self._call)
        return await self._answer(self._body)

    async def _answer(self, body: AsyncBody) -> AsyncAPIResponse[T]:
        return AsyncAPIResponse(body, self._call)

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._body is not None:
            await self._body.close()
