"""A file that holds a stream as it came: written by `Recorder`, read by `replay`.

It is an ordinary event stream. What no frame says is in comments, which every reader of event streams skips::

    : assistream recording
    : +0.217340                          the next frame came so many seconds after the first
    event: thread.run.created
    data: {...}

    : +1.002114
    : tool.output {"call": ..., "output": ...}    what the program's own functions did, between two legs
    : stream.failed {"error_type": ..., "message": ...}    how the program itself ended the stream
"""

from __future__ import annotations

import errno
import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from ..errors import StreamProtocolError, excerpt
from ..streaming.events import is_done
from ..streaming.sse import Frame, SSEDecoder, encode
from ..types.tools import ToolErrorEvent, ToolEvent, ToolOutputEvent, ToolProgressEvent, ToolStartedEvent

__all__ = ["Failure", "Leg", "Piece", "Tape", "read_legs"]

_HEAD: Final = b": assistream recording\n"
_AT: Final = b": +"
_FAILED: Final = b": stream.failed "
_DAY: Final = 86_400.0
"""No stream is silent for so many seconds."""
_TOOL_EVENTS: Final[dict[bytes, type[Any]]] = {
    f": {event_type.model_fields['event'].default} ".encode(): event_type
    for event_type in (ToolStartedEvent, ToolProgressEvent, ToolOutputEvent, ToolErrorEvent)
}


class Tape:
    """Writes frames into a file, each at once. The file is made when the first one comes, for nobody else to read.

    Raises:
        FileExistsError: There is such a file, and it may not be overwritten.
        OSError: There cannot be such a file: it is a directory, or there is no directory for it.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, overwrite: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.path: Path = Path(path)
        if not overwrite and self.path.exists():
            raise FileExistsError(f"{self.path} exists; pass overwrite=True to write a new recording in its place.")
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self.path))
        if not self.path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        self._mode = "wb" if overwrite else "xb"
        self._clock = clock
        self._file: IO[Any] | None = None
        self._began = 0.0
        self._last_id = ""

    def add(self, frame: Frame) -> None:
        """A frame as it was on the wire, but for its line ends."""
        is_id_news = bool(frame.id or self._last_id)
        self._last_id = frame.id
        retry = b"" if frame.retry is None else b"retry: %d\n" % frame.retry
        name = frame.event.replace("\0", "\ufffd")
        self._write(retry + encode(name, frame.raw, id=frame.id if is_id_news else None))

    def add_tool_event(self, event: ToolEvent) -> None:
        self._write(f": {event.event} {event.data.model_dump_json()}\n".encode())

    def add_failure(self, error: Exception) -> None:
        failure = {"error_type": type(error).__name__, "message": str(error)}
        self._write(_FAILED + json.dumps(failure).encode() + b"\n")

    def close(self) -> None:
        """Of what comes later, the end of the file is the place."""
        if self._file is not None:
            self._file.close()
            self._file, self._mode = None, "ab"

    def _write(self, data: bytes) -> None:
        if self._file is None:
            self._file = open(self.path, self._mode, opener=_private)  # noqa: SIM115 -- closed by `close`
            if self._mode != "ab":
                self._began = self._clock()
                self._file.write(_HEAD)
        self._file.write(b"%s%.6f\n%s" % (_AT, self._clock() - self._began, data))
        self._file.flush()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Failure(NamedTuple):
    """The error by which a program ended its stream."""

    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A frame, or what is left at the end of a file: its bytes, and how many seconds after the one before it came."""

    delay: float
    data: bytes


@dataclass(slots=True)
class Leg:
    """One answer of the server, and what the tools did before it."""

    pieces: list[Piece] = field(default_factory=list[Piece])
    tool_events: list[tuple[float, ToolEvent]] = field(default_factory=list[Any])
    """Each with its delay."""
    failure: Failure | None = None
    """Why there is no answer."""


class _Reader:
    """Cuts a file into legs: they end with their end marker, or where outputs are awaited and none follows."""

    def __init__(self) -> None:
        self.legs: list[Leg] = [Leg()]
        self._decoder = SSEDecoder(max_event_size=1 << 62)  # whoever plays them has a limit of his own
        self._piece = b""
        self._offset = 0
        self._is_ours = False  # the comments of others mean nothing
        self._time = self._last = 0.0
        self._waits = False

    def read(self, body: bytes) -> list[Leg]:
        for line in body.splitlines(keepends=True):
            self._is_ours = self._is_ours or line == _HEAD
            if self._is_ours:
                self._note(line)
            self._offset += len(line)
            self._piece += line
            for frame in self._decoder.feed(line):
                self._end_piece(frame)
        if any(line.strip() and not line.startswith(b":") for line in self._piece.splitlines()):
            self._add()
        return self.legs

    def _note(self, line: bytes) -> None:
        """What a comment of ours says; one that was cut off by the end of the file says nothing."""
        try:
            self._read_comment(line)
        except (TypeError, ValueError) as error:
            if line.endswith(b"\n"):
                comment = excerpt(line.decode(errors="replace").strip(), 60)
                message = f"This recording is broken: it cannot have the comment {comment}"
                raise StreamProtocolError(message, offset=self._offset) from error

    def _read_comment(self, line: bytes) -> None:
        if line.startswith(_AT):
            seconds = float(line[len(_AT) :])
            self._time = seconds if math.isfinite(seconds) else self._time
        elif line.startswith(_FAILED):
            self._next_leg().failure = Failure(**json.loads(line[len(_FAILED) :]))
        elif head := next((head for head in _TOOL_EVENTS if line.startswith(head)), None):
            event = _TOOL_EVENTS[head].model_validate_json(b'{"data":%s}' % line[len(head) :])
            self._next_leg().tool_events.append((self._delay(), event))

    def _next_leg(self) -> Leg:
        if self.legs[-1].pieces:
            self.legs.append(Leg())
        return self.legs[-1]

    def _end_piece(self, frame: Frame) -> None:
        ends = is_done(frame)
        if self._waits and not ends:
            self._next_leg()
        self._waits = frame.event == "thread.run.requires_action"
        if ends and not self.legs[-1].pieces:
            self._piece = b""  # of a stream that another one was nested in, the end
            return
        self._add()
        if ends:
            self._next_leg()

    def _add(self) -> None:
        self.legs[-1].pieces.append(Piece(self._delay(), self._piece))
        self._piece = b""

    def _delay(self) -> float:
        """How long after the one before it something came. What no clock can have said is no time at all."""
        delay, self._last = self._time - self._last, max(self._time, self._last)
        return delay if 0 < delay <= _DAY else 0.0


def read_legs(body: bytes) -> list[Leg]:
    """The legs of a recording, or of any event stream; the last one may be empty.

    Raises:
        StreamProtocolError: A comment that `Tape` writes holds something else.
    """
    return _Reader().read(body)
