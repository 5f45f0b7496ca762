from __future__ import annotations

import pytest

from assistream.transport.retry import Failure, delay, may_repeat, retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_passing_failures_of_what_is_repeatable(status: int) -> None:
    assert may_repeat(Failure(status), repeatable=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_no_stays_a_no(status: int) -> None:
    assert not may_repeat(Failure(status), repeatable=True)


@pytest.mark.parametrize("status", [400, 408, 409, 500, 502, 503, 504])
@pytest.mark.parametrize("advice", [{}, {"x-should-retry": "true"}])
def test_e19_what_the_server_received_is_not_repeated(status: int, advice: dict[str, str]) -> None:
    assert not may_repeat(Failure(status, advice), repeatable=False)


def test_e19_what_the_limiter_refused_was_not_done() -> None:
    assert may_repeat(Failure(429), repeatable=False)
    assert not may_repeat(Failure(429, {"x-should-retry": "false"}), repeatable=False)


@pytest.mark.parametrize(("sent", "repeatable", "may"), [(0, 0, 1), (0, 1, 1), (1, 1, 1), (1, 0, 0)])
def test_e19_no_answer(sent: int, repeatable: int, may: int) -> None:
    assert may_repeat(Failure(sent=bool(sent)), repeatable=bool(repeatable)) == bool(may)


def test_the_servers_advice_counts_where_it_is_safe() -> None:
    assert may_repeat(Failure(400, {"x-should-retry": "true"}), repeatable=True)
    assert not may_repeat(Failure(500, {"x-should-retry": "false"}), repeatable=True)


def test_what_cannot_get_better_is_not_repeated() -> None:
    assert not may_repeat(Failure(lasting=True, sent=False), repeatable=True)


def test_e19_what_was_redirected_may_have_been_done_whatever_came_then() -> None:
    for failed in (Failure(429, redirected=True), Failure(sent=False, redirected=True)):
        assert not may_repeat(failed, repeatable=False)
        assert may_repeat(failed, repeatable=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}, 30),
        ({"retry-after": "Fri, 15 Jan 2027 07:59:30 GMT"}, -30),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(("wish", "seconds"), [("0", 0), ("60", 60), ("61", 0.5), ("-1", 0.5), ("nan", 0.5)])
def test_a_wish_is_granted_within_a_minute(wish: str, seconds: float) -> None:
    assert delay(Failure(429, {"retry-after": wish}), 0, now=NOW, jitter=0) == seconds


def test_waits_double_up_to_eight_seconds() -> None:
    waits = [delay(Failure(500), retries, now=NOW, jitter=0) for retries in (0, 1, 2, 3, 4, 5, 5000)]
    assert waits == [0.5, 1, 2, 4, 8, 8, 8]


def test_jitter_takes_up_to_a_quarter_off() -> None:
    assert delay(Failure(500), 0, now=NOW, jitter=1) == 0.375
