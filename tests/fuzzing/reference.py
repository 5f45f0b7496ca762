"""An event stream as WHATWG's HTML standard reads it, written from its text: the whole of it at once, and as text.

Our decoder works on bytes that come in pieces, so the two have nothing in common but the standard (section 9.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass
class Reading:
    """What a stream says, up to the place where it breaks a limit."""

    frames: list[tuple[str, str, str, int | None]] = field(default_factory=list[tuple[str, str, str, int | None]])
    """Data, name, id and reconnection time of each event."""
    last_event_id: str = ""
    retry: int | None = None
    unfinished: str | None = None
    """The data of the event that the stream broke off in."""
    too_large: bool = False


def read(stream: bytes, limit: int) -> Reading:
    """`limit` is ours and not the standard's: how many bytes the lines of one event may have."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, rest = LINE_END.split(text)
    sizes = [len(line) for line in re.split(rb"\r\n|\n|\r", stream.removeprefix(b"\xef\xbb\xbf"))]
    found, size, buffer = Reading(), 0, _Buffer()
    for line, length in zip(lines, sizes, strict=False):
        size = size + length if length else 0
        if size > limit:
            found.too_large = True
            return found
        if line:
            buffer.take(line, found)
        else:
            buffer.dispatch(found)
    found.too_large = size + sizes[-1] > limit
    found.unfinished = buffer.data[:-1] if buffer.data else None
    assert rest is not None
    return found


class _Buffer:
    """The buffers of 9.2.6."""

    def __init__(self) -> None:
        self.data, self.event, self.id = "", "", ""
        self.retry: int | None = None

    def take(self, line: str, found: Reading) -> None:
        if line.startswith(":"):
            return
        name, value = line, ""
        if ":" in line:
            place = line.index(":")
            name, value = line[:place], line[place + 1 :]
            if value.startswith(" "):
                value = value[1:]
        if name == "event":
            self.event = value
        elif name == "data":
            self.data += value + "\n"
        elif name == "id":
            if "\0" not in value:
                self.id = value
        elif name == "retry" and value and len(value) <= 18 and all(c in "0123456789" for c in value):
            self.retry = found.retry = int(value)

    def dispatch(self, found: Reading) -> None:
        found.last_event_id = self.id
        if self.data:
            found.frames.append((self.data[:-1], self.event or "message", self.id, self.retry))
        self.data, self.event, self.retry = "", "", None
