"""Files that are broken, or made to hurt whoever reads them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter

from .pdfs import assembled, page, pdf, stream
from .samples import document

MEGA = 2**20
_WORDS = ["Some words to read."]
_CONTENTS = "[Content_Types].xml"
_XML = b'<?xml version="1.0" encoding="UTF-8"?>'
_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12))
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def office(kind: str) -> bytes:
    return document(kind, "A title", _WORDS)[1]


def replaced(archive: bytes, **parts: bytes) -> bytes:
    """The archive with other contents for its parts whose names end like this, dots being underscores."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].replace(".", "_"), old.read(name)))
    return out.getvalue()


def with_entries(archive: bytes, entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as new:
        for name, data in entries.items():
            new.writestr(name, data)
    return out.getvalue()


def laughing(text: bytes = b"&l12;") -> bytes:
    """A Word document of a billion laughs."""
    doctype = b'<!DOCTYPE d [<!ENTITY l0 "ha">%s]>' % _LAUGHS
    return _word(doctype, b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % text)


def curious(path: str) -> bytes:
    """A Word document that says what the file at `path` says, if it is let."""
    doctype = b'<!DOCTYPE d [<!ENTITY file SYSTEM "file://%s">]>' % path.encode()
    return _word(doctype, b"<w:p><w:r><w:t>&file;</w:t></w:r></w:p>")


def curious_in(encoding: str, declared: str) -> bytes:
    """The same, where what it says is in another encoding."""
    doctype = '<!DOCTYPE d [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    xml = f'<?xml version="1.0" encoding="{declared}"?>{doctype}<w:document {_W.decode()}>&file;</w:document>'
    return replaced(office("docx"), document_xml=xml.encode(encoding))


def in_utf16() -> bytes:
    """A Word document with a part as Office documents may have it."""
    part = '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")
    return with_entries(office("docx"), {"customXml/other.xml": part})


def deep_word(levels: int = 200_000) -> bytes:
    return _word(b"", b"<w:sdt>" * levels + b"</w:sdt>" * levels)


def _word(doctype: bytes, body: bytes) -> bytes:
    xml = b"%s%s<w:document %s><w:body>%s</w:body></w:document>" % (_XML, doctype, _W, body)
    return replaced(office("docx"), document_xml=xml)


def locked_pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter(PdfReader(io.BytesIO(pdf([_WORDS]))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def looped_pdf() -> bytes:
    """Its pages are in its pages."""
    tree = b"<< /Type /Pages /Kids [2 0 R 4 0 R 2 0 R] /Count 1000000 /Parent 2 0 R >>"
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< >>", page(5), stream(b"")])


def chained_pdf() -> bytes:
    """Its table of contents goes on with itself."""
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>"], trailer=b"/Prev 60")


def swollen_pdf(megas: int = 2000) -> bytes:
    """A page that is short only as long as it is packed; packed twice it is shorter still."""
    packed = stream(b" " * (megas * MEGA // 10) + b"BT (x) Tj ET")
    kids = b"[" + b"4 0 R " * 10 + b"]"
    tree = b"<< /Type /Pages /Kids %s /Count 10 >>" % kids
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< >>", page(5), packed])


def nested_pdf(levels: int = 200_000) -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * levels + b"]" * levels + b" >>", b"<< >>"])


def swollen_word(megas: int = 300) -> bytes:
    return replaced(office("docx"), document_xml=b" " * (megas * MEGA))


def swollen_tree(megas: int = 60) -> bytes:
    """Not too much when unpacked, but very much when made a tree."""
    return _word(b"", b"<w:p/>" * (megas * MEGA // 6))


def crowded() -> bytes:
    return with_entries(office("pptx"), {f"ppt/media/{number}.png": b"" for number in range(30_000)})


def lying() -> bytes:
    """The archive says of a large part that it is small."""
    data = bytearray(replaced(office("docx"), document_xml=b" " * (50 * MEGA)))
    size = (50 * MEGA).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def far_cell() -> bytes:
    """Two cells, the first and the last that a sheet can have."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return replaced(office("xlsx"), sheet1_xml=xml.encode())


def endless_rows(rows: int = 300_000) -> bytes:
    """Each row has one cell, far to the right."""
    cells = "".join(f'<row r="{row}"><c r="XFD{row}"><v>2</v></c></row>' for row in range(1, rows))
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return replaced(office("xlsx"), sheet1_xml=xml.encode())


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("a.txt", lambda: b""),
    "blanks": ("a.md", lambda: b" \r\n\t" * 1000),
    "a mark": ("a.txt", lambda: b"\xef\xbb\xbf"),
    "a picture": ("a.png", lambda: PNG),
    "a picture as text": ("a.txt", lambda: PNG),
    "text as PDF": ("a.pdf", lambda: b"Just words."),
    "a picture as Word": ("a.docx", lambda: PNG),
    "old Word": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)),
    "rich text": ("a.rtf", lambda: rb"{\rtf1\ansi Hello}"),
    "an archive": ("a.zip", lambda: with_entries(b"PK\x05\x06" + bytes(18), {"../../a.txt": b"words"})),
    "much text": ("a.txt", lambda: b"200 MB of text. " * (200_000_000 // 16)),
    "text of too many tokens": ("a.txt", lambda: b"More than five million. " * MEGA),
    "half a PDF": ("a.pdf", lambda: half(document("pdf", "A title", _WORDS * 900)[1])),
    "a PDF's head": ("a.pdf", lambda: b"%PDF-1.7\n"),
    "a locked PDF": ("a.pdf", locked_pdf),
    "a PDF of pictures": ("a.pdf", lambda: pdf([[], []])),
    "a PDF in itself": ("a.pdf", looped_pdf),
    "a PDF that goes on with itself": ("a.pdf", chained_pdf),
    "a PDF that swells": ("a.pdf", swollen_pdf),
    "a PDF nested deep": ("a.pdf", nested_pdf),
    "half a Word document": ("a.docx", lambda: half(office("docx"))),
    "half a presentation": ("a.pptx", lambda: half(office("pptx"))),
    "half a workbook": ("a.xlsx", lambda: half(office("xlsx"))),
    "Word without XML": ("a.docx", lambda: replaced(office("docx"), document_xml=b"no xml")),
    "Word that swells": ("a.docx", swollen_word),
    "Word as a large tree": ("a.docx", swollen_tree),
    "Word that lies": ("a.docx", lying),
    "Word nested deep": ("a.docx", deep_word),
    "Word with laughs": ("a.docx", laughing),
    "Word with a file of the host": ("a.docx", lambda: curious("/etc/passwd")),
    "a crowded presentation": ("a.pptx", crowded),
    "far cells": ("a.xlsx", far_cell),
    "endless rows": ("a.xlsx", endless_rows),
}
"""What each is, its name and what makes it."""
