from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.transport.pieces import Cut, T, bytes_of, lines_of, text_of

TEXT = "one\r\ntwo\n\nfour\rfünf 🎈\u2028still five"


def pieces(cut: Cut[T], data: bytes, size: int) -> list[T]:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return [piece for chunk in [*chunks, b""] for piece in cut(chunk)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_do_not_depend_on_the_chunks(size: int) -> None:
    wanted = ["one", "two", "", "four", "fünf 🎈\u2028still five"]
    assert pieces(lines_of("utf-8"), TEXT.encode(), size) == wanted


@pytest.mark.parametrize("end", ["", "\n", "\r", "\r\n"])
def test_the_last_line_needs_no_end(end: str) -> None:
    assert pieces(lines_of("utf-8"), f"a\nb{end}".encode(), 1) == ["a", "b"]


def test_pieces_have_the_size_asked_for() -> None:
    assert pieces(bytes_of(4), b"abcdefghij", 3) == [b"abcd", b"efgh", b"ij"]
    assert pieces(text_of("utf-8", 2), "aüb🎈c".encode(), 1) == ["aü", "b🎈", "c"]


def test_without_a_size_they_come_as_they_are() -> None:
    assert pieces(bytes_of(None), b"abcde", 2) == [b"ab", b"cd", b"e"]
    assert pieces(text_of("utf-8", None), "aü".encode(), 2) == ["a", "ü"]


def test_what_is_no_text_is_marked() -> None:
    assert "".join(pieces(text_of("utf-8", None), b"a\xffb\xc3", 1)) == "a\ufffdb\ufffd"


@given(st.binary(), st.integers(1, 9), st.integers(1, 9))
def test_nothing_is_lost(data: bytes, chunk: int, size: int) -> None:
    cut = pieces(bytes_of(size), data, chunk)
    assert b"".join(cut) == data
    assert all(len(piece) == size for piece in cut[:-1])
