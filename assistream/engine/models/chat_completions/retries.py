"""When a model server may be asked again, and after how long. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST = 8.0
"""Seconds that the ordinary waits grow to."""
LONGEST_WISH = 60.0
"""Seconds a server may ask to be left alone; if it wants more, the run is told so at once."""

_PASSING = frozenset({408, 409, 425, 429})


def may_pass(status: int | None) -> bool:
    """Whether this status says "not now" rather than "no"."""
    return status is not None and (status in _PASSING or status >= 500)


def delay(wish: float | None, retries: int, *, first: float, jitter: float) -> float | None:
    """Seconds before the next attempt, after so many retries; None if the server wishes too long a wait.

    ``jitter``, from 0 to 1, takes up to a quarter off, so that runs that failed together do not come back together.
    """
    if wish is not None and wish >= 0:
        return wish if wish <= LONGEST_WISH else None
    return float(min(first * 2.0 ** min(retries, 30), LONGEST)) * (1 - 0.25 * jitter)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The wait a server asks for, in seconds: a number of them, or a date."""
    wish = headers.get("retry-after")
    if not wish:
        return None
    try:
        return float(wish)
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(wish).timestamp() - now)
    except (ValueError, OverflowError):
        return None
