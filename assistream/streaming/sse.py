"""Server-sent events: bytes to frames, and back. No I/O.

The rules are those of the WHATWG HTML standard, section 9.2 "Server-sent events"; the comments below name its
subsections 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream". Input is cut into lines as bytes
and only text that somebody looks at is decoded; ``benchmarks/README.md`` ("SSE framing") has the figures.
"""

from __future__ import annotations

import re

from httpx_sse import ServerSentEvent

from ..errors import StreamProtocolError

__all__ = ["Frame", "SSEDecoder", "comment", "encode"]

_BOM = b"\xef\xbb\xbf"
# Numbers: looking for a byte in bytes takes 15 ns, and 95 ns when that byte is written as b"\n".
_NUL, _LF, _CR = b"\0\n\r"
_UNSAFE = re.compile(r"[\r\n\0]")
# 9.2.6: only ASCII digits count. More than 18 of them are no waiting time, and int() refuses to read very many.
_RETRY = re.compile(rb"[0-9]{1,18}")
# Nine frames in ten of a run bear one of these names: looking the line up is 0.2 µs quicker than taking it apart.
_DELTA_LINES = {f"event: {name}".encode(): name for name in ("thread.message.delta", "thread.run.step.delta")}


class Frame(ServerSentEvent):
    """One event of a stream, an ordinary `httpx_sse.ServerSentEvent` that also keeps its data as bytes in `raw`.

    `data` is decoded anew on each access (UTF-8, what is invalid becomes U+FFFD); most readers want `raw` only.
    """

    __slots__ = ("_id", "_retry", "event", "raw")

    # Not super().__init__(): it wants the data as text, which is what `raw` is there to avoid.
    def __init__(self, raw: bytes, event: str = "message", id: str = "", retry: int | None = None) -> None:
        self.raw: bytes = raw
        # A property of theirs, which takes five times as long to read.
        self.event: str = event  # pyright: ignore[reportIncompatibleMethodOverride]  # a plain attribute here
        self._id = id
        self._retry = retry

    @property
    def data(self) -> str:
        return self.raw.decode("utf-8", "replace")


class SSEDecoder:
    """Feed it the bytes of one response, cut anywhere; it returns the frames that became whole.

    A frame still unfinished when the input ends is never returned, as the standard says; see `unfinished`.

    Attributes:
        last_event_id: The id in force when the last frame ended ("" if none): where to resume after a lost connection.
        retry: The reconnection time the server asked for last, in milliseconds, or None.
        offset: How many bytes were fed so far.
        frames: How many frames were returned so far.
    """

    def __init__(self, max_event_size: int = 16 * 1024 * 1024) -> None:
        self.max_event_size = max_event_size
        self.last_event_id: str = ""
        self.retry: int | None = None
        self.offset: int = 0
        self.frames: int = 0
        self._head: bytes | None = b""  # the first bytes while they may still become a BOM; None once that is settled
        self._after_cr = False
        self._line = bytearray()  # the line that has not ended
        self._size = 0  # of the lines before it, in the event that has not ended
        self._failure: str | None = None
        # What the last frame that came alone began with: most have the name of the one before.
        self._opening = (b"event: thread.message.delta\ndata: ", "thread.message.delta")
        # The buffers of 9.2.6.
        self._data: list[bytes] = []
        self._event = ""
        self._id = ""
        self._retry: int | None = None

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that `chunk` completes, in order.

        Raises:
            StreamProtocolError: The lines of one event, or what is there of them, have more bytes than
                `max_event_size`. Frames that were whole before it are returned first and the next call raises
                (``feed(b"")`` will do); from then on every call does.
        """
        if self._failure is None and (frame := self._whole(chunk)) is not None:
            return [frame]
        frames: list[Frame] = []
        if self._failure is None:
            self.offset += len(chunk)
            if self._head is not None or self._after_cr or _CR in chunk:
                chunk = self._normalise(chunk)
            lines = self._split(chunk)
            if lines:
                frames = self._interpret(lines)
                self.frames += len(frames)
        if self._failure is not None and not frames:
            raise StreamProtocolError(self._failure, frame=self.frames + 1, offset=self.offset)
        return frames

    def _whole(self, chunk: bytes) -> Frame | None:
        """The frame that is all there is in this chunk, as most servers send them; it takes a third of the time."""
        opening, event = self._opening
        if not chunk.startswith(opening):
            found = _opening(chunk)
            if found is None:
                return None
            opening, event = self._opening = found
        start, size = len(opening), len(chunk)
        if chunk.find(_LF, start) != size - 2 or chunk[-1] != _LF or _CR in chunk:
            return None
        if self._size or self._line or self._after_cr or self._head is not None or size > self.max_event_size:
            return None
        self.offset += size
        self.frames += 1
        self.last_event_id = self._id
        return Frame(chunk[start:-2], event, self._id)

    def unfinished(self) -> Frame | None:
        """The frame that the input broke off in, as far as its lines are whole; None if they hold no data.

        By 9.2.6 it is to be discarded, so take it as a hint only: servers have ended a stream after the last line of
        an ``error`` event, without the empty line, and then it says what went wrong.
        """
        return self._frame() if self._data else None

    def rest(self) -> str:
        """The start of the line that has not ended: what came instead of a stream, for an error message."""
        return bytes(self._line[:1000]).decode("utf-8", "replace")

    def _normalise(self, chunk: bytes) -> bytes:
        """Drop a byte order mark at the start of the stream, and make LF of CR and CRLF (9.2.5)."""
        if self._head is not None:
            chunk = self._head + chunk
            if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
                self._head = chunk
                return b""
            self._head = None
            chunk = chunk.removeprefix(_BOM)
        if self._after_cr and chunk:
            self._after_cr = False
            chunk = chunk.removeprefix(b"\n")  # the rest of a CRLF whose CR has ended the line already
        if _CR in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _split(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without their ends; what is left over waits in `_line`."""
        line = self._line
        near_limit = self._size + len(line) + len(chunk) > self.max_event_size
        if _LF in chunk:
            lines = chunk.split(b"\n")
            if line:
                line += lines[0]
                lines[0] = bytes(line)
                line.clear()
            line += lines.pop()
        else:
            lines = []
            line += chunk
        # Checking each line costs 15 %; unless this chunk can reach the limit, only its last event has to be counted.
        return self._within_limit(lines) if near_limit else self._count(lines)

    def _count(self, lines: list[bytes]) -> list[bytes]:
        """The same lines; `_size` is brought up to date."""
        size = 0
        for line in reversed(lines):
            if not line:
                self._size = size
                return lines
            size += len(line)
        self._size += size
        return lines

    def _within_limit(self, lines: list[bytes]) -> list[bytes]:
        """The lines before the first one that makes its event too large; `_size` is brought up to date."""
        for n, line in enumerate(lines):
            self._size = self._size + len(line) if line else 0
            if self._size > self.max_event_size:
                self._fail(self._size)
                return lines[:n]
        if self._size + len(self._line) > self.max_event_size:
            self._fail(self._size + len(self._line))
        return lines

    def _fail(self, size: int) -> None:
        self._failure = (
            f"An event of {size:,} bytes or more, where {self.max_event_size:,} are allowed. If the server really"
            " sends events so large, raise the limit: max_event_size=... of the client"
        )

    def _interpret(self, lines: list[bytes]) -> list[Frame]:
        """Interpret lines by 9.2.6: an empty one dispatches the event that the fields before it make up."""
        frames: list[Frame] = []
        data = self._data
        for line in lines:
            if not line:
                self.last_event_id = self._id
                if data:
                    frames.append(self._frame())
                    data.clear()
                self._event = ""
                self._retry = None
            elif line[:6] == b"data: ":
                data.append(line[6:])
            elif line in _DELTA_LINES:
                self._event = _DELTA_LINES[line]
            elif line[:4] == b"id: " and _NUL not in line:  # here too: in each frame of our engine, 0.15 µs
                self._id = line[4:].decode("utf-8", "replace")
            else:
                self._field(line)
        return frames

    def _frame(self) -> Frame:
        return Frame(b"\n".join(self._data), self._event or "message", self._id, self._retry)

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")  # of a comment the name is empty; unknown names are ignored
        value = value.removeprefix(b" ")  # one space, not all
        if name == b"id" and _NUL not in value:
            self._id = value.decode("utf-8", "replace")
        elif name == b"event":
            self._event = value.decode("utf-8", "replace")
        elif name == b"data":
            self._data.append(value)
        elif name == b"retry" and _RETRY.fullmatch(value):
            self.retry = self._retry = int(value)


def _opening(chunk: bytes) -> tuple[bytes, str] | None:
    """What comes before the data, and the name, in a chunk that begins with a line for each; None for any other."""
    end = chunk.find(_LF)
    if chunk[:7] != b"event: " or end < 8 or chunk[end + 1 : end + 7] != b"data: ":
        return None
    return chunk[: end + 7], chunk[7:end].decode("utf-8", "replace")


def encode(event: str, data: bytes | str, *, id: str | None = None) -> bytes:
    """One frame as bytes. Decoding gives it back, except that CR and CRLF in `data` come out as LF.

    Every line of `data` becomes a data line of its own, so that no content can end the frame or add a field.

    Raises:
        ValueError: `event` is empty, or `event` or `id` holds a line break or NUL, which the format cannot carry.
    """
    if not event or _UNSAFE.search(event):
        raise ValueError(f"Not a name for an event (empty, or a line break or NUL in it): {event!r}")
    if id is not None and _UNSAFE.search(id):
        raise ValueError(f"Not an event id (a line break or NUL in it): {id!r}")
    head = f"event: {event}\n" if id is None else f"id: {id}\nevent: {event}\n"
    return head.encode() + _prefixed(b"data: ", data) + b"\n"


def comment(text: str) -> bytes:
    """A comment, which every reader ignores: it keeps an idle connection alive."""
    return _prefixed(b": ", text) + b"\n"


def _prefixed(prefix: bytes, text: bytes | str) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return b"".join(prefix + line + b"\n" for line in lines)
