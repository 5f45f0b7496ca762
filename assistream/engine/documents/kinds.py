"""Which kind of document a file is: what its bytes say comes first, then the extension of its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from .unreadable import Unreadable

_EXTENSIONS = {
    "text": ".txt .text .log .rst .tex .srt .vtt .org .adoc",
    "markdown": ".md .markdown",
    "html": ".html .htm .xhtml",
    "json": ".json .jsonl .ndjson .geojson",
    "csv": ".csv .tsv",
    "pdf": ".pdf",
    "docx": ".docx",
    "pptx": ".pptx",
    "xlsx": ".xlsx",
    "code": ".c .cc .cpp .cs .css .go .h .hpp .ini .java .js .jsx .kt .lua .php .pl .proto .ps1 .py .r .rb .rs .scala"
    " .scss .sh .sql .svg .swift .toml .ts .tsx .vue .xml .yaml .yml",
}

SUPPORTED: Mapping[str, str] = MappingProxyType(
    {extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()}
)
"""The kind of document that each known extension stands for. What has another extension and is text is read as text."""

OFFICE = frozenset({"docx", "pptx", "xlsx"})
PLAIN = frozenset({"text", "markdown", "code", "json", "csv"})
"""Kinds whose bytes are text, to be read with nothing but Python's own library."""

_REFUSED = {
    b"\xd0\xcf\x11\xe0": "The file is of an old Office format, or it has a password."
    " Save it as .docx, .pptx, .xlsx or .pdf, without a password.",
    b"{\\rtf": "The file is in Rich Text Format. Save it as .docx, .pdf or .txt.",
}
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_HEAD = 1024


def kind_of(name: str, data: bytes) -> str:
    """A key of `_EXTENSIONS`, or "office" for a file of which only what is packed in it tells the kind."""
    if not data or data.isspace():
        raise Unreadable("invalid_file", "The file is empty.")
    head, kind = data[:_HEAD], SUPPORTED.get(extension(name))
    for magic, message in _REFUSED.items():
        if head.startswith(magic):
            raise Unreadable("unsupported_file", message)
    # A PDF may have something in front of it, and a text may be about PDF.
    if head.lstrip().startswith(b"%PDF-") or (kind == "pdf" and b"%PDF-" in head):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "office"
    if kind == "pdf" or kind in OFFICE:
        raise Unreadable("invalid_file", f"The file is called {extension(name)}, but it is damaged or is no such file.")
    return "html" if kind in (None, "text") and _HTML.match(head) else kind or "text"


def extension(name: str) -> str:
    """In small letters and with its dot, or empty."""
    before, dot, after = name.rpartition(".")
    return dot + after.lower() if before or dot else ""
