"""What in a stretch of the user's words can be a value: quotes, names, numbers, times, and what follows a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from assistream.engine.models.rehearsal.vocabulary import COMMON, COUNTED, PLACE_BEGINNINGS, VERBS, stems

_UPPER = "A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŘŚŠŹŻŽ"
# Nothing is repeated without a bound here: a search must not take long, whatever the text is.
_NAME = rf"[{_UPPER}][\w'’-]{{0,40}}(?:[ ](?:(?:de|del|da|la|of)[ ])?[{_UPPER}][\w'’-]{{0,40}}){{0,5}}"
_SMALL = (
    rf"(?:(?:{'|'.join(PLACE_BEGINNINGS)}) (?:(?:de|del|da|la) )?)?\w[\w-]{{0,40}}(?![\w@-]|[.+]\w[\w.+-]{{0,40}}@)"
)
_QUOTED = r"(?<!\w)[\"'“‘]([^\"“”]+?)[\"'”’](?!\w)"
_URL = r"https?://[^\s\"'<>]*[\w/]"
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{0,100}\w"
_DATE = r"\d{4}-\d{2}-\d{2}|\b(?:today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
_TIME = r"\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{1,2}\s?[ap]m\b|\b(?:noon|midnight)\b"
_MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?"
_NUMBER = r"(?<![\w:./-])-?\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,15})?(?![\d:]|[./-]\d)"
_OPERATORS = {"times": "*", "plus": "+", "minus": "-", "multiplied by": "*", "divided by": "/"}
_OPERAND = r"[(\s]{0,5}(?:\d{1,15}(?:\.\d{1,15})?[a-z]?|[a-z])\b[)\s]{0,5}"
_FIRST = r"(?:[(\s]{0,5}\b\d{1,15}(?:\.\d{1,15})?[a-z]?\b|\b[xyz]\b(?=\s?[-+*/^=]))[)\s]{0,5}"
_SUM = rf"{_FIRST}(?:(?:[-+*/^=]|{'|'.join(_OPERATORS)}){_OPERAND}){{1,20}}"
_PREPOSITIONS = r"in|for|to|at|of|from|near|about|with"
_COUNT = "|".join(COUNTED)

_RECKONED = rf"\d[)\s]{{0,5}}(?:[*^+=]|\s[-/]\s|{'|'.join(_OPERATORS)})[(\s]{{0,5}}[\dxyz]"
_LEADS = r"\babout|\bfor|\bon|\bsaying(?: that)?|\b(?:remind|tell|ask)\s\w{1,40}\s(?:to|that)|:"

PATTERNS = {"url": _URL, "email": _EMAIL, "date": _DATE, "time": _TIME, "moment": _MOMENT, "sum": _SUM}


def masked(text: str) -> str:
    """The same text, as long as before, with what stands in quotes blacked out: it is a value and not a request."""
    return re.sub(_QUOTED, lambda m: m[0][0] + "_" * (len(m[0]) - 2) + m[0][-1], text)


def written(spoken_sum: str) -> str:
    """With signs for words: "6 * 7"."""
    return re.sub("|".join(_OPERATORS), lambda m: _OPERATORS[m[0].lower()], spoken_sum, flags=re.IGNORECASE)


def is_reckoned(text: str) -> bool:
    """Whether there is something to calculate: "6 times 7", "3x + 11 = 14", and neither a date nor "9-17"."""
    return re.search(_RECKONED, masked(text), re.IGNORECASE) is not None


class Reading:
    """One stretch of words. ``ignore`` holds words that name the function itself and so are no values."""

    def __init__(self, text: str, ignore: Iterable[str] = ()) -> None:
        self.text: str = text.strip()
        self.stems: frozenset[str] = frozenset(stems(text))
        self._lower = text.lower()
        self._after: dict[str, list[str]] = {}
        self._ignored = COMMON | VERBS | frozenset(ignore)

    def has(self, word: str) -> bool:
        """Whether it can be in the text; asked before searching, as patterns made for a word are dear."""
        return word.lower() in self._lower

    def says(self, phrase: str) -> bool:
        """Whether the phrase is there in whole words; one letter only as it is written: "a" is a word, "A" a grade."""
        text, wanted = self._even, _even(phrase)
        if len(wanted) > 1:
            text, wanted = text.lower(), wanted.lower()
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            if not (text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum()):
                return True
            at = text.find(wanted, at + 1)
        return False

    def find(self, kind: str) -> list[str]:
        """Everything of one kind: a key of ``PATTERNS``."""
        return [m[0].strip() for m in re.finditer(PATTERNS[kind], self.text, re.IGNORECASE)]

    @cached_property
    def quoted(self) -> list[str]:
        return re.findall(_QUOTED, self.text)

    @cached_property
    def _even(self) -> str:
        return _even(self.text)

    @cached_property
    def _masked(self) -> str:
        return masked(self.text)

    @cached_property
    def numbers(self) -> list[float]:
        found = re.finditer(rf"{_NUMBER}|\b(?:{_COUNT})\b", self._masked, re.IGNORECASE)
        return [_number(m[0]) for m in found]

    def number_beside(self, words: Iterable[str]) -> float | None:
        """The number next to one of these words: "3 nights", "nights: 3"."""
        counted = rf"(?:{_NUMBER}|\b(?:{_COUNT})\b)"
        for word in filter(self.has, words):
            label = rf"\b{re.escape(word)}(?:s|es)?\b"
            beside = rf"({counted})\s+{label}|{label}\s*(?:[:=]|of|is)?\s*({counted})"
            if found := re.search(beside, self._masked, re.IGNORECASE):
                return _number(found[1] or found[2])
        return None

    @cached_property
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
        found = re.search(rf"{_NAME}(?:, {_NAME}){{0,20}},? (?:and|or|&) (?:in |for |at )?{_NAME}", self.text)
        names = re.split(r",? (?:and|or|&) (?:in |for |at )?|, ", found[0]) if found else []
        bare = [self._bare(name) for name in names]
        return list(dict.fromkeys(bare)) if all(bare) else []

    def following(self, word: str) -> Iterator[str]:
        """Values after a word: "from Oslo", "after 14:00", "the title: 'Dune'". Words in small letters come last."""
        if word not in self._after:
            self._after[word] = list(self._search_after(word)) if self.has(word) else []
        return iter(self._after[word])

    def _search_after(self, word: str) -> Iterator[str]:
        label = rf"\b{re.escape(word)}\b"
        clear = f"{_QUOTED}|({_URL}|{_EMAIL}|{_DATE}|{_TIME}|{_NUMBER})|((?-i:{_NAME}))"
        for m in re.finditer(rf"{label}\s*(?:[:=]|is\b|the\b|named\b)?\s*(?:{clear})", self.text, re.IGNORECASE):
            if value := m[1] or m[2] or self._bare(m[3]):
                yield value
        if word in COMMON:
            small = re.findall(rf"{label}\s+(?:the\s+)?({_SMALL})", self.text, re.IGNORECASE)
        else:
            small = re.findall(rf"{label}\s*[:=]\s*({_SMALL})", self.text, re.IGNORECASE)
        yield from (value for value in reversed(small) if set(stems(value)) - self._ignored)

    def topic(self) -> str:
        """What the words are about: what follows "about", "saying", "remind me to", a colon; else all of them."""
        found = re.search(rf"(?:{_LEADS})\s+(.+)$", self.text, re.IGNORECASE | re.DOTALL)
        return (found[1] if found else self.text).strip(" .?!\n")

    def _bare(self, name: str) -> str:
        """The name without words around it that are none ("Which Oslo Trains"), and without a genitive."""
        words = re.sub(r"['’]s?$", "", name).split(" ")
        while words and set(stems(words[0])) <= self._ignored:
            words.pop(0)
        while words and set(stems(words[-1])) <= self._ignored:
            words.pop()
        return " ".join(words)


def _even(text: str) -> str:
    """``very_fast`` and "very-fast" as "very fast"."""
    return re.sub(r"[\s_-]+", " ", text)


def _number(text: str) -> float:
    counted = COUNTED.get(text.lower())
    return float(text.replace(",", "")) if counted is None else float(counted)
