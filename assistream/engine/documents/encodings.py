"""Text from bytes whose encoding nobody has told.

UTF-8, 16 and 32 are known by their byte order mark, the last two also by where their zeros are, and UTF-8 by being
valid; a few wrong bytes do not make it another encoding. What is left is what the file says of itself, or else
Windows-1252, which has Latin-1 in it. Bytes that are no text in any of these are refused.
"""

from __future__ import annotations

import codecs
import re

from .unreadable import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = {
    "x000": "utf-32-le",
    "000x": "utf-32-be",
    "x0x0": "utf-16-le",
    "0x0x": "utf-16-be",
}
"""Which bytes of each four are zero most of the time, in text that is mostly Latin."""

# Families by name: some of Python's codecs are no encodings of files, or take very long.
_DECLARED = re.compile(
    rb"(?:charset|coding)\s*[=:]\s*[\"']?"
    rb"((?:iso-?8859|iso-?2022|windows-|cp\d|koi8|gb|big5|shift|sjis|euc|mac|latin|tis)[\w.-]{0,20})",
    re.IGNORECASE,
)
_HEAD = 4096
_SAMPLE = 65536
_CONTROL = re.compile(r"[\x00-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_ODD = 0.02
"""The share of characters that no text has, up to which something is a text nevertheless."""


def decoded(data: bytes) -> str:
    """The text that `data` is; raises `Unreadable` if it is none."""
    text = _decoded(data)
    middle = len(text) // 2
    for start in (0, middle, max(0, len(text) - _SAMPLE)):
        sample = text[start : start + _SAMPLE]
        if len(_CONTROL.findall(sample)) > len(sample) * _ODD:
            raise Unreadable("unsupported_file", "The file is neither text nor a document of a kind that can be read.")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if wide := _wide(data[:_HEAD]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _foreign(data)


def _wide(head: bytes) -> str | None:
    fours = len(head) // 4
    zeros = [head[place : fours * 4 : 4].count(0) for place in range(4)]
    return _ZEROS.get("".join("0" if count * 2 > fours else "x" for count in zeros))


def _foreign(data: bytes) -> str:
    """What is not UTF-8, or is with mistakes."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    if len(lenient) - len(lenient.encode("ascii", "ignore")) > 2 * wrong:
        return lenient
    declared = _DECLARED.search(data[:_HEAD])
    try:
        return data.decode(declared[1].decode() if declared else "cp1252", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")
