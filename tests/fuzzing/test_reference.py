"""The reference by the examples of the standard itself, and that what compares with it can fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistream.streaming.sse import Frame, SSEDecoder

from . import decoder
from .reference import read

LARGE = 10_000


def frames(stream: bytes) -> list[tuple[str, str, str, int | None]]:
    return read(stream, LARGE).frames


def test_the_examples_of_the_standard() -> None:
    assert frames(b"data: YHOO\ndata: +2\ndata: 10\n\n") == [("YHOO\n+2\n10", "message", "", None)]
    assert frames(b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n") == [
        ("first event", "message", "1", None),
        ("second event", "message", "", None),
    ]
    assert frames(b"data\n\ndata\ndata\n\ndata:") == [("", "message", "", None), ("\n", "message", "", None)]
    assert frames(b"data:test\n\ndata: test\n\n") == [("test", "message", "", None)] * 2


def test_limits_and_what_is_left() -> None:
    assert read(b"data: 12\n\ndata: 1234\n\n", 8).too_large
    assert not read(b"data: 12\n\ndata: 12\n\n", 8).too_large
    assert read(b"data: a\ndata: b\nda", LARGE).unfinished == "a\nb"


MISTAKES: dict[str, Callable[[bytes], bytes]] = {
    "CR ends no line": lambda chunk: chunk.replace(b"\r", b" "),
    "CRLF in two chunks is two ends": lambda chunk: chunk.replace(b"\r", b"\n"),
    "NUL is taken out of ids": lambda chunk: chunk.replace(b"\0", b""),
    "any BOM is taken out": lambda chunk: chunk.replace(b"\xef\xbb\xbf", b""),
    "U+2028 ends a line": lambda chunk: chunk.replace(b"\xe2\x80\xa8", b"\n"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_decoder_with_a_mistake_is_found_out(monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    class Wrong(SSEDecoder):
        def feed(self, chunk: bytes) -> list[Frame]:
            return super().feed(MISTAKES[mistake](chunk))

    monkeypatch.setattr(decoder, "SSEDecoder", Wrong)
    streams = (
        b"data: a\r\rdata: b\r\ndata: c\r\n\r\n",
        b"id: \0\ndata: a\n\n",
        "data: \ufeff\n\ndata: \u2028a\n\n".encode(),
    )
    with pytest.raises(AssertionError):
        for stream in streams:
            decoder.check_decoder(b"\0\0 " + stream)
