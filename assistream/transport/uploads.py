"""Files on their way to the server: opened when the request is sent, read as it is sent, closed after it."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from .call import query_pairs


def rewindable(files: Mapping[str, object]) -> bool:
    """Whether they can be sent again: a pipe is read only once."""
    contents = [_content_of(file) for file in files.values()]
    return all(content.seekable() for content in contents if hasattr(content, "seekable"))


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
    if not isinstance(content, os.PathLike):
        return content
    return stack.enter_context(open(cast("os.PathLike[str]", content), "rb"))


def form(body: Mapping[str, object] | None) -> dict[str, list[str]]:
    """The fields of a form that go with its files, named as in a query string."""
    fields: dict[str, list[str]] = {}
    for name, value in query_pairs(body or {}):
        fields.setdefault(name, []).append(value)
    return fields
