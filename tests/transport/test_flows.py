from __future__ import annotations

from typing import Any

import httpx
import pytest

from assistream.errors import WaitTimeoutError
from assistream.transport.call import Call, get
from assistream.transport.flows import Flow, Polling, Sleep, Together, Told, perform, perform_together, shared
from assistream.transport.response import RawResponse
from assistream.types import NOT_GIVEN, Run, omit

from ..frames import run

CALL: Call[Run] = get("/threads/thread_1/runs/run_1", Run, {})


def answer(status: str, **headers: str) -> RawResponse[Run]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx.Request("GET", "http://h/")
    return RawResponse(httpx.Response(200, json=run(status), headers=named, request=request), CALL)


def result_of(flow: Flow[Any], answers: list[RawResponse[Run]]) -> tuple[Any, list[object]]:
    """What a flow returns, and what it asked for besides its calls."""
    steps: list[object] = []
    left = iter(answers)
    sent: Any = None
    while True:
        try:
            step = flow.send(sent)
        except StopIteration as stop:
            return stop.value, steps
        sent = next(left) if isinstance(step, Call) else None
        if not isinstance(step, Call):
            steps.append(step)


def over(run: Run) -> bool:
    return run.status != "queued"


def test_perform_gives_the_object_of_the_answer() -> None:
    flow = perform(CALL)
    assert next(flow) is CALL
    with pytest.raises(StopIteration) as stop:
        flow.send(answer("queued"))
    assert stop.value.value.status == "queued"


def test_together() -> None:
    flow = perform_together([CALL, CALL], 2)
    assert next(flow) == Together([CALL, CALL], 2)
    with pytest.raises(StopIteration) as stop:
        flow.send(["a", "b"])
    assert stop.value.value == ["a", "b"]


def test_none_at_a_time_would_take_for_ever() -> None:
    with pytest.raises(ValueError, match="not 0"):
        next(perform_together([CALL], 0))


def test_polling_goes_on_while_something_is_pending() -> None:
    answers = [answer("queued"), answer("queued"), answer("completed")]
    result, steps = result_of(Polling[Run](20).until(CALL, over), answers)
    assert result.status == "completed"
    assert steps == [Sleep(0.02), Sleep(0.02)]


def test_what_is_done_is_asked_for_once() -> None:
    assert result_of(Polling[Run]().until(CALL, over), [answer("expired")])[1] == []


def test_the_program_is_told_each_time() -> None:
    flow = Polling[Run](omit, lambda run: f"seen {run.status}").until(CALL, over)
    steps = result_of(flow, [answer("queued"), answer("completed")])[1]
    assert steps == [Told("seen queued"), Sleep(1), Told("seen completed")]


@pytest.mark.parametrize(
    ("wish", "seconds"), [("250", 0.25), ("0", 0), ("-5", 1), ("soon", 1), ("", 1), ("nan", 1), ("90000", 1)]
)
def test_the_server_may_say_how_long_to_wait(wish: str, seconds: float) -> None:
    answers = [answer("queued", openai_poll_after_ms=wish), answer("completed")]
    assert result_of(Polling[Run](NOT_GIVEN).until(CALL, over), answers)[1] == [Sleep(seconds)]


def test_it_may_change_its_mind_but_the_program_has_the_last_word() -> None:
    answers = [answer("queued", openai_poll_after_ms="10"), answer("queued"), answer("completed")]
    assert result_of(Polling[Run](NOT_GIVEN).until(CALL, over), answers)[1] == [Sleep(0.01), Sleep(1)]
    assert result_of(Polling[Run](0).until(CALL, over), answers)[1] == [Sleep(0), Sleep(0)]


@pytest.mark.parametrize("nonsense", [None, -5, float("nan"), float("inf"), "5"])
def test_what_is_no_time_is_refused_before_anything_is_asked(nonsense: Any) -> None:
    with pytest.raises(ValueError, match="poll_interval_ms must be a number"):
        Polling(nonsense)
    with pytest.raises(ValueError, match="max_wait_seconds must be a number"):
        Polling(20, None, nonsense)


def test_a_limit_of_no_time_asks_nothing() -> None:
    with pytest.raises(WaitTimeoutError, match=r"/threads/thread_1/runs/run_1 was not done within 0 s") as raised:
        result_of(Polling[Run](0, None, 0).until(CALL, over), [])
    assert isinstance(raised.value, TimeoutError)


def test_a_limit_shortens_the_last_wait() -> None:
    flow = Polling[Run](60_000, None, 0.02).until(CALL, over)
    next(flow)
    wait = flow.send(answer("queued"))
    assert isinstance(wait, Sleep)
    assert wait.seconds <= 0.02


def test_what_is_shared_by_the_calls_of_an_operation() -> None:
    given = {"extra_headers": {"a": "1"}, "extra_query": None, "extra_body": {"b": 1}, "timeout": 3, "model": "m"}
    assert shared(given) == {"extra_headers": {"a": "1"}, "extra_query": None, "timeout": 3}
