"""Files on their way to the server: opened when the request is sent, read as it is sent, closed after it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Self, cast

import httpx

from .call import query_pairs


def rewindable(files: Mapping[str, object]) -> bool:
    """Whether they can be sent again: a pipe is read only once, and what does not say what it is may be one."""
    return all(_rewindable(_content_of(file)) for file in files.values())


def _rewindable(content: Any) -> bool:
    if isinstance(content, bytes | os.PathLike):
        return True
    return hasattr(content, "seekable") and bool(content.seekable())


def _content_of(file: object) -> Any:
    return cast("tuple[object, ...]", file)[1] if isinstance(file, tuple) else file


@contextmanager
def opened(files: Mapping[str, object]) -> Generator[dict[str, Any]]:
    """`files` as httpx takes them: paths as open files, which know their names, the rest as it is."""
    with ExitStack() as stack:
        yield {name: _opened(file, stack) for name, file in files.items()}


def _opened(file: object, stack: ExitStack) -> object:
    if isinstance(file, tuple):
        name, content, *rest = cast("tuple[object, ...]", file)
        return (name, _content(content, stack), *rest)
    return _content(file, stack)


def _content(content: object, stack: ExitStack) -> object:
    if isinstance(content, bytes):
        return content
    if isinstance(content, os.PathLike):
        return _file(stack.enter_context(open(cast("os.PathLike[str]", content), "rb")))
    return _file(content)


def _file(file: object) -> object:
    return file if _measurable(file) else _Unmeasured(file)


def _measurable(file: Any) -> bool:
    """Whether it is known how much there is to read: not of a pipe, nor of a file of the system, which both say 0."""
    if not _rewindable(file):
        return False
    with suppress(AttributeError, OSError):
        return os.fstat(file.fileno()).st_size > 0
    return True


class _Unmeasured:
    """A file of which httpx shall only know how it is read, and what it is called: it is sent in HTTP chunks."""

    def __init__(self, file: Any) -> None:
        self.read = file.read
        self.name = getattr(file, "name", "upload")
        if _rewindable(file):
            self.seek, self.seekable = file.seek, file.seekable


def form(body: Mapping[str, object] | None) -> dict[str, list[str]]:
    """The fields of a form that go with its files, named as in a query string."""
    fields: dict[str, list[str]] = {}
    for name, value in query_pairs(body or {}):
        fields.setdefault(name, []).append(value)
    return fields


class Form(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an upload. It is as long as its request says, or an error that can be understood; and sent only
    once if it cannot be sent `again`.
    """

    def __init__(self, request: httpx.Request, *, again: bool) -> None:
        length = request.headers.get("content-length")
        self._length = None if length is None else int(length)
        self._source = cast(httpx.SyncByteStream, request.stream)
        self._again, self._begun = again, False

    def __iter__(self) -> Iterator[bytes]:
        if self._begun and not self._again:
            raise httpx.LocalProtocolError("An upload that can be read only once would have to be sent a second time.")
        self._begun = True
        left = self._length
        for chunk in self._source:
            if left is not None and (left := left - len(chunk)) < 0:
                raise httpx.LocalProtocolError("The file has become longer while it was sent.")
            yield chunk
        if left:
            raise httpx.LocalProtocolError("The file has become shorter while it was sent.")

    def __aiter__(self) -> _Chunks:
        return _Chunks(iter(self))


class Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of any other request. httpx's own is a generator, in the one colour an asynchronous one."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return iter((self._content,))

    def __aiter__(self) -> _Chunks:
        return _Chunks(iter(self))


class _Chunks:
    """An iterator in the other colour. A class, for an async generator that is left early is a leak on trio."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration
