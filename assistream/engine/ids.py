"""Names for new objects, and the order in which they came to be."""

from __future__ import annotations

import random
import string
import time

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 24
_EVEN = 256 - 256 % len(_ALPHABET)
# What letter a byte stands for, and which ones stand for none, so that each letter is as likely as the others.
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_TOO_MANY = bytes(range(_EVEN, 256))
_SYSTEM = random.SystemRandom()


def new_id(prefix: str, source: random.Random = _SYSTEM) -> str:
    """``asst_``, ``thread_``, ``msg_``, ``run_``, ``step_`` or ``call_``, or ``file-``, and 24 letters and digits."""
    separator = "-" if prefix == "file" else "_"
    letters = b""
    while len(letters) < _LENGTH:  # once, nearly always: `choices` asks the system for each letter
        letters += source.randbytes(2 * _LENGTH).translate(_LETTERS, _TOO_MANY)
    return f"{prefix}{separator}{letters[:_LENGTH].decode()}"


def now() -> int:
    """Whole seconds, as every time stamp of the API is."""
    return int(time.time())


def milliseconds() -> int:
    """Since the epoch: when an event came, which seconds are too coarse for."""
    return time.time_ns() // 1_000_000


class Moments:
    """Nanoseconds since the epoch that never repeat and never go back, even when the clock does.

    Time stamps are seconds, so that several objects share one: this is what keeps lists in the order of creation.
    """

    def __init__(self) -> None:
        self._last = 0

    def follow(self, moment: int) -> None:
        """What was given out before, by whatever clock, comes before all that is given out from now on."""
        self._last = max(self._last, moment)

    def next(self) -> int:
        self._last = max(time.time_ns(), self._last + 1)
        return self._last
