"""The text of a presentation: each slide with its number, title, text, tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import pptx
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

_DIAGRAM = "/diagramData"


def presentation(data: bytes) -> Iterator[str]:
    """The lines of all slides, in their order."""
    for number, slide in enumerate(pptx.Presentation(BytesIO(data)).slides, 1):
        title = slide.shapes.title
        yield f"# Slide {number}: {_line(title.text_frame.text)}" if title is not None else f"# Slide {number}"
        yield ""
        yield from _shapes(shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id)
        yield from _diagrams(slide)
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame):
            yield f"Notes: {notes.text}" if notes.text.strip() else ""
        yield ""


def _shapes(shapes: Iterable[BaseShape]) -> Iterator[str]:
    held = list(shapes)[::-1]
    while held:
        shape = held.pop()
        if isinstance(shape, GroupShape):
            held += reversed(list(shape.shapes))
        elif isinstance(shape, Shape):
            yield shape.text_frame.text
        elif isinstance(shape, GraphicFrame) and shape.has_table:
            for row in shape.table.rows:
                yield " | ".join(_line(cell.text) for cell in row.cells)
            yield ""


def _diagrams(slide: Slide) -> Iterator[str]:
    """What the shapes of drawn diagrams say; they are no shapes of the slide."""
    for relation in slide.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_DIAGRAM):
            for paragraph in parse_xml(relation.target_part.blob).iter(qn("a:p")):
                yield "".join(text.text or "" for text in paragraph.iter(qn("a:t")))


def _line(text: str) -> str:
    return " ".join(text.split())
