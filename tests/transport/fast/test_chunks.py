from __future__ import annotations

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.transport.fast.chunks import Chunks, named


def coded(*contents: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(content), content) for content in contents) + end


def fed(data: bytes, sizes: list[int]) -> tuple[bytes, bytes | None]:
    """What these bytes hold, cut into pieces of these sizes, and what is left to others."""
    chunks, content, place = Chunks(), b"", 0
    for size in [*sizes, len(data)]:
        piece, place = data[place : place + size], place + size
        if not piece:
            break
        if chunks.rest is not None:
            chunks.rest += piece
        else:
            content += chunks.feed(piece)
    return content, chunks.rest


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.lists(st.integers(1, 30), max_size=40))
def test_any_cut_gives_the_content_and_leaves_the_end(contents: list[bytes], sizes: list[int]) -> None:
    assert fed(coded(*contents), sizes) == (b"".join(contents), b"0\r\n\r\n")


@pytest.mark.parametrize(
    "odd", [b"3;a=b\r\nabc\r\n", b"0x3\r\nabc", b" 3\r\n", b"+3\r\n", b"\r\n", b"3\nabc", b"f" * 20]
)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_from_an_odd_line_on_it_is_left_to_others(odd: bytes, size: int) -> None:
    data = coded(b"before", end=odd)
    content, rest = fed(data, [size] * len(data))
    assert (content, rest) == (b"before", odd)


def test_what_is_there_of_a_long_chunk_is_given_out_at_once() -> None:
    chunks = Chunks()
    assert chunks.feed(b"100000\r\nabc") == b"abc"
    assert chunks.feed(b"defg") == b"defg"
    assert chunks.feed(b"x" * (0x100000 - 7)) == b"x" * (0x100000 - 7)
    assert chunks.feed(b"\r") == b""
    assert chunks.feed(b"\n2\r\nhi\r\n0") == b"hi"
    assert chunks.rest is None
    assert chunks.feed(b"\r\n\r\n") == b""
    assert chunks.rest == b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 100])
def test_a_chunk_that_is_longer_than_it_said(size: int) -> None:
    with pytest.raises(ValueError, match="longer"):
        fed(b"3\r\nabcd\r\n", [size] * 20)


def test_capital_and_leading_digits() -> None:
    assert fed(b"0A\r\n0123456789\r\n", []) == (b"0123456789", None)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (httpcore.ReadTimeout("slow"), httpx.ReadTimeout),
        (httpcore.ReadError("lost"), httpx.ReadError),
        (httpcore.RemoteProtocolError("odd"), httpx.RemoteProtocolError),
    ],
)
def test_errors_keep_their_names(error: Exception, name: type[httpx.RequestError]) -> None:
    found = named(error)
    assert type(found) is name
    assert str(found) == str(error)
