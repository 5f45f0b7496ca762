"""What the offline model does with the tools that the engine answers itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from assistream.engine.models.rehearsal.reading import PATTERNS, is_reckoned, written
from assistream.engine.models.rehearsal.vocabulary import COMMON, singular, stems

_FENCED: Final = re.compile(r"```[ \t]*(?:python|py)?[ \t]*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_MARK: Final = re.compile(r"^【\d{1,9}:\d{1,9}[^【】\n]{0,80}】$", re.MULTILINE)
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？])\s+|\n+|(?<=[。！？])")
_LINK: Final = re.compile(r"sandbox:/mnt/data/([^\s()\[\]<>]{0,200}\w)")
_READ: Final = 20_000  # characters of what was found: the loop waits while they are read
_LONGEST: Final = 400


def code_in(message: str) -> str | None:
    """A block of code, or a calculation, to be printed."""
    if block := _FENCED.search(message):
        return block[1].rstrip("\n")
    if not is_reckoned(message):
        return None
    found = re.search(PATTERNS["sum"], message, re.IGNORECASE)
    told = written(found[0]).strip().replace("^", "**") if found else ""
    return f"print({told})" if re.fullmatch(r"[\d\s.()*/+-]+", told) else None


def is_asked(message: str) -> bool:
    """Whether there is something to look for: "Hello" asks for nothing."""
    return not COMMON.issuperset(stems(message))


def found(message: str, told: str) -> str:
    """The sentence of what was found that has most of the message's words, and its mark."""
    asked = _words(message)
    best, best_mark = "", ""
    most = 0
    for mark, sentence in _sentences(told[:_READ]):
        count = len(asked & _words(sentence))
        if count > most or not best:
            best, best_mark, most = sentence, mark, count
    if not best:
        return "I found nothing about that in your files."
    bare = best[:_LONGEST].rstrip(" .!?。！？")
    return f"{bare}{best_mark}{best[len(bare)] if len(best) > len(bare) and len(best) <= _LONGEST else '.'}"


def ran(told: str) -> str:
    """What code has said, and links to what it has made."""
    links = "".join(f" [{name}](sandbox:/mnt/data/{name})" for name in dict.fromkeys(_LINK.findall(told)))
    said = told.strip()
    if links:
        return f"The code made{links}."
    return f"The code says: {said}" if said else "The code says nothing."


def _sentences(told: str) -> Iterator[tuple[str, str]]:
    """Each with the mark of its passage; what is in two passages is found in the first."""
    marks = list(_MARK.finditer(told))
    for mark, end in zip(marks, [*(following.start() for following in marks[1:]), len(told)], strict=False):
        passage = told[mark.end() : end]
        yield from ((mark[0], sentence.strip(" -*#\t")) for sentence in _SENTENCE.split(passage) if sentence.strip())


def _words(text: str) -> set[str]:
    words = {word for word in stems(text) if word not in COMMON}
    # Scripts without spaces: pairs of characters tell more than whole sentences do.
    return words | {pair for word in words if not word.isascii() for pair in _pairs(singular(word))}


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)]
