"""The words the offline model knows, all of them English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final


def stems(text: str) -> list[str]:
    """The words of a text in lower case and in the singular; ``snake_case`` and ``camelCase`` are several words."""
    return [singular(word) for word in re.findall(r"[^\W_]+", spoken(text).lower())]


def spoken(name: str) -> str:
    """``wind_speed`` and ``windSpeed`` are both "wind speed"."""
    humps = re.sub(r"(?<=[a-z0-9])[A-Z](?=[a-z])", lambda hump: " " + hump[0].lower(), name)
    return re.sub(r"[_-]+", " ", humps).strip()


def singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_ORDINARY = _words(
    "a about after all am an and any are as at be been before between but by can could current did do does fetch find",
    "for from get give go had has have hello help hi how i if in into is it its let like list look make may me my near",
    "need no not of on or our out please run s should show since so some t tell than that the their them then there",
    "these they this to until us use want was we were what when where which who why will with would you your",
)
# They do not tell which function is meant, and are never a value.
COMMON: Final = frozenset(_ORDINARY) | frozenset(map(singular, _ORDINARY))

# Many descriptions have them: one alone does not tell which function is meant.
VAGUE: Final = frozenset(
    _words(
        "amount city code country count data date day detail first format function hour id information item last",
        "location message minute name new null number place result return string text time today tomorrow two type",
        "unit user value week word year",
    )
)

# At the beginning of a function's name they say what is done, and the rest what it is done with. Never a value.
VERBS: Final = frozenset(
    _words(
        "add book calculate call check compare compute convert count create delete describe do explain fetch find get",
        "list load look lookup make plan query read retrieve run search send set show tell translate update",
    )
)

YES: Final = frozenset(_words("yes true enable include"))
NO: Final = frozenset(_words("no not without false off don disable skip exclude"))
COUNTED: Final = {word: n for n, word in enumerate(_words("zero one two three four five six seven eight nine ten"))}

# Words that ask for what a function with the first word in its name does.
RELATED: Final[Mapping[str, frozenset[str]]] = {
    "weather": frozenset(
        _words(
            "chilly cloudy cold degree dry forecast freezing hot humid rain raining rainy snow snowing storm stormy",
            "sun sunny sunshine temperature umbrella warm wet wind windy",
        )
    ),
    "reminder": frozenset(_words("remind")),
    "email": frozenset(_words("mail")),
    "mail": frozenset(_words("email")),
    "translate": frozenset(_words("translation")),
}
# What has these in its name, or takes one of them, is there for "6 times 7".
RECKONING: Final = frozenset(
    _words("arithmetic calculate calculation calculator compute equation evaluate expression formula math solve")
)
# What has one of these in its name, and takes a topic, is there for questions.
SEARCHING: Final = frozenset(_words("ask find look lookup query retrieve search"))

# Small letters after which a place goes on: "san francisco".
PLACE_BEGINNINGS: Final = _words(
    "abu addis buenos cape den el fort hong kuala la las le los mexico new north port porto rio saint salt san santa",
    "santo sao são south st stoke tel",
)

# Parameters with these words take what the message is about.
TOPICS: Final = frozenset(_words("body content keyword message note prompt query question search subject text topic"))

# The preposition before a value with this meaning, both when it is read and when it is said again in the answer.
PREPOSITIONS: Final[Mapping[str, str]] = {
    meaning: preposition
    for preposition, meanings in {
        "from": "from origin source start departure sender",
        "to": "to destination target end arrival recipient",
        "in": "in city location place town country region",
        "on": "on date day",
        "at": "at time",
        "after": "after since",
        "before": "before until",
    }.items()
    for meaning in meanings.split()
}
