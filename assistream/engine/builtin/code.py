"""Code in the arguments of a call, read while the model writes them: ``{"code": "print(1)"}`` in any pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..lifecycle import Document

NAMES = ("code", "input")
"""What models call the argument."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}
_REPLACEMENT = "\ufffd"
_HEX = frozenset("0123456789abcdefABCDEF")


class JsonString:
    """The characters of a JSON string after its opening quote. Wrong escapes stand for themselves."""

    def __init__(self) -> None:
        self.closed: bool = False
        self._escape = ""
        self._high = ""  # half a pair of surrogates, which waits for the other

    def take(self, character: str) -> str:
        if self._escape:
            return self._escaped(self._escape + character)
        if character == "\\":
            self._escape = character
            return ""
        if character == '"':
            self.closed = True
            return self._unpaired()
        return self._unpaired() + character

    def end(self) -> str:
        """What is left of a string that was never closed."""
        rest, self._escape = self._unpaired() + self._escape, ""
        return rest

    def _escaped(self, escape: str) -> str:
        self._escape = escape
        kind = escape[1]
        if kind != "u":
            self._escape = ""
            return self._unpaired() + _ESCAPES.get(kind, escape)
        if len(escape) < 6 and all(digit in _HEX for digit in escape[2:]):
            return ""
        self._escape = ""
        if not all(digit in _HEX for digit in escape[2:]):
            return self._unpaired() + escape[:-1] + self.take(escape[-1])
        return self._paired(chr(int(escape[2:], 16)))

    def _paired(self, character: str) -> str:
        if "\udc00" <= character <= "\udfff":
            high, self._high = self._high, ""
            return (high + character).encode("utf-16", "surrogatepass").decode("utf-16") if high else _REPLACEMENT
        before = self._unpaired()
        if "\ud800" <= character <= "\udbff":
            self._high = character
            return before
        return before + character

    def _unpaired(self) -> str:
        left, self._high = self._high, ""
        return _REPLACEMENT if left else ""


class CodeReader:
    """Deltas of a body's ``input``.

    What is no JSON object with the code in it is taken for the code itself.
    """

    def __init__(self) -> None:
        self._state: Literal["begin", "object", "code", "raw", "over"] = "begin"
        self._seen: list[str] = []
        """What has been read of an object before its code, should it turn out to be none."""
        self._code = JsonString()
        self._scan = _Keys()

    def take(self, fragment: str) -> Document | None:
        return _delta("".join(self._read(fragment)))

    def end(self) -> Document | None:
        rest = self._code.end() if self._state == "code" else ""
        if self._state in ("begin", "object"):
            rest = "" if self._scan.complete else "".join(self._seen)
        self._state = "over"
        return _delta(rest)

    def _read(self, fragment: str) -> Iterator[str]:
        for at, character in enumerate(fragment):
            if self._state == "raw":
                yield fragment[at:]
                return
            yield self._step(character)

    def _step(self, character: str) -> str:
        if self._state == "code":
            text = self._code.take(character)
            if self._code.closed:
                self._state = "over"
            return text
        if self._state == "over":
            return ""
        self._seen.append(character)
        if self._state == "begin":
            if character.isspace():
                return ""
            self._state = "object" if character == "{" else "raw"
        else:
            self._follow(character)
        if self._state != "raw":
            return ""
        seen, self._seen = "".join(self._seen), []
        return seen

    def _follow(self, character: str) -> None:
        found = self._scan.take(character)
        if found == "wrong":
            self._state = "raw"
        elif found == "code":
            self._state = "code"
            self._seen = []


class _Keys:
    """Goes through the keys and values of an object, after its brace, up to where the code begins."""

    def __init__(self) -> None:
        self.complete: bool = False
        self._place: Literal["key?", "key", "colon", "value?", "value", "string", "comma"] = "key?"
        self._text = JsonString()
        self._key = ""
        self._depth = 0

    def take(self, character: str) -> Literal["code", "wrong"] | None:
        match self._place:
            case "key" | "string":
                self._in_string(character)
            case "value" if self._depth or character not in ",}":
                self._in_value(character)
            case _ if character.isspace():
                pass
            case _:
                return self._between(character)
        return None

    def _in_string(self, character: str) -> None:
        text = self._text.take(character)
        if self._place == "key":
            self._key += text
        if self._text.closed:
            self._place = "colon" if self._place == "key" else "value"

    def _in_value(self, character: str) -> None:
        if character == '"':
            self._place, self._text = "string", JsonString()
        self._depth += (character in "[{") - (character in "]}")

    def _between(self, character: str) -> Literal["code", "wrong"] | None:
        match self._place, character:
            case "key?", '"':
                self._place, self._text, self._key = "key", JsonString(), ""
            case "colon", ":":
                self._place = "value?"
            case "value?", '"' if self._key in NAMES:
                return "code"
            case "value?", _ if character not in ",}]:":
                self._place = "value"
                self._in_value(character)
            case "value", ",":
                self._place = "key?"
            case (("value" | "key?"), "}"):
                self.complete, self._place = True, "comma"
            case _:
                return "wrong"
        return None


def _delta(code: str) -> Document | None:
    # Half a surrogate pair that was no escape: no file and no kernel would take it.
    return {"input": code.encode(errors="replace").decode()} if code else None
