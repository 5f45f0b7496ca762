"""When a request may be tried again, and after how long. No I/O here: the transport does the waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

RETRYABLE = frozenset({408, 409, 429})
"""The statuses below 500 that say "not now" rather than "no"."""

REFUSED = 429
"""The rate limiter's answer. It stands before the API, so that nothing was created: even a POST may be sent again.
408, 409 and 5xx promise no such thing."""

FIRST, LONGEST = 0.5, 8.0
"""The ordinary waits, in seconds: the first, doubled each time up to the longest."""

LONGEST_WISH = 60.0
"""A server that asks for a longer wait than this, in seconds, gets the ordinary one."""


@dataclass(frozen=True)
class Failure:
    """How an attempt failed. `status` is None where there was no answer, and then `sent` says whether the server may
    have seen the request all the same; `lasting` is a failure that another attempt can only repeat. `redirected`:
    it came from elsewhere, after an answer that may well mean that all is done.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sent: bool = True
    lasting: bool = False
    redirected: bool = False


def may_repeat(failure: Failure, *, repeatable: bool) -> bool:
    """Whether to try again. `repeatable`: doing it twice is the same as doing it once.

    What is not is tried again only when it was certainly not done: the server's own `x-should-retry: true` is no
    reason, `false` is one not to.
    """
    advice = failure.headers.get("x-should-retry")
    if failure.lasting or advice == "false" or (failure.redirected and not repeatable):
        return False
    if failure.status is None:
        return repeatable or not failure.sent
    if not repeatable:
        return failure.status == REFUSED
    return advice == "true" or failure.status in RETRYABLE or failure.status >= 500


def delay(failure: Failure, retries: int, *, now: float, jitter: float) -> float:
    """How long to wait after so many retries: what the server wishes, or longer each time.

    `now` is the time of day in seconds since 1970; `jitter`, from 0 to 1, takes up to a quarter off, so that clients
    that failed together do not come back together.
    """
    wish = retry_after(failure.headers, now)
    if wish is not None and 0 <= wish <= LONGEST_WISH:
        return wish
    return min(FIRST * 2.0 ** min(retries, 30), LONGEST) * (1 - 0.25 * jitter)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The wait a server asks for, in seconds: `retry-after-ms`, or `Retry-After` as seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    wish = headers.get("retry-after")
    seconds = _number(wish)
    if seconds is not None or wish is None:
        return seconds
    try:
        return parsedate_to_datetime(wish).timestamp() - now
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
