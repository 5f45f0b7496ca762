"""Office documents are archives of XML; this looks into one before a parser does."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from .unreadable import Unreadable

_CONTENTS = "[Content_Types].xml"
_MAIN = {
    "wordprocessingml.document.main+xml": "docx",
    "presentationml.presentation.main+xml": "pptx",
    "spreadsheetml.sheet.main+xml": "xlsx",
}
_MIMETYPE = "mimetype"
_OTHERS = {
    b"application/vnd.oasis.opendocument": "The file is in an OpenDocument format."
    " Save it as .docx, .pptx, .xlsx or .pdf.",
    b"application/epub+zip": "The file is an EPUB book. Convert it to .pdf, .docx or .html.",
}
_ENTRIES = 20_000
_UNPACKED = 128 * 2**20
"""Bytes that an archive may grow by, beyond twice its own size; pictures and films in one do not grow."""
_HEAD = 1024
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
# What is ASCII is itself in all of these.
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"iso-8859-1"})


def office(data: bytes) -> str:
    """Which kind of Office document `data` is; raises `Unreadable` for a bomb and for any other archive."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            _refuse_others(archive)
            _check(archive, len(data))
            return _kind(archive)
    except BadZipFile:
        raise Unreadable(
            "invalid_file", "The file is damaged: it is an Office document or archive without its end."
        ) from None


def _refuse_others(archive: ZipFile) -> None:
    """Formats that say in their first part what they are. They may have what no Office document has."""
    if _MIMETYPE in archive.namelist():
        with archive.open(_MIMETYPE) as part:
            mimetype = part.read(_HEAD)
        for start, message in _OTHERS.items():
            if mimetype.startswith(start):
                raise Unreadable("unsupported_file", message)


def _check(archive: ZipFile, size: int) -> None:
    entries = archive.infolist()
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > 2 * size + _UNPACKED:
        raise Unreadable("invalid_file", "The file is too large when it is unpacked.")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            _check_part(archive.read(entry))


def _check_part(xml: bytes) -> None:
    # As ASCII what is ASCII in UTF-16, too, of either order; other encodings could hide what is looked for.
    plain = xml.replace(b"\0", b"")
    start = plain[:_HEAD].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    declared = _DECLARED.match(start)
    if (start and not start.startswith(b"<")) or (declared and declared[1].lower() not in _ENCODINGS):
        raise Unreadable("invalid_file", "The file is no valid Office document: a part is neither in UTF-8 nor UTF-16.")
    # No Office document has one, and parsers do things for it: entities that multiply, files that are fetched.
    if b"<!DOCTYPE" in plain:
        raise Unreadable("invalid_file", "The file is no valid Office document: it declares a document type.")


def _kind(archive: ZipFile) -> str:
    if _CONTENTS not in archive.namelist():
        raise Unreadable("unsupported_file", "The file is an archive. Upload what is in it, one file after the other.")
    contents = archive.read(_CONTENTS).decode("utf-8", "replace")
    for main, kind in _MAIN.items():
        if main in contents:
            return kind
    raise Unreadable(
        "unsupported_file", "The file is of an Office format that cannot be read. Save it as .docx, .pptx or .xlsx."
    )
