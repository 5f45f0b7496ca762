"""The text of a Word document in its order, as Markdown: headings, paragraphs, lists and tables.

It goes through the elements and not only through what python-docx lists, which leaves out content controls, text boxes
and what was inserted while changes were tracked. What was deleted then is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml.etree import _Element as Element

_PARAGRAPH, _TABLE, _ROW, _CELL, _TEXT = (str(qn(f"w:{name}")) for name in ("p", "tbl", "tr", "tc", "t"))
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset({_FALLBACK, qn("w:pPr"), qn("w:rPr"), qn("w:del"), qn("w:moveFrom"), qn("w:instrText")})
_HEADING = re.compile(r"Title|Heading ([1-6])", re.IGNORECASE)
_NOTES = ("/footnotes", "/endnotes")


def document(data: bytes) -> Iterator[str]:
    """The lines: headers, the body, footers, and then the notes."""
    opened = docx.Document(BytesIO(data))
    headings = _headings(opened)
    margins = [_margins(opened, which) for which in ("header", "footer")]
    for root in (*margins[0], opened.element, *margins[1], *_notes(opened)):
        for line in _blocks(root, headings):
            yield line
            yield ""


def _margins(opened: Document, which: str) -> list[Element]:
    """Headers or footers, each that is another once: those of a section are those of the one before it, or its own."""
    own = [getattr(section, which) for section in opened.sections]
    return [margin._element for margin in own if not margin.is_linked_to_previous]


def _notes(opened: Document) -> Iterator[Element]:
    for relation in opened.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_NOTES):
            yield parse_xml(relation.target_part.blob)


def _headings(opened: Document) -> dict[str, str]:
    """The mark of Markdown for each style that is a heading."""
    found: dict[str, str] = {}
    for style in opened.styles:
        if heading := _HEADING.fullmatch(style.name or ""):
            found[style.style_id] = "#" * int(heading[1] or 1) + " "
    return found


def _blocks(root: Element, headings: dict[str, str]) -> Iterator[str]:
    """The paragraphs and tables in `root`, however deep."""
    held = [root]
    while held:
        element = held.pop()
        if element.tag == _PARAGRAPH:
            if text := _text(element).strip():
                yield _mark(element, headings) + text
        elif element.tag == _TABLE:
            yield "\n".join(_rows(element))
        elif element.tag not in _SKIPPED:
            held += reversed(element)


def _rows(table: Element) -> Iterator[str]:
    """A line for each row; a table in a cell is told as the text of that cell."""
    for row in _nearest(table, _ROW):
        cells = [" ".join(_text(cell).split()) for cell in _nearest(row, _CELL)]
        if any(cells):
            yield " | ".join(cells)


def _nearest(element: Element, tag: str) -> Iterator[Element]:
    """The elements of a name in `element` that are in no other of that name, in order."""
    held = list(reversed(element))
    while held:
        inner = held.pop()
        if inner.tag == tag:
            yield inner
        elif inner.tag != _TABLE:
            held += reversed(inner)


def _text(element: Element) -> str:
    parts: list[str] = []
    held = [element]
    while held:
        inner = held.pop()
        if inner.tag == _TEXT:
            parts.append(inner.text or "")
        elif inner.tag in _BREAKS:
            parts.append(_BREAKS[str(inner.tag)])
        elif inner.tag not in _SKIPPED:
            if inner.tag == _PARAGRAPH and parts:
                parts.append("\n")  # of a cell or a text box
            held += reversed(inner)
    return "".join(parts)


def _mark(paragraph: Element, headings: dict[str, str]) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if style is not None and (mark := headings.get(style.get(str(qn("w:val")), ""))):
        return mark
    return "" if paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is None else "- "
