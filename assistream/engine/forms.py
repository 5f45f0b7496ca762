"""multipart/form-data, read while it arrives: the fields of a form, and its one file, which goes on as it comes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from .errors import Refused

# It warns of every broken form; where a program has no logging of its own, that would go to its stderr.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

Sink = Callable[[bytes], Awaitable[None]]

_FIELDS = 20
_FIELD_SIZE = 64 * 1024
_AROUND = 1024 * 1024
"""Bytes a form may have around its file: fields, headers, boundaries, and what stands after its end."""


@dataclass(slots=True)
class _Part:
    headers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    name: str = ""
    filename: str | None = None
    data: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Form:
    """What came besides the file's content; ``filename`` is None where there was no file."""

    fields: dict[str, str] = field(default_factory=dict[str, str])
    filename: str | None = None


class _Reader:
    """Bytes in, `form` and `content` out: what the parser calls as it goes."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise Refused("no_form", got=content_type[:100] or "nothing")
        self.form = Form()
        self.content: list[bytes] = []
        self.ended: bool = False
        self._part = _Part()
        self._header = bytearray(), bytearray()
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> list[bytes]:
        """The content of the file as far as this chunk has some."""
        self._parser.write(chunk)
        content, self.content = self.content, []
        return content

    def _begin(self) -> None:
        self._part = _Part()

    def _header_end(self) -> None:
        name, value = self._header
        self._part.headers[name.decode("latin-1").lower()] = bytes(value)
        self._header = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._part.headers.get("content-disposition"))
        if not (name := options.get(b"name")):
            raise Refused("bad_form")
        self._part.name = _text(name)
        if (filename := options.get(b"filename")) is not None:
            self._open(_text(filename))

    def _open(self, filename: str) -> None:
        if self._part.name != "file":
            raise Refused("unknown", param=self._part.name, where=self._part.name)
        if self.form.filename is not None:
            raise Refused("many_files", param="file")
        self.form.filename = self._part.filename = filename

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.filename is not None:
            self.content.append(bytes(data[start:end]))
            return
        self._part.data += data[start:end]
        if len(self._part.data) > _FIELD_SIZE:
            raise Refused("bad_form")

    def _part_end(self) -> None:
        if self._part.filename is None:
            self.form.fields[self._part.name] = _text(self._part.data)
        if len(self.form.fields) > _FIELDS:
            raise Refused("bad_form")

    def _end(self) -> None:
        self.ended = True


async def receive(chunks: AsyncIterable[bytes], headers: Mapping[str, str], sink: Sink, limit: int) -> Form:
    """The form, when it has come to its end and all of its file has gone into ``sink``; ``limit`` is the file's.

    Raises `Refused` for what is no form, is broken or cut short, or has another file or more of them than ``file``.
    """
    check_length(headers, limit, limit + _AROUND)
    got = 0
    try:
        reader = _Reader(headers.get("content-type", ""))
        async for chunk in chunks:
            got += len(chunk)
            if got > limit + _AROUND:
                raise Refused("too_large", limit=limit, got=got)
            for data in reader.feed(chunk):
                await sink(data)
    except FormParserError:
        raise Refused("bad_form") from None
    if not reader.ended:
        raise Refused("bad_form")
    return reader.form


def check_length(headers: Mapping[str, str], limit: int, most: int) -> None:
    """Refuses a body that says itself that it is too long, before any of it has come."""
    if (length := headers.get("content-length", "")).isdecimal() and int(length) > most:
        raise Refused("too_large", limit=limit, got=int(length))


def _text(raw: bytes | bytearray) -> str:
    """As it was written: UTF-8, what is none replaced."""
    return raw.decode("utf-8", "replace")
