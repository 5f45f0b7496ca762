"""HTTP's chunked coding, as nearly every server writes it; whatever else comes is left to h11. No I/O."""

from __future__ import annotations

import re
from typing import Final

import httpx

__all__ = ["Chunks", "named"]

_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}\r\n")
_LONGEST: Final = 17
"""Bytes of a line that says how long a chunk is."""


def named(error: Exception) -> httpx.RequestError:
    """httpx's error for one of httpcore, which has the same name."""
    kind: type[httpx.RequestError] = getattr(httpx, type(error).__name__, httpx.ReadError)
    return kind(str(error))


class Chunks:
    """Takes the framing out of a body. It never looks past a line that it does not understand.

    Attributes:
        rest: What was not understood, and all that followed: an odd line, or the end of the body. None until then.
            At its beginning no chunk is open.
    """

    def __init__(self) -> None:
        self.rest: bytes | None = None
        self._held = b""  # the beginning of a line, or of the line end after a chunk
        self._left = 0  # bytes that the open chunk lacks, its line end included

    def feed(self, data: bytes) -> bytes:
        """What these bytes hold of the content.

        Raises:
            ValueError: A chunk is longer than it said.
        """
        data, self._held = self._held + data, b""
        place, length, pieces = 0, len(data), list[bytes]()
        while place < length:
            if not self._left:
                line = _SIZE.match(data, place)
                size = int(line[0], 16) if line else 0
                if line is None and length - place < _LONGEST and b"\n" not in data[place:]:
                    break
                if line is None or not size:
                    self.rest = data[place:]
                    return b"".join(pieces)
                place, self._left = line.end(), size + 2
            stop = place + self._left
            if stop > length:
                if self._left > 2:
                    content = data[place : min(length, stop - 2)]
                    pieces.append(content)
                    place += len(content)
                    self._left -= len(content)
                break
            if data[stop - 2 : stop] != b"\r\n":
                raise ValueError("a chunk of the answer is longer than it said")
            pieces.append(data[place : stop - 2])
            place, self._left = stop, 0
        self._held = data[place:]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
