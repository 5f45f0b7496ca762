"""An answer that is not JSON: what a file holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Generic, Self, TypeVar

import httpx

from .concurrency import async_file_to_write

T = TypeVar("T")


class HttpxBinaryResponseContent:
    """A body that was received whole. For one that should not be in memory there is `with_streaming_response`.

    Everything can be called any number of times; what is for async programs does nothing that takes time, but writing
    a file.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        """httpx's own object: status, headers."""

    @property
    def content(self) -> bytes:
        """The body, decompressed."""
        return self.response.content

    @property
    def text(self) -> str:
        """The body as text, by its `encoding`."""
        return self.response.text

    @property
    def encoding(self) -> str | None:
        """By which charset the body is read as text: what the answer names, or UTF-8."""
        return self.response.encoding

    @property
    def charset_encoding(self) -> str | None:
        """The charset that the answer names, None if it names none."""
        return self.response.charset_encoding

    def json(self) -> Any:
        """The body as plain data; ValueError if it is no JSON."""
        return self.response.json()

    def read(self) -> bytes:
        """The body, as `content`."""
        return self.content

    async def aread(self) -> bytes:
        """As `read`."""
        return self.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in pieces of `chunk_size` bytes, or in one."""
        return self.response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The body as text, in pieces of `chunk_size` characters, or in one."""
        return self.response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The body line by line, without line ends."""
        return self.response.iter_lines()

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """As `iter_bytes`: of a body in memory there is no compressed form any more."""
        return self.iter_bytes(chunk_size)

    def aiter_bytes(self, chunk_size: int | None = None) -> AsyncReady[bytes]:
        """As `iter_bytes`, for ``async for``."""
        return AsyncReady(self.iter_bytes(chunk_size))

    def aiter_text(self, chunk_size: int | None = None) -> AsyncReady[str]:
        """As `iter_text`, for ``async for``."""
        return AsyncReady(self.iter_text(chunk_size))

    def aiter_lines(self) -> AsyncReady[str]:
        """As `iter_lines`, for ``async for``."""
        return AsyncReady(self.iter_lines())

    def aiter_raw(self, chunk_size: int | None = None) -> AsyncReady[bytes]:
        """As `iter_raw`, for ``async for``."""
        return AsyncReady(self.iter_raw(chunk_size))

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        """Write the body into a file, in place of what that holds."""
        with open(file, "wb") as out:
            out.write(self.content)

    def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `write_to_file`, in pieces of `chunk_size` bytes."""
        with open(file, "wb") as out:
            out.writelines(self.iter_bytes(chunk_size))

    async def astream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `stream_to_file`, without holding up the event loop."""
        async with await async_file_to_write(file) as out:
            for chunk in self.iter_bytes(chunk_size):
                await out.write(chunk)

    def close(self) -> None:
        """Nothing: the connection was given back when the body had been received."""

    async def aclose(self) -> None:
        """As `close`."""

    def __repr__(self) -> str:
        kind = self.response.headers.get("content-type", "unknown type")
        return f"<{type(self).__name__} of {len(self.content)} bytes, {kind}>"


class AsyncReady(Generic[T]):
    """What is in memory, for ``async for``. A class, for an async generator left early is a leak on trio."""

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        for item in self._items:
            return item
        raise StopAsyncIteration
