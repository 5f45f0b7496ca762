"""What is fuzzed, by name: functions of bytes that raise when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import NamedTuple

from .answers import check_client
from .decoder import check_decoder
from .engine import check_model, check_requests, opened
from .events import check_parser, check_sequence

Check = Callable[[bytes], None]


def _ready(check: Check) -> Callable[[], AbstractContextManager[Check]]:
    return lambda: nullcontext(check)


class Target(NamedTuple):
    opened: Callable[[], AbstractContextManager[Check]]
    size: int
    """How many bytes an input has at most, for those who make them up."""
    guided: bool = True
    """Whether an input always does the same, which a fuzzer that is guided by coverage needs."""


TARGETS: dict[str, Target] = {
    "decoder": Target(_ready(check_decoder), 28),
    "parser": Target(_ready(check_parser), 20),
    "events": Target(_ready(check_sequence), 100),
    "client": Target(_ready(check_client), 60),
    "requests": Target(partial(opened, check_requests), 80, guided=False),
    "models": Target(partial(opened, check_model), 60, guided=False),
}
