"""What a model says, as text that can be written down, sent and asked back.

Models that count in UTF-16 cut a character of two units in half, and JSON can say each half. A string with a half in it
is no text: other programs cannot read it, and this engine refuses it in what it is sent.
"""

from __future__ import annotations

import re
from dataclasses import replace

from .models.base import ModelDelta, RefusalDelta, TextDelta, ToolCallDelta

_HALF = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]$")


class Characters:
    """Puts halves that follow each other together again; one that stays alone becomes U+FFFD, or nothing at the end."""

    def __init__(self) -> None:
        self._kept: dict[object, str] = {}  # the first half of a character, by what it was said in

    def whole(self, delta: ModelDelta) -> ModelDelta:
        """The delta itself where there is nothing to be done, as nearly always."""
        match delta:
            case TextDelta(str(text)) | RefusalDelta(str(text)) if self._is_odd(type(delta), text):
                return type(delta)(self._join(type(delta), text))
            case ToolCallDelta(index, id, name, str(arguments)) if self._is_odd(index, f"{id}{name}{arguments}"):
                arguments = self._join(index, arguments)
                return replace(delta, id=_sound(id), name=_sound(name), arguments=arguments)
            case _:
                return delta

    def _is_odd(self, place: object, text: str) -> bool:
        return (not text.isascii() and _HALF.search(text) is not None) or (bool(self._kept) and place in self._kept)

    def _join(self, place: object, text: str) -> str:
        text = self._kept.pop(place, "") + text
        if _FIRST_HALF.search(text):
            self._kept[place] = text[-1]
            text = text[:-1]
        return written(text)


def _sound(text: object) -> str | None:
    """Of an id or a name; what is neither text nor None is for others to refuse."""
    return written(text) if isinstance(text, str) else text  # type: ignore[return-value] # models are not checked


def written(text: str) -> str:
    """The text, with U+FFFD for halves of characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
