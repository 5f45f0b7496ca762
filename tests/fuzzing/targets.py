"""What is fuzzed, by name: functions of bytes that raise when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from .answers import check_client
from .decoder import check_decoder
from .events import check_parser, check_sequence

Check = Callable[[bytes], None]


def _ready(check: Check) -> Callable[[], AbstractContextManager[Check]]:
    return lambda: nullcontext(check)


# The engine is imported when asked for: what it needs is not where atheris is.


def _requests() -> AbstractContextManager[Check]:
    from .engine import check_requests, opened

    return opened(check_requests)


def _models() -> AbstractContextManager[Check]:
    from .engine import check_model, opened

    return opened(check_model)


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
    "requests": Target(_requests, 80, guided=False),
    "models": Target(_models, 60, guided=False),
}
