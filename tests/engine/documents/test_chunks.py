from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.documents import chunked, tokens
from assistream.engine.documents.chunks import spans

SIZES = st.integers(1, 60).flatmap(lambda most: st.tuples(st.just(most), st.integers(0, most // 2)))
PIECES = st.sampled_from(["\n", "\n\n", ". ", " ", "word", "longer", "日本語。", "🙂", "é", "\ud800", "\r\n"])
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=300).map("".join)


@given(TEXTS, SIZES)
def test_limits_are_kept_and_everything_is_covered(text: str, sizes: tuple[int, int]) -> None:
    most, overlap = sizes
    chunks, data = chunked(text, most, overlap), text.encode("utf-8", "surrogatepass")
    places = list(spans(data, most, overlap))
    assert chunks == [data[start:end].decode("utf-8", "surrogatepass") for start, end in places]
    assert all(0 < tokens(chunk) <= most for chunk in chunks)
    assert [places[0][0], places[-1][1]] == [0, len(data)] if text else places == []
    for (start, end), (after, later) in pairwise(places):
        assert start < after <= end < later
        # A character of several bytes is not cut, and one that does not fit into the overlap is not in it.
        assert end - after <= overlap * 4
        assert end - after > overlap * 3 - 4 or overlap == 0


def test_a_short_text_is_one_chunk() -> None:
    assert chunked("A few words.") == ["A few words."]


@pytest.mark.parametrize("text", ["", "x"])
def test_as_many_chunks_as_there_is_text_for(text: str) -> None:
    assert chunked(text) == [text] * len(text)


def test_the_default_is_that_of_the_api() -> None:
    chunks = chunked("x" * 4000)
    assert [len(chunk) for chunk in chunks] == [3200, 2400]


def test_paragraphs_stay_whole() -> None:
    paragraphs = [f"Paragraph {number}. " + "It says a thing. It says more.\n" * 3 + "\n" for number in range(40)]
    chunks = chunked("".join(paragraphs), 100, 0)
    assert "".join(chunks) == "".join(paragraphs)
    assert all(chunk.startswith("Paragraph") and chunk.endswith("\n\n") for chunk in chunks)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("A line of words. Words\n", "\n"),
        ("A sentence of words, and more. ", ". "),
        ("文章は長い。", "。"),
        ("words ", " "),
    ],
)
def test_cut_where_it_reads_best(text: str, ends: str) -> None:
    chunks = chunked(text * 100, 50, 25)
    assert len(chunks) > 2
    assert all(chunk.endswith(ends) for chunk in chunks)
    assert all(chunk.startswith(text[0]) for chunk in chunks)


def test_overlaps_begin_where_it_reads_best() -> None:
    sentences = "".join(f"This is the sentence with number {number}. " for number in range(100))
    assert all(chunk.startswith("This is") for chunk in chunked(sentences, 80, 40))


@pytest.mark.parametrize(("most", "overlap"), [(0, 0), (10, 6), (10, -1), (-1, 0)])
def test_sizes_that_make_no_sense(most: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="at most half"):
        chunked("text", most, overlap)


@pytest.mark.parametrize("piece", ["word ", "x", "\n", "日", "a. "])
def test_a_long_text(piece: str) -> None:
    text = piece * (20_000_000 // len(piece.encode()))
    chunks = chunked(text)
    assert len(text.encode()) / 2000 <= len(chunks) <= len(text.encode()) / 700
    assert chunks[-1] == text[-len(chunks[-1]) :]
