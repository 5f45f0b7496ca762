"""How a request wants its run to be treated: what the engine does by itself, unless a header says otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from .errors import Refused

WhenBusy: TypeAlias = Literal["reject", "queue", "interrupt"]
"""What happens to a run, or a message, for a thread that has an active run."""

BUSY = "assistream-busy"
EXPIRES_IN = "assistream-expires-in"
CANCEL = "assistream-cancel-on-disconnect"
LONGEST = 366 * 24 * 3600
"""Seconds a run may have."""


@dataclass(frozen=True, slots=True)
class Terms:
    ttl: float = 600.0
    """Seconds after which the run expires if it is not over."""
    busy: WhenBusy = "reject"
    cancel_on_disconnect: bool = False
    """The run is cancelled when nobody follows its events any more."""


def terms(headers: Mapping[str, str], default: Terms) -> Terms:
    """Raises `Refused` for a header that says nothing we know."""
    found = default
    if given := headers.get(BUSY):
        found = replace(found, busy=cast("WhenBusy", _one_of(BUSY, given, get_args(WhenBusy))))
    if given := headers.get(CANCEL):
        found = replace(found, cancel_on_disconnect=_one_of(CANCEL, given, ("yes", "no")) == "yes")
    if given := headers.get(EXPIRES_IN):
        found = replace(found, ttl=_seconds(given))
    return found


def _one_of(header: str, given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise _unknown(header, given, " and ".join(f"'{one}'" for one in allowed))
    return given


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST:
        raise _unknown(EXPIRES_IN, given, f"seconds above 0, up to {LONGEST}")
    return seconds


def _unknown(header: str, given: str, expected: str) -> Refused:
    return Refused("header", param=header, where=header, got=given[:100], expected=expected)
