"""A text cut into chunks that overlap, at the ends of paragraphs, lines, sentences or words where there are any.

Everything is counted in bytes of UTF-8, because tokens are (`tokens.py`). No window that is looked through is longer
than a chunk, so the work grows with the text and not faster, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tokens import BYTES_PER_TOKEN

_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\n[ \t]*\n+",  # a paragraph
        rb"\n",  # a line
        rb"[.!?][\"')\]]*[ \t]|\xe3\x80\x82|\xef\xbc[\x81\x9f]",  # a sentence; of Chinese and Japanese, too
        rb"[ \t]|\xe3\x80\x80",  # a word
    )
)
"""What a text is best cut after, the best first."""


def chunked(text: str, max_tokens: int = 800, overlap: int = 400) -> list[str]:
    """The chunks of `text` in order, none of them longer than `max_tokens`, and none for an empty text.

    A chunk begins with the last tokens of the one before it: with `overlap` of them, or up to a quarter less where
    that makes it begin with a paragraph, a sentence or a word. Without them the chunks are the whole text.
    """
    data = text.encode("utf-8", "surrogatepass")
    return [data[start:end].decode("utf-8", "surrogatepass") for start, end in spans(data, max_tokens, overlap)]


def spans(data: bytes, max_tokens: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Where the chunks of `data`, a text in UTF-8, begin and end."""
    if max_tokens < 1 or not 0 <= overlap <= max_tokens // 2:
        raise ValueError("Chunks have a token at least, and at most half of their tokens are shared")
    longest, shared = max_tokens * BYTES_PER_TOKEN, overlap * BYTES_PER_TOKEN
    start = 0
    while len(data) - start > longest:
        # Half of what is new in a chunk must be there, so that each goes on by as much.
        end = _last_place(data, start + (longest + shared) // 2, start + longest)
        yield start, end
        start = _first_place(data, end - shared, end - shared + shared // 4) if shared else end
    if start < len(data):
        yield start, len(data)


def _last_place(data: bytes, low: int, high: int) -> int:
    """The best place to cut after `low` and not after `high`."""
    for place in _PLACES:
        ends = [found.end() for found in place.finditer(data, low, high)]
        if ends:
            return ends[-1]
    return _character(data, high, -1)


def _first_place(data: bytes, low: int, high: int) -> int:
    """The best place to begin from `low` on and before `high`."""
    for place in _PLACES:
        if found := place.search(data, low, high):
            return found.end()
    return _character(data, low, +1)


def _character(data: bytes, place: int, step: int) -> int:
    """`place`, or the next one in the direction of `step` where a character begins."""
    while place < len(data) and data[place] & 0xC0 == 0x80:
        place += step
    return place
