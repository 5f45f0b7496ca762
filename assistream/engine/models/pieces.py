"""How the offline models cut what they say, and name their calls."""

from __future__ import annotations

import random
import re

from ..ids import new_id

_WORD = re.compile(r"\s*\S+|\s+")
_TOKEN = re.compile(r"\s*\w{1,4}|\s*[^\w\s]{1,2}|\s+")


def words(text: str) -> list[str]:
    """Cut before each word, white space kept: the pieces join to the text exactly."""
    return _WORD.findall(text)


def tokens(text: str) -> list[str]:
    """Cut finer than words, inside them and around punctuation, as models write JSON. The pieces join to the text."""
    return _TOKEN.findall(text)


def call_id(source: random.Random) -> str:
    return new_id("call", source)
