from __future__ import annotations

import pytest

from assistream import ToolTimeoutError
from assistream.tools.work import Work, time_for, timed_out
from assistream.types import PendingCall

CALL = PendingCall(id="call_1", name="look", arguments="{}", run_id="run_1", thread_id="thread_1")


@pytest.mark.parametrize(
    ("own", "expires_at", "seconds"),
    [
        (None, None, None),
        (3.0, None, 3.0),
        (3.0, 1600, 3.0),
        (900.0, 1600, 595.0),  # five seconds before the run expires
        (None, 1600, 595.0),
        (None, 1010, 9.0),  # of a short time a tenth
        (3.0, 999, 3.0),  # the run has expired, and yet it waits: the clocks do not agree
        (None, 999, None),
    ],
)
def test_rule_7_how_long_a_tool_has(own: float | None, expires_at: int | None, seconds: float | None) -> None:
    assert time_for(own, expires_at, created_at=1000, now=1000.0) == seconds


def test_a_clock_that_is_late() -> None:
    assert time_for(None, 1600, created_at=1000, now=900.0) is None  # more than the run ever had


def test_a_server_that_does_not_say_when_a_run_was_made() -> None:
    assert time_for(None, 99_999, created_at=0, now=1000.0) == 98_994.0


def test_what_the_model_is_told_of_a_timeout() -> None:
    outcome = timed_out(Work(CALL, perform=lambda: None, is_async=False, timeout=0.25))
    assert isinstance(outcome.error, ToolTimeoutError)
    assert str(outcome.error) == "look took longer than 0.25 seconds, and was given up."
