"""Fuzzing the decoder: any bytes, cut anywhere, are read as the standard says."""

from __future__ import annotations

from collections.abc import Iterator

from assistream.errors import StreamProtocolError
from assistream.streaming.sse import Frame, SSEDecoder

from .reference import Reading, read

_WORDS = (
    *(b"data", b"event", b"id", b"retry", b"data: ", b"event: ", b"id: ", b"retry: ", b"data:", b"id:", b"retry:"),
    *(b": ", b":", b" ", b"\n", b"\n", b"\n", b"\n\n", b"\r", b"\r", b"\r\n", b"\r\n\r\n", b"\r\r", b"\n\r"),
    *(b"\xef\xbb\xbf", b"\xef", b"\xbb", b"\xbf", b"\xe2\x80\xa8", b"\xc3", b"\xc2\x85", b"\xf0\x9f\x98", b"\x80"),
    *(b"\0", b"\x0b", b"\x0c", b"\x1c", b"\t", b"0", b"7", b"12", b"123456789012345678", b"\xd9\xa3"),
    *(b"event: thread.message.delta", b"event: thread.run.step.delta", b"data: [DONE]", b"Data", b"a", b"{}"),
)
_TABLE = [_WORDS[number % len(_WORDS)] for number in range(160)] + [bytes([number]) for number in range(160, 256)]
_LIMITS = (16 * 1024 * 1024,) * 6 + (24, 7)


def check_decoder(data: bytes) -> None:
    """The first bytes say how to cut and which limit holds; the others say what the stream is made of."""
    if len(data) < 3:
        return
    step, spread, kind, *numbers = data
    stream = data[3:] if kind & 32 else b"".join([_TABLE[number] for number in numbers])
    limit = _LIMITS[kind & 7]
    expected = read(stream, limit)
    _compare(stream, expected, [stream], limit)
    _compare(stream, expected, _cut(stream, step, spread), limit)


def _cut(stream: bytes, step: int, spread: int) -> Iterator[bytes]:
    """In pieces of changing sizes, an empty one first now and then."""
    at, size = 0, step % 7
    while at < len(stream):
        yield stream[at : at + size]
        at += size
        size = 1 + (size * 5 + spread) % 11 if spread % 4 else 1


def _compare(stream: bytes, expected: Reading, chunks: list[bytes] | Iterator[bytes], limit: int) -> None:
    decoder, frames, refused = SSEDecoder(limit), list[Frame](), False
    try:
        for chunk in chunks:
            frames += decoder.feed(chunk)
        frames += decoder.feed(b"")
    except StreamProtocolError:
        refused = True
    assert [(f.data, f.event, f.id, f.retry) for f in frames] == expected.frames, stream
    assert refused == expected.too_large, stream
    assert decoder.frames == len(frames), stream
    if refused:
        return
    rest = decoder.unfinished()
    assert (decoder.last_event_id, decoder.retry) == (expected.last_event_id, expected.retry), stream
    assert (rest.data if rest else None) == expected.unfinished, stream
    assert decoder.offset == len(stream), stream
    decoder.rest()
