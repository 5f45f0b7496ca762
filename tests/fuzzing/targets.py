"""What is fuzzed, by name: functions of bytes that raise when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .decoder import check_decoder
from .events import check_parser, check_sequence


class Target(NamedTuple):
    check: Callable[[bytes], None]
    size: int
    """How many bytes an input has at most, for those who make them up."""


TARGETS: dict[str, Target] = {
    "decoder": Target(check_decoder, 28),
    "parser": Target(check_parser, 20),
    "events": Target(check_sequence, 100),
}
