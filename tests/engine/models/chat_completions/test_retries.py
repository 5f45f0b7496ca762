from __future__ import annotations

import pytest

from assistream.engine.models.chat_completions.retries import LONGEST, LONGEST_WISH, delay, may_pass, retry_after

NOON = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


@pytest.mark.parametrize(
    ("status", "passes"),
    [
        *((status, True) for status in (429, 408, 409, 425, 500, 503, 529)),
        *((status, False) for status in (400, 401, 404, 422, None)),
    ],
)
def test_what_may_pass(status: int | None, passes: bool) -> None:
    assert may_pass(status) is passes


def test_waits_grow_to_a_limit() -> None:
    waits = [delay(None, retries, first=0.5, jitter=0) for retries in (0, 1, 2, 3, 4, 5, 99)]
    assert waits == [0.5, 1, 2, 4, LONGEST, LONGEST, LONGEST]


def test_jitter_takes_a_quarter_off_at_most() -> None:
    assert delay(None, 0, first=4, jitter=1) == 3


def test_a_server_gets_what_it_wishes_within_reason() -> None:
    assert delay(0, 5, first=1, jitter=0) == 0
    assert delay(LONGEST_WISH, 0, first=1, jitter=1) == LONGEST_WISH
    assert delay(LONGEST_WISH + 1, 0, first=1, jitter=0) is None
    assert delay(-5, 0, first=1, jitter=0) == 1
    assert delay(float("nan"), 0, first=1, jitter=0) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("Fri, 15 Jan 2027 08:00:10 GMT", 10),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_the_header(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOON) == seconds


def test_no_header() -> None:
    assert retry_after({}, NOON) is None
