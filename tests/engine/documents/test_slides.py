from __future__ import annotations

import io

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation
from pptx.util import Inches

from assistream.engine.documents.parsing import parse

PLACE = (Inches(1), Inches(1), Inches(4), Inches(1))


def told(shown: Presentation) -> str:
    out = io.BytesIO()
    shown.save(out)
    return parse("pptx", out.getvalue())


def test_slides_with_all_that_is_on_them() -> None:
    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[5])
    title = slide.shapes.title
    assert title is not None
    title.text_frame.text = "The title"
    slide.shapes.add_textbox(*PLACE).text_frame.text = "First\nSecond"
    group = slide.shapes.add_group_shape()
    group.shapes.add_group_shape().shapes.add_textbox(*PLACE).text_frame.text = "In groups"
    table = slide.shapes.add_table(2, 2, *PLACE).table
    for place, text in enumerate(["Name", "City", "Ada", "Zürich"]):
        table.cell(place // 2, place % 2).text = text
    notes = slide.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "To be said"
    shown.slides.add_slide(shown.slide_layouts[6])
    assert told(shown) == (
        "# Slide 1: The title\n\nFirst\nSecond\nIn groups\nName | City\nAda | Zürich\n\nNotes: To be said\n\n# Slide 2"
    )


def test_diagrams() -> None:
    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[6])
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    xml = f'<d xmlns:a="{a}"><a:p><a:r><a:t>In a </a:t></a:r><a:r><a:t>diagram</a:t></a:r></a:p></d>'
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", slide.part.package, xml.encode())
    slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
    assert told(shown) == "# Slide 1\n\nIn a diagram"


def test_no_slides() -> None:
    import pytest

    from assistream.engine.documents import Unreadable

    with pytest.raises(Unreadable, match="no text"):
        told(pptx.Presentation())
