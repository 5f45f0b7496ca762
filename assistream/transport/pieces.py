"""A body cut into pieces, whatever chunks it arrives in. No I/O: each cutter is fed chunks, then ``b""`` at the end."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Cut: TypeAlias = Callable[[bytes], list[T]]

_LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")
"""A carriage return that is the last of a chunk may be half of a line end."""


def bytes_of(size: int | None) -> Cut[bytes]:
    """Pieces of `size` bytes, the last one smaller; without a size, as they come."""
    rest = bytearray()

    def cut(chunk: bytes) -> list[bytes]:
        rest.extend(chunk)
        end = _whole(len(rest), size, last=not chunk)
        pieces = [bytes(rest[at : at + (size or end)]) for at in range(0, end, size or end or 1)]
        del rest[:end]
        return pieces

    return cut


def text_of(encoding: str, size: int | None) -> Cut[str]:
    """As `bytes_of`, in characters; no character is cut in two."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""

    def cut(chunk: bytes) -> list[str]:
        nonlocal rest
        rest += decoder.decode(chunk, final=not chunk)
        end = _whole(len(rest), size, last=not chunk)
        pieces = [rest[at : at + (size or end)] for at in range(0, end, size or end or 1)]
        rest = rest[end:]
        return pieces

    return cut


def lines_of(encoding: str) -> Cut[str]:
    """Lines without their ends."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""

    def cut(chunk: bytes) -> list[str]:
        nonlocal rest
        *lines, rest = _LINE_END.split(rest + decoder.decode(chunk, final=not chunk))
        if not chunk and rest:
            lines.append(rest.removesuffix("\r"))
            rest = ""
        return lines

    return cut


def _whole(length: int, size: int | None, *, last: bool) -> int:
    """How much of what there is makes whole pieces."""
    return length if last or size is None else length - length % size
