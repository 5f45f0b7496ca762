"""HTML as text: paragraphs, headings, lists and tables stay, scripts and styles go.

The parser tells of tags as they come, and no tree is built: how deep a page is nested does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "math", "iframe", "object"})
_PARAGRAPHS = frozenset(
    "article aside blockquote dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section"
    " table title ul".split()
)
_LINES = frozenset("address br caption dd details div dt figcaption legend li option summary tr".split())
_MARKS = {"li": "- "} | {f"h{level}": "#" * level + " " for level in range(1, 7)}
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"\s+")
_STEP = 1 << 16


def page(text: str) -> Iterator[str]:
    """The lines of an HTML page."""
    target = _Lines()
    parser = etree.HTMLParser(target=cast("Any", target), encoding="utf-8", huge_tree=True, recover=True)
    for start in range(0, len(text), _STEP):
        parser.feed(text[start : start + _STEP].encode("utf-8", "replace"))
        yield from target.taken()
    parser.close()
    yield from target.taken()


class _Lines:
    """What the parser tells its tags and text to."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._line: list[str] = []
        self._hidden = 0
        self._preformatted = 0
        self._mark = ""

    def taken(self) -> list[str]:
        """The lines that were finished since the last time."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._hidden += tag in _HIDDEN
        if self._hidden:
            return
        self._break(tag)
        self._mark = _MARKS.get(tag, self._mark)
        self._preformatted += tag == "pre"
        if tag == "img" and (described := attributes.get("alt", "").strip()):
            self.data(f" {described} ")

    def end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= tag in _HIDDEN
            return
        self._break(tag)
        self._preformatted -= tag == "pre"
        if tag in _MARKS:
            self._mark = ""
        if tag in _CELLS and self._line:
            self._line.append(" | ")

    def data(self, text: str) -> None:
        if self._hidden or not (self._line or text.strip()):
            return
        text = text if self._preformatted else _SPACE.sub(" ", text)
        self._line.append(text if self._line else self._mark + text.lstrip(" "))
        self._mark = ""

    def comment(self, text: str) -> None:
        """Nothing that is shown."""

    def close(self) -> None:
        self._break("p")

    def _break(self, tag: str) -> None:
        if tag not in _PARAGRAPHS and tag not in _LINES:
            return
        line = "".join(self._line).rstrip(" |\t")
        self._line = []
        if line:
            self._done.append(line)
        if tag in _PARAGRAPHS and (not self._done or self._done[-1]):
            self._done.append("")
