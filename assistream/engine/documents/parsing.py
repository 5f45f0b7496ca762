"""From the bytes of a document to its text, in this process: for small plain files, and in a worker for all others."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator

from .archives import office
from .encodings import decoded
from .kinds import PLAIN
from .records import records
from .rows import table
from .tokens import BYTES_PER_TOKEN
from .unreadable import Unreadable

MAX_TOKENS = 5_000_000
"""Of a file, as at the hosted API."""
MAX_PLAIN = 4 * MAX_TOKENS * BYTES_PER_TOKEN
"""Bytes that a text of so many tokens can have in any encoding."""

_PARSERS = {
    "pdf": ("pdf", "pages", "pypdf"),
    "docx": ("word", "document", "python-docx"),
    "pptx": ("slides", "presentation", "python-pptx"),
    "xlsx": ("sheets", "workbook", "openpyxl"),
    "html": ("markup", "page", "lxml"),
}
"""Module, function and the package that it needs, of kinds whose parsers take long to import."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\xad\ufeff\ud800-\udfff]")
_GAP = re.compile("\n{4,}")
_REASON = 200


def parse(kind: str, data: bytes) -> str:
    """The text of a document of that kind, which `kind_of` told; raises `Unreadable` and nothing else."""
    try:
        return _whole(_lines(office(data) if kind == "office" else kind, data))
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("invalid_file", "Reading the file needs too much memory.") from None
    except RecursionError:
        raise Unreadable("invalid_file", "The file is nested too deep.") from None
    except Exception as error:  # whatever a parser makes of a broken file
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_REASON]
        raise Unreadable("invalid_file", f"The file is damaged or not valid ({reason})") from error


def too_long() -> Unreadable:
    return Unreadable("invalid_file", f"The file has more than {MAX_TOKENS:,} tokens. Split it.")


def _lines(kind: str, data: bytes) -> Iterator[str]:
    if kind in PLAIN:
        if len(data) > MAX_PLAIN:
            raise too_long()
        text = decoded(data)
        return records(text) if kind == "json" else table(text) if kind == "csv" else iter([text])
    function = _parser(kind)
    return function(decoded(data)) if kind == "html" else function(data)


def _parser(kind: str) -> Callable[[bytes | str], Iterator[str]]:
    module, function, package = _PARSERS[kind]
    try:
        parser: Callable[[bytes | str], Iterator[str]] = getattr(
            importlib.import_module(f".{module}", __package__), function
        )
    except ImportError as error:
        raise Unreadable(
            "server_error",
            f"Reading .{kind} files needs the package {package}, which the server lacks ({error.name or error}):"
            ' pip install "assistream[engine]"',
        ) from None
    return parser


def _whole(lines: Iterable[str]) -> str:
    kept, size = list[str](), 0
    for line in lines:
        size += len(line.encode("utf-8", "replace")) + 1
        if size > MAX_TOKENS * BYTES_PER_TOKEN:
            raise too_long()
        kept.append(line)
    text = _tidy("\n".join(kept))
    if not text:
        raise Unreadable("invalid_file", "There is no text in the file.")
    return text


def _tidy(text: str) -> str:
    """One kind of line end, no blanks before it, no large gaps, and no characters that mean nothing in a text."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n"))
    text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return _GAP.sub("\n\n\n", text).strip("\n")
