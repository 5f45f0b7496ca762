from __future__ import annotations

from collections.abc import Callable

import pytest

from assistream.engine.models import Turn
from assistream.testing import drops_connection, fails, goes_silent, says, sends
from assistream.testing.turns import Ends, Fault, Rejects, Sends, check


def faults(turn: Turn) -> list[Fault]:
    return [step for step in turn.steps if isinstance(step, Fault)]


def test_faults_keep_their_places_in_a_sum() -> None:
    turn = says(["a"]) + drops_connection() + says(["b"]) + sends("c")
    assert faults(turn) == [Ends("drops_connection", "close"), Sends("sends", b"c")]
    assert [getattr(step, "text", None) for step in turn.steps] == ["a", "", None, "b", "", None]


def test_what_comes_after_some_events_says_nothing_before_it() -> None:
    assert drops_connection(after=3, reset=True).steps == (Ends("drops_connection", "reset", 3),)
    assert goes_silent(after=0).steps == (Ends("goes_silent", "silence", 0),)


def test_a_lost_connection_stays_lost_unless_told() -> None:
    found = [fault for turn in (drops_connection(), drops_connection(resumable=True)) for fault in faults(turn)]
    assert found == [Ends("drops_connection", "close"), Ends("drops_connection", "close", resumable=True)]


def test_text_is_sent_as_utf_8() -> None:
    assert faults(sends("Grüße")) == [Sends("sends", "Grüße".encode())]


def test_a_code_fails_the_run_and_a_status_the_request() -> None:
    (error,) = fails("invalid_prompt", "No.").steps
    assert (getattr(error, "code", ""), str(error)) == ("invalid_prompt", "No.")
    assert fails(503, "No.", headers={"a": "b"}).steps == (Rejects(503, "No.", {"a": "b"}),)


@pytest.mark.parametrize(
    ("status", "kind"), [(429, "rate_limit_exceeded"), (500, "server_error"), (401, "invalid_request_error")]
)
def test_the_type_of_a_failed_request(status: int, kind: str) -> None:
    assert Rejects(status, "").type == kind


@pytest.mark.parametrize("status", [200, 399, 600])
def test_a_status_that_is_no_failure(status: int) -> None:
    with pytest.raises(ValueError, match="400 to 599"):
        fails(status)


@pytest.mark.parametrize("fault", [drops_connection, goes_silent])
def test_a_number_of_events_that_cannot_be(fault: Callable[[int], Turn]) -> None:
    with pytest.raises(ValueError, match=r"\(after=-1\)"):
        fault(-1)


def test_a_failed_request_has_no_answer_to_add_to() -> None:
    check(fails(500))
    with pytest.raises(ValueError, match=r"fails\(500\) is a turn of its own"):
        check(says("Hi") + fails(500))
