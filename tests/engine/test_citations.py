"""Marks are found wherever the text is cut, and nothing of the text is lost, moved, or looked at again and again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.citations import LONGEST, Citing, Piece, marker

SOURCES = {
    "4:0": "file-a",
    "4:1": "file-b",
    "sandbox:/mnt/data/plot.csv": "file-c",
    "sandbox:/mnt/data/plot.csv.gz": "file-d",
    "sandbox:/mnt/data/a b.png": "file-e",
}
TEXT = (
    "【It【4:0†notes.txt】 is】 so【4:1】【9:9†x】, [it](sandbox:/mnt/data/plot.csv) s【4:0†\n】"
    "sandbox:/mnt/data/plot.csv."
)
MARKS = ["【4:0†notes.txt】", "【4:1】", "sandbox:/mnt/data/plot.csv", "sandbox:/mnt/data/plot.csv"]


def said(pieces: Sequence[str], sources: dict[str, str] = SOURCES) -> list[Piece]:
    citing = Citing(sources)
    found = [piece for text in pieces for piece in citing.take(text)]
    return [*found, *citing.end()]


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def marks(found: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in found if piece.cites]


def joined(found: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in found)


def test_marks_in_a_text() -> None:
    found = said([TEXT])
    assert joined(found) == TEXT
    assert marks(found) == MARKS
    assert [piece.cites for piece in found if piece.cites][1:3] == [
        {"type": "file_citation", "file_citation": {"file_id": "file-b"}},
        {"type": "file_path", "file_path": {"file_id": "file-c"}},
    ]


@pytest.mark.parametrize("size", range(1, 40))
def test_however_it_is_cut(size: int) -> None:
    found = said(cut(TEXT, size))
    assert joined(found) == TEXT
    assert marks(found) == MARKS


def test_in_two_parts() -> None:
    for at in range(len(TEXT)):
        found = said([TEXT[:at], TEXT[at:]])
        assert (joined(found), marks(found)) == (TEXT, MARKS)


ALPHABET = [
    "【",
    "】",
    "4:0",
    "4",
    ":",
    "0",
    "†",
    "x",
    "\n",
    " ",
    ".",
    "s",
    "sandbox:",
    "/mnt/data/",
    "plot.csv",
    ".gz",
    "a b.png",
]


@given(st.lists(st.sampled_from(ALPHABET), max_size=30), st.data())
def test_where_it_is_cut_changes_nothing(words: list[str], data: st.DataObject) -> None:
    text = "".join(words)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[begin:end] for begin, end in itertools.pairwise([0, *cuts, len(text)])]
    assert joined(said(pieces)) == text
    assert marks(said(pieces)) == marks(said([text]))


@pytest.mark.parametrize(
    "text",
    [
        "【4:2†x】",
        "【4:0†a\nb】",
        f"【4:0†{'x' * 200}】",
        "[4:0†x]",
        "【4:0",
        "sandbox:/mnt/data/plot.csvx",
        "sandbox:/mnt/data/plot.csv-2",
        "sandbox:/mnt/data/other",
    ],
)
def test_what_is_no_mark_is_text(text: str) -> None:
    assert said([text]) == [Piece(text)] or marks(said([text])) == []
    assert joined(said(list(text))) == text
    assert marks(said(list(text))) == []


def test_the_longest_name_is_meant() -> None:
    found = said(list("sandbox:/mnt/data/plot.csv.gz and sandbox:/mnt/data/plot.csv, sandbox:/mnt/data/a b.png"))
    assert marks(found) == [
        "sandbox:/mnt/data/plot.csv.gz",
        "sandbox:/mnt/data/plot.csv",
        "sandbox:/mnt/data/a b.png",
    ]


def test_nothing_is_held_back_without_sources() -> None:
    assert list(Citing({}).take("【4:0")) == [Piece("【4:0")]


def test_only_what_may_be_a_mark_is_held_back() -> None:
    citing = Citing({"4:0": "file-a"})
    assert list(citing.take("So sandbox 【")) == [Piece("So sandbox ")]
    assert list(citing.take("4:0†")) == []
    assert list(citing.take("x" * LONGEST)) == [Piece("【4:0†" + "x" * LONGEST)]


def test_a_marker_is_one_that_is_found() -> None:
    for name in ("notes.txt", "x" * 300, "a【b】c\nd.txt", ""):
        mark = marker(4, 0, name)
        assert len(mark) <= LONGEST
        assert marks(said(list(f"So{mark}."))) == [mark]


def test_thousands_of_marks() -> None:
    sources = {f"1:{number}": f"file-{number}" for number in range(5_000)}
    text = "".join(f"word {marker(1, number, 'notes.txt')}" for number in range(5_000))
    found = said(cut(text, 3), sources)
    assert joined(found) == text
    assert len(marks(found)) == 5_000
