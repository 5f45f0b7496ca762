"""Marks in a text that say where something is from, found while the text is written.

``【4:0†notes.txt】`` cites a file that was searched, ``sandbox:/mnt/data/plot.csv`` links to one that code has made.
Only what has a source is a mark; all other text, whatever it looks like, goes on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .lifecycle import Document

LONGEST = 100
"""Characters of a mark: as much of a text is held back at most, while it may be the beginning of one."""
SCHEME = "sandbox:"
_NAMED = 70
_MARK = rf"【(?P<mark>\d{{1,9}}:\d{{1,9}})(?:†[^【】\n]{{0,{_NAMED}}})?】"
_BEGUN = re.compile(rf"【(?:\d{{0,9}}|\d{{1,9}}:\d{{0,9}}|\d{{1,9}}:\d{{1,9}}†[^【】\n]{{0,{_NAMED}}})")
_NOT_IN_MARKS = re.compile(r"[【】\n]")
# After a link its name does not go on: "a.csv" is not what "a.csv.zip" or "a.csvx" links to.
_GOES_ON = r"(?![\w%]|[.-]\w)"
_LOOKED_AT = 2


class Piece(NamedTuple):
    """Some of a text, and what cites if it is a mark, but for its place."""

    text: str
    cites: Document | None = None


def marker(number: int, index: int, name: str) -> str:
    """What a model is to write when it cites a result."""
    return f"【{number}:{index}†{_NOT_IN_MARKS.sub('_', name)[:_NAMED]}】"


class Citing:
    """Text in, the same text out in pieces: `take` and at last `end`. What it takes is looked at once, and again only
    what was held back of it.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        # The longest first, or "plot" would be found in "plot 2".
        self._links = sorted((key for key in sources if key.startswith(SCHEME)), key=len, reverse=True)
        links = "".join(f"|(?:{re.escape(link)}){_GOES_ON}" for link in self._links)
        self._pattern = re.compile(_MARK + links)
        self._held = ""

    def take(self, text: str) -> Iterator[Piece]:
        if not self._sources or not (self._held or self._links or "【" in text):
            return iter([Piece(text)])
        text = self._held + text
        at = self._open_at(text)
        self._held = text[at:]
        return self._pieces(text, at)

    def end(self) -> Iterator[Piece]:
        held, self._held = self._held, ""
        return self._pieces(held, len(held))

    def _pieces(self, text: str, end: int) -> Iterator[Piece]:
        begin = 0
        for found in self._pattern.finditer(text):
            if found.end() > end:
                break
            if (source := self._sources.get(found["mark"] or found[0])) is None:
                continue
            if begin < found.start():
                yield Piece(text[begin : found.start()])
            yield Piece(found[0], _cited(found["mark"] is not None, source))
            begin = found.end()
        if begin < end:
            yield Piece(text[begin:end])

    def _open_at(self, text: str) -> int:
        """Where that begins of which nobody can tell yet whether it is a mark."""
        bracket = text.rfind("【")
        is_open = bracket >= 0 and _BEGUN.fullmatch(text, bracket)
        return min(bracket if is_open else len(text), self._link_at(text) if self._links else len(text))

    def _link_at(self, text: str) -> int:
        longest = len(self._links[0]) + _LOOKED_AT
        at = text.find(SCHEME[0], max(0, len(text) - longest))
        while at >= 0 and not any(_is_open(text, at, link) for link in self._links):
            at = text.find(SCHEME[0], at + 1)
        return at if at >= 0 else len(text)


def _is_open(text: str, at: int, link: str) -> bool:
    rest = len(text) - at
    if rest < len(link):
        return link.startswith(text[at:])
    return rest < len(link) + _LOOKED_AT and text.startswith(link, at)


def _cited(is_mark: bool, file_id: str) -> Document:
    if is_mark:
        return {"type": "file_citation", "file_citation": {"file_id": file_id}}
    return {"type": "file_path", "file_path": {"file_id": file_id}}
