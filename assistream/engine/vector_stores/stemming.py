"""English words without their endings, so that "cancelling" finds "cancelled". No I/O.

After Porter's algorithm of 1980, the steps that matter for searching: plurals, -ed, -ing, and what makes nouns,
adverbs and adjectives of other words. Words that are not made of the letters a to z stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile("[a-z]+")
# Vowels and consonants in turn: a y after a consonant is a vowel.
_VOWEL = "(?:[aeiou]|(?<=[^aeiou])y)"
_VOWELS = re.compile(_VOWEL)
_TURNS = re.compile(rf"{_VOWEL}+(?!{_VOWEL})[a-z]")
_SHORT = re.compile(rf"(?:^|.*[^aeiou]){_VOWEL}[^aeiouwxy]$")

# In this order: what an ending becomes if enough of the word is before it.
_SECOND = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("ization", "ize"),
    ("isation", "ize"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("iveness", "ive"),
    ("biliti", "ble"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("ation", "ate"),
    ("alism", "al"),
    ("entli", "ent"),
    ("ousli", "ous"),
    ("ator", "ate"),
    ("alli", "al"),
    ("abli", "able"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("ise", "ize"),
    ("eli", "e"),
    ("li", ""),
)
_THIRD = (("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", ""))
_FOURTH = (
    "ement", "ment", "ance", "ence", "able", "ible", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


def stem(word: str) -> str:
    if len(word) < 3 or not _PLAIN.fullmatch(word):
        return word
    word = _without_past(_without_plural(word))
    if len(word) > 2 and word[-1] == "y" and _VOWELS.search(word[:-1]):
        word = word[:-1] + "i"
    word = _changed(word, _SECOND, above=0)
    word = _changed(word, _THIRD, above=0)
    word = _changed(word, [(ending, "") for ending in _FOURTH], above=1)
    if word.endswith(("sion", "tion")) and _turns(word[:-3]) > 1:
        word = word[:-3]
    return _tidied(word)


def _without_plural(word: str) -> str:
    if word.endswith("sses") or (word.endswith("ies") and len(word) > 4):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _turns(word[:-3]) else word
    for ending in ("ed", "ing"):
        start = word.removesuffix(ending)
        if start != word and len(start) > 1 and _VOWELS.search(start):
            return _restored(start)
    return word


def _restored(start: str) -> str:
    """What was there before -ed or -ing: hop(p)ed, fil(e)d."""
    if start.endswith(("at", "bl", "iz")):
        return start + "e"
    if start[-1] == start[-2] and start[-1] not in "aeioulsz":
        return start[:-1]
    return start + "e" if _turns(start) == 1 and _SHORT.match(start) else start


def _changed(word: str, endings: Iterable[tuple[str, str]], above: int) -> str:
    for ending, instead in endings:
        if word.endswith(ending):
            start = word[: -len(ending)]
            return start + instead if _turns(start) > above else word
    return word


def _tidied(word: str) -> str:
    if word.endswith("e"):
        start = word[:-1]
        turns = _turns(start)
        if turns > 1 or (turns == 1 and not _SHORT.match(start)):
            word = start
    return word[:-1] if word.endswith("ll") and _turns(word) > 1 else word


def _turns(word: str) -> int:
    """How often a vowel is followed by a consonant: a measure of how much of a word there is."""
    return len(_TURNS.findall(word))
