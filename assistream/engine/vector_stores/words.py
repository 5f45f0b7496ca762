"""The words of a text, in the form in which they are compared: for documents and for questions the same. No I/O.

Letters are made small and lose their accents, English words their endings (`stemming`). Scripts that put no spaces
between words, Chinese, Japanese and Thai among them, are taken in pairs of characters. Names in programs are taken
whole and in their parts: ``getUserName`` is also "get", "user" and "name".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .stemming import stem

LONGEST = 64
"""Characters of a word; what is longer is cut."""
LONGEST_QUESTION = 4096
"""Characters of a question: what is longer is no question, and looking at it takes time."""

# Written without spaces: Thai, Lao, Myanmar, Khmer; kana; ideographs.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# A word goes on over marks: the vowels of Devanagari and its kin are marks, and `\w` leaves them out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b4d\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c4d"
    "\u0c81-\u0c83\u0cbc-\u0ccd\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf"
)
_WORD = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?:[^\W{_UNSPACED}][{_MARKS}]*)+(?:['’](?=[^\W\d_]))?")
# A word inside of which something begins: ``userName``, ``HTTPServer``, ``x86``, ``max_size``.
_NAME = re.compile(r"[^\W\d_A-Z][A-Z]|[A-Z]{2}[a-z]|\d[^\W\d]|[^\W\d]\d|_")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")


def words(text: str) -> list[str]:
    return list(_each(text))


def first_words(text: str, most: int) -> list[str]:
    """So many different ones; what comes after them is not looked at."""
    found: dict[str, None] = {}
    for word in _each(text):
        found[word] = None
        if len(found) == most:
            break
    return list(found)


def _each(text: str) -> Iterator[str]:
    return (word for found in _WORD.finditer(unicodedata.normalize("NFKC", text)) for word in _forms(found))


def _forms(found: re.Match[str]) -> Iterator[str]:
    text = found[0].rstrip("'’")
    if found["unspaced"]:
        yield from (text[at : at + 2] for at in range(max(len(text) - 1, 1)))
    else:
        yield from _of_word(text[:LONGEST])


@lru_cache(maxsize=50_000)
def _of_word(text: str) -> tuple[str, ...]:
    """A word, and its parts if it is a name of several; nothing for the s of ``it's``, which is no word."""
    parts = _PARTS.findall(text) if _NAME.search(text) else []
    return tuple(dict.fromkeys(folded for part in (text, *parts) if (folded := _folded(part))))


def _folded(word: str) -> str:
    word = word.strip("_").casefold().replace("ı", "i")  # its capital is that of i
    plain = word if word.isascii() else "".join(_without_accent(character) for character in word)
    return stem(plain)


def _without_accent(character: str) -> str:
    """Of Latin, Greek and Cyrillic letters; elsewhere what looks like an accent is often a letter."""
    if character > "\u052f" and not "\u1e00" <= character <= "\u1fff":
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return "" if unicodedata.combining(base) else base
