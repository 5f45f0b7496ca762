from __future__ import annotations

import io

import docx
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from assistream.engine.documents.parsing import parse
from assistream.engine.documents.word import document

from . import hostile


def told(opened: object) -> str:
    out = io.BytesIO()
    opened.save(out)  # type: ignore[attr-defined]  # the class has another name than its module tells
    return parse("docx", out.getvalue())


def test_everything_in_its_order() -> None:
    opened = docx.Document()
    opened.add_heading("The title", 0)
    opened.add_heading("A heading", 2)
    opened.add_paragraph("Before the table,\twith a tab\nand a break.")
    table = opened.add_table(2, 2)
    for place, text in enumerate(["Name", "City", "Ada", "Zürich\nOerlikon"]):
        table.cell(place // 2, place % 2).text = text
    opened.add_paragraph("After the table.", style="List Bullet")
    opened.sections[0].header.paragraphs[0].text = "The header"
    opened.sections[0].footer.paragraphs[0].text = "The footer"
    assert told(opened).split("\n\n") == [
        "The header",
        "# The title",
        "## A heading",
        "Before the table,\twith a tab\nand a break.",
        "Name | City\nAda | Zürich Oerlikon",
        "After the table.",
        "The footer",
    ]


def test_a_header_that_all_sections_share_is_told_once() -> None:
    opened = docx.Document()
    opened.sections[0].header.paragraphs[0].text = "The header"
    opened.add_paragraph("Words.")
    opened.add_section()
    assert told(opened) == "The header\n\nWords."


def word(body: str) -> str:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    xml = f'<w:document xmlns:w="{w}" xmlns:mc="{mc}"><w:body>{body}</w:body></w:document>'
    return "\n".join(document(hostile.replaced(hostile.office("docx"), document_xml=xml.encode()))).strip()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_content_controls() -> None:
    inner = f"<w:sdt><w:sdtContent>{paragraph('inner')}</w:sdtContent></w:sdt>"
    assert word(f"<w:sdt><w:sdtContent>{paragraph('outer')}{inner}</w:sdtContent></w:sdt>") == "outer\n\ninner"


def test_tracked_changes() -> None:
    inserted = "<w:ins><w:r><w:t>new </w:t></w:r></w:ins>"
    deleted = "<w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
    assert word(f"<w:p>{deleted}{inserted}<w:r><w:t>words</w:t></w:r></w:p>") == "new words"


def test_a_text_box_is_told_once() -> None:
    box = f"<w:txbxContent>{paragraph('in a box')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert word(f"<w:p><w:r><w:t>before</w:t></w:r><w:r>{both}</w:r></w:p>") == "before\nin a box"


def test_a_table_in_a_table() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('b')}</w:tc><w:tc>{paragraph('c')}</w:tc></w:tr></w:tbl>"
    assert word(f"<w:tbl><w:tr><w:tc>{paragraph('a')}{inner}</w:tc><w:tc>{paragraph('d')}</w:tc></w:tr></w:tbl>") == (
        "a b c | d"
    )


def test_notes() -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    opened = docx.Document()
    opened.add_paragraph("Words.")
    notes = parse_xml(f"<w:footnotes {nsdecls('w')}><w:footnote>{paragraph('A note.')}</w:footnote></w:footnotes>")
    from lxml import etree

    part = Part(PackURI("/word/footnotes.xml"), "application/xml", etree.tostring(notes), opened.part.package)
    opened.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes")
    assert told(opened) == "Words.\n\nA note."
