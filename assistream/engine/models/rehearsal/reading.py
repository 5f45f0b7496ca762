"""What in a stretch of the user's words can be a value: quotes, names, numbers, times, and what follows a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistream.engine.models.rehearsal.vocabulary import COMMON, COUNTED, VERBS, stems

_UPPER = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŘŚŠŹŻŽ"
_NAME = rf"[{_UPPER}][\w'’-]*(?:[ ](?:(?:de|del|da|la|of)[ ])?[{_UPPER}][\w'’-]*)*"
_QUOTED = r"(?<!\w)[\"'“‘]([^\"“”]+?)[\"'”’](?!\w)"
_URL = r"https?://[^\s\"'<>]*[\w/]"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]*\w"
_DATE = r"\d{4}-\d{2}-\d{2}|\b(?:today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
_TIME = r"\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{1,2}\s?[ap]m\b|\b(?:noon|midnight)\b"
_MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?"
_NUMBER = r"(?<![\w:./-])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\d:]|[./-]\d)"
_SUM = r"[(\d][\d\s.()]{0,40}(?:[-+*/^][\d\s.()]{1,40})+"
_PREPOSITIONS = r"in|for|to|at|of|from|near|about|with"
_COUNT = "|".join(COUNTED)

PATTERNS = {"url": _URL, "email": _EMAIL, "date": _DATE, "time": _TIME, "moment": _MOMENT, "sum": _SUM}


def masked(text: str) -> str:
    """The same text, as long as before, with what stands in quotes blacked out: it is a value and not a request."""
    return re.sub(_QUOTED, lambda m: m[0][0] + "_" * (len(m[0]) - 2) + m[0][-1], text)


class Reading:
    """One stretch of words. ``ignore`` holds words that name the function itself and so are no values."""

    def __init__(self, text: str, ignore: Iterable[str] = ()) -> None:
        self.text: str = text.strip()
        self.stems: frozenset[str] = frozenset(stems(text))
        self._ignored = COMMON | VERBS | frozenset(ignore)

    def find(self, kind: str) -> list[str]:
        """Everything of one kind: a key of ``PATTERNS``."""
        return [m[0].strip() for m in re.finditer(PATTERNS[kind], self.text, re.IGNORECASE)]

    def quoted(self) -> list[str]:
        return re.findall(_QUOTED, self.text)

    def numbers(self) -> list[float]:
        found = re.finditer(rf"{_NUMBER}|\b(?:{_COUNT})\b", masked(self.text), re.IGNORECASE)
        return [_number(m[0]) for m in found]

    def number_beside(self, words: Iterable[str]) -> float | None:
        """The number next to one of these words: "3 nights", "nights: 3"."""
        counted = rf"(?:{_NUMBER}|\b(?:{_COUNT})\b)"
        for word in words:
            label = rf"\b{re.escape(word)}(?:s|es)?\b"
            beside = rf"({counted})\s+{label}|{label}\s*(?:[:=]|of|is)?\s*({counted})"
            if found := re.search(beside, masked(self.text), re.IGNORECASE):
                return _number(found[1] or found[2])
        return None

    def names(self) -> list[str]:
        """Capitalised names, the likely ones first: those after a preposition, then others, a first word last."""
        ranked: list[tuple[int, int, str]] = []
        for m in re.finditer(_NAME, self.text):
            if name := self._bare(m[0]):
                after = re.search(
                    rf"\b(?:{_PREPOSITIONS})\s+(?:the\s+)?$",
                    self.text[max(0, m.start() - 16) : m.start()],
                    re.IGNORECASE,
                )
                is_first = m.start() == 0 and m[0].startswith(name)
                ranked.append((0 if after else 2 if is_first else 1, m.start(), name))
        return list(dict.fromkeys(name for _, _, name in sorted(ranked)))

    def listed(self) -> list[str]:
        """Names given as a list with "and": "Oslo, Bergen and Rome" is three; no list is an empty one."""
        found = re.search(rf"{_NAME}(?:, {_NAME})*,? (?:and|or|&) (?:in |for |at )?{_NAME}", self.text)
        names = re.split(r",? (?:and|or|&) (?:in |for |at )?|, ", found[0]) if found else []
        bare = [self._bare(name) for name in names]
        return list(dict.fromkeys(bare)) if all(bare) else []

    def following(self, word: str) -> Iterator[str]:
        """Values after a word: "from Oslo", "after 14:00", "the title: 'Dune'". Words in small letters come last."""
        label = rf"\b{re.escape(word)}\b"
        clear = f"{_QUOTED}|({_URL}|{_EMAIL}|{_DATE}|{_TIME}|{_NUMBER})|((?-i:{_NAME}))"
        for m in re.finditer(rf"{label}\s*(?:[:=]|is\b|the\b|named\b)?\s*(?:{clear})", self.text, re.IGNORECASE):
            if value := m[1] or m[2] or self._bare(m[3]):
                yield value
        if word in COMMON:
            small = re.findall(rf"{label}\s+(?:the\s+)?(\w[\w-]*)", self.text, re.IGNORECASE)
        else:
            small = re.findall(rf"{label}\s*[:=]\s*(\w[\w-]*)", self.text, re.IGNORECASE)
        yield from (value for value in reversed(small) if set(stems(value)) - self._ignored)

    def topic(self) -> str:
        """What the words are about: what follows "about", "for", "on" or a colon; else all of them."""
        found = re.search(r"(?:\babout|\bfor|\bon|:)\s+(.+)$", self.text, re.IGNORECASE | re.DOTALL)
        return (found[1] if found else self.text).strip(" .?!\n")

    def _bare(self, name: str) -> str:
        """The name without words around it that are none ("Which Oslo Trains"), and without a genitive."""
        words = re.sub(r"['’]s?$", "", name).split(" ")
        while words and set(stems(words[0])) <= self._ignored:
            words.pop(0)
        while words and set(stems(words[-1])) <= self._ignored:
            words.pop()
        return " ".join(words)


def _number(text: str) -> float:
    counted = COUNTED.get(text.lower())
    return float(text.replace(",", "")) if counted is None else float(counted)
