"""PDF files, written by hand: good ones, and ones that no program for writing PDF would make."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of these pages, each some lines of Latin-1."""
    bodies = [_CATALOG, _tree([4 + 2 * number for number in range(len(pages))]), _FONT]
    for number, lines in enumerate(pages):
        bodies += [page(5 + 2 * number), stream(_shown(lines))]
    return assembled(bodies)


def assembled(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of the objects 1, 2 and so on, of which the first is the catalogue; `trailer` goes into its trailer."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), list[int]()
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(bodies) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def page(content: int, parent: int = 2) -> bytes:
    where = b"/Parent %d 0 R /MediaBox [0 0 612 792]" % parent
    return b"<< /Type /Page %s /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (where, content)


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _tree(kids: Sequence[int]) -> bytes:
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))


def _shown(lines: Sequence[str]) -> bytes:
    told = b"".join(b"(%s) Tj T*\n" % _escaped(line.encode("cp1252", "replace")) for line in lines)
    return b"BT /F1 11 Tf 50 760 Td 14 TL\n%sET" % told


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
