"""The bytes of an answer to the objects of JSON in it, streamed or not. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias, cast

from ....errors import StreamProtocolError
from ....streaming.sse import Frame, SSEDecoder
from .failures import Failure

Payload: TypeAlias = dict[str, Any]

LARGEST = 16 * 1024 * 1024
"""Bytes of an answer that comes whole, or of one event."""
_SHOWN = 200


class _Decoder(SSEDecoder):
    """Also takes lines that are no fields of the format, but what some servers say things in."""

    def _field(self, line: bytes) -> None:
        if line[:1] == b"{":  # an object on a line of its own
            self._data.append(line)
        elif line[:6] == b"error:":  # llama.cpp, until late in 2025
            self._data.append(b'{"error":%s}' % line[6:])
        else:
            super()._field(line)


class Payloads:
    """Feed it the bytes of one answer. What comes after the end mark is not looked at.

    Attributes:
        done: The server said that this is the end: no broken connection looks like that.
    """

    def __init__(self, content_type: str) -> None:
        self.done: bool = False
        self._type = content_type
        self._decoder = _Decoder(LARGEST)
        self._whole: bytearray | None = bytearray() if _is_json(content_type) else None
        self._start = b""
        self._found = False

    def feed(self, chunk: bytes) -> Iterator[Payload]:
        self._start = (self._start + chunk)[:_SHOWN] if len(self._start) < _SHOWN else self._start
        if self._whole is None:
            yield from self._frames(self._decode(chunk))
            return
        self._whole += chunk
        if len(self._whole) > LARGEST:
            raise Failure(f"The model server's answer has more than {LARGEST:,} bytes.")

    def end(self) -> Iterator[Payload]:
        """What is left when no more bytes come."""
        if self._whole is not None:
            yield from self._unwrap(bytes(self._whole))
        if not self.done:
            yield from self._rest()
        if not self._found and not self.done:
            shown = self._start.decode("utf-8", "replace").strip()
            if not shown:  # it had begun to stream when it failed
                raise Failure("The model server ended its answer before it said anything.", passing=True)
            raise Failure(f"What answers is no server of Chat Completions ({self._type or 'of no type'}): {shown}")

    def _rest(self) -> Iterator[Payload]:
        """Servers forget the last empty line. What is no JSON either was cut off, and is for others to tell."""
        with suppress(Failure):
            yield from list(self._frames(self._decode(b"\n\n")))

    def _unwrap(self, body: bytes) -> Iterator[Payload]:
        """An answer that comes whole; some servers call a stream JSON."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            yield from self._frames(self._decode(body + b"\n"))
            return
        if isinstance(payload, dict):
            self._found = self.done = True
            yield cast("Payload", payload)

    def _decode(self, chunk: bytes) -> list[Frame]:
        try:
            return self._decoder.feed(chunk)
        except StreamProtocolError:
            raise Failure(f"The model server sent an event of more than {LARGEST:,} bytes.") from None

    def _frames(self, frames: list[Frame]) -> Iterator[Payload]:
        for frame in frames:
            for payload in self._payloads(frame):
                self._found = True
                # An event named "error" is one, however its data is wrapped.
                yield payload if frame.event != "error" or payload.get("error") else {"error": payload}
                if self.done:
                    return

    def _payloads(self, frame: Frame) -> Iterator[Payload]:
        try:
            yield from self._one(frame.raw)
        except (ValueError, RecursionError):
            yield from self._each(frame)

    def _each(self, frame: Frame) -> Iterator[Payload]:
        """The empty lines between events were left out."""
        for line in frame.raw.splitlines():
            try:
                yield from self._one(line)
            except (ValueError, RecursionError):
                raise Failure(f"The model server sent what is not JSON: {frame.data[:_SHOWN]}") from None

    def _one(self, data: bytes) -> Iterator[Payload]:
        data = data.strip()
        if self.done or not data:
            return
        if data == b"[DONE]":
            self.done = True
        elif isinstance(payload := json.loads(data), dict):
            yield cast("Payload", payload)


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"
