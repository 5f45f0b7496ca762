"""How a leg can go: the events of each way, in the documented order."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistream.engine import (
    Engine,
    ModelRequest,
    Scripted,
    breaks_off,
    calls,
    crashes,
    fails,
    pauses,
    refuses,
    says,
    uses,
    waits_for,
)
from assistream.engine.draft import Draft
from assistream.engine.eventlog import Change
from assistream.engine.leg import Leg
from assistream.engine.models import Finish, ModelDelta, TextDelta, Turn
from tests.engine.conftest import Api, Event, Json, ScriptedEngine, frames_of, names, path_of

BEGUN = ["run.created", "run.queued", "run.in_progress"]
STEP = ["run.step.created", "run.step.in_progress"]
MESSAGE = [*STEP, "message.created", "message.in_progress", "message.delta"]
TEXT = [*MESSAGE, "message.completed", "run.step.completed"]


def last(events: list[Event], name: str) -> Json:
    return next(event.data for event in reversed(events) if event.name == f"thread.{name}")


def test_text(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine("Hello there").run_stream()
    assert names(events) == [*BEGUN, *TEXT, "run.completed"]
    assert events[0].data["status"] == events[1].data["status"] == "queued"
    assert events[2].data["started_at"] >= events[0].data["created_at"]


def test_events_are_numbered(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine("Hello there").run_stream()
    assert [event.id for event in events] == [str(number) for number in range(1, len(events) + 1)]


def test_numbers_go_on_in_the_next_leg(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Done")
    first = api.run_stream()
    second = api.submit(first[-1].data)
    numbers = [int(event.id) for event in (*first, *second)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_functions(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(calls(get_weather={"city": "Oslo"})).run_stream()
    assert names(events) == [*BEGUN, *STEP, "run.step.delta", "run.requires_action"]
    [call] = last(events, "run.requires_action")["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert call["function"] == {"name": "get_weather", "arguments": '{"city": "Oslo"}'}


def test_text_before_functions_is_a_message_of_its_own(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says("Let me see.") + calls(get_weather={})).run_stream()
    assert names(events) == [*BEGUN, *TEXT, *STEP, "run.step.delta", "run.requires_action"]


def test_text_after_functions(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(calls(get_weather={}) + says("One moment.")).run_stream()
    assert names(events) == [*BEGUN, *STEP, "run.step.delta", *TEXT, "run.requires_action"]


def test_submit(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.")
    events = api.submit(api.waiting_run())
    assert names(events) == ["run.step.completed", "run.queued", "run.in_progress", *TEXT, "run.completed"]
    assert events[0].data["step_details"]["tool_calls"][0]["function"]["output"] == "sunny"
    assert events[1].data["required_action"] is None


@pytest.mark.parametrize(
    ("turn", "middle", "code"),
    [
        (fails("rate_limit_exceeded"), [], "rate_limit_exceeded"),
        (fails("invalid_prompt"), [], "invalid_prompt"),
        (crashes(ValueError("a bug")), [], "server_error"),
        (breaks_off(), [], "server_error"),
        (says("Half of") + fails(), [*MESSAGE, "message.incomplete", "run.step.failed"], "server_error"),
        (says("Half of") + crashes(KeyError("x")), [*MESSAGE, "message.incomplete", "run.step.failed"], "server_error"),
        (says("Half of") + breaks_off(), [*MESSAGE, "message.incomplete", "run.step.failed"], "server_error"),
        (calls(get_weather={}) + fails(), [*STEP, "run.step.delta", "run.step.failed"], "server_error"),
    ],
)
def test_failure(scripted_engine: ScriptedEngine, turn: Turn, middle: list[str], code: str) -> None:
    api = scripted_engine(turn, "Hello")
    events = api.run_stream()
    assert names(events) == [*BEGUN, *middle, "run.failed"]
    assert events[-1].data["last_error"]["code"] == code
    assert events[-1].data["failed_at"]
    assert_free(api, events[-1].data)


def test_what_was_said_before_a_failure_is_kept(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says("Half of") + fails("invalid_prompt", "No.")).run_stream()
    message = last(events, "message.incomplete")
    assert message["content"][0]["text"]["value"] == "Half of"
    assert message["incomplete_details"] == {"reason": "run_failed"}
    # A step's error knows two codes only.
    assert last(events, "run.step.failed")["last_error"] == {"code": "server_error", "message": "No."}


def test_a_crash_is_told_with_its_reason(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(crashes(ValueError("a bug"))).run_stream()
    assert events[-1].data["last_error"]["message"] == "The model stopped with an error: ValueError: a bug"


def test_length(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(says("Half of", finish="length"), "Hello")
    events = api.run_stream()
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.completed", "run.incomplete"]
    assert last(events, "message.incomplete")["incomplete_details"] == {"reason": "max_tokens"}
    assert events[-1].data["incomplete_details"] == {"reason": "max_completion_tokens"}
    assert_free(api, events[-1].data)


def test_content_filter(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says("Half of", finish="content_filter")).run_stream()
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.failed", "run.failed"]
    assert last(events, "message.incomplete")["incomplete_details"] == {"reason": "content_filter"}


def test_refusal(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(refuses("I will not.")).run_stream()
    assert names(events) == [*BEGUN, *TEXT, "run.completed"]
    assert last(events, "message.completed")["content"] == [{"type": "refusal", "refusal": "I will not."}]


def test_nothing_to_say(scripted_engine: ScriptedEngine) -> None:
    assert names(scripted_engine(says("")).run_stream()) == [*BEGUN, "run.completed"]


BUDGETS = [("max_completion_tokens", 5), ("max_prompt_tokens", 20)]


@pytest.mark.parametrize(("budget", "limit"), BUDGETS)
def test_calls_that_leave_nothing_of_a_budget(scripted_engine: ScriptedEngine, budget: str, limit: int) -> None:
    settings: Json = {budget: limit}
    events = scripted_engine(says("I see.") + calls(get_weather={}) + uses(20, 5)).run_stream(**settings)
    assert names(events) == [*BEGUN, *TEXT, *STEP, "run.step.delta", "run.step.completed", "run.incomplete"]
    assert events[-1].data["incomplete_details"] == {"reason": budget}
    assert events[-1].data["required_action"] is None


@pytest.mark.parametrize(("budget", "limit"), BUDGETS)
def test_an_answer_beyond_a_budget(scripted_engine: ScriptedEngine, budget: str, limit: int) -> None:
    over: Json = {budget: limit - 1}
    within: Json = {budget: limit}
    api = scripted_engine(says("Half of", usage=(20, 5)), says("All of it", usage=(20, 5)))
    events = api.run_stream(**over)
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.completed", "run.incomplete"]
    assert events[-1].data["incomplete_details"] == {"reason": budget}
    assert last(events, "message.incomplete")["incomplete_details"] == {"reason": "max_tokens"}
    assert api.run_stream(**within)[-1].data["status"] == "completed"


@pytest.mark.parametrize(("budget", "limit"), [("max_completion_tokens", 7), ("max_prompt_tokens", 40)])
def test_a_budget_counts_over_all_legs(scripted_engine: ScriptedEngine, budget: str, limit: int) -> None:
    api = scripted_engine(calls(get_weather={}) + uses(20, 5), says("Too much", usage=(30, 5)))
    settings: Json = {budget: limit}
    events = api.submit(api.run_stream(**settings)[-1].data)
    assert events[-1].data["incomplete_details"] == {"reason": budget}


def test_the_model_is_told_what_is_left_of_the_budget(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([calls(get_weather={}) + uses(20, 5), says("Sunny.", usage=(30, 2))])
    api = scripted_engine(model=model)
    events = api.submit(api.run_stream(max_completion_tokens=100)[-1].data)
    assert [request.max_completion_tokens for request in model.requests] == [100, 95]
    assert events[0].data["usage"] == {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
    assert events[-1].data["usage"] == {"prompt_tokens": 50, "completion_tokens": 7, "total_tokens": 57}


def test_cancel_in_the_middle_of_a_message(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Half of") + pauses(math.inf), "Hello"])
    api = scripted_engine(model=model)
    events = cancelled_while_streaming(api)
    assert names(events) == [
        *(*BEGUN, *MESSAGE),
        *("run.cancelling", "message.incomplete", "run.step.cancelled", "run.cancelled"),
    ]
    assert last(events, "message.incomplete")["incomplete_details"] == {"reason": "run_cancelled"}
    assert model.answering == 0
    assert_free(api, events[-1].data)


def test_cancel_before_anything_was_said(scripted_engine: ScriptedEngine) -> None:
    events = cancelled_while_streaming(scripted_engine(pauses(math.inf)), after="run.in_progress")
    assert names(events) == [*BEGUN, "run.cancelling", "run.cancelled"]


def test_cancel_in_the_middle_of_a_call(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}) + pauses(math.inf))
    events = cancelled_while_streaming(api, after="run.step.delta")
    assert names(events)[-4:] == ["run.step.delta", "run.cancelling", "run.step.cancelled", "run.cancelled"]


def test_cancel_a_model_that_never_waits(scripted_engine: ScriptedEngine) -> None:
    async def babble(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        while True:
            yield TextDelta("blah ")

    events = cancelled_while_streaming(scripted_engine(model=babble))
    assert names(events)[-3:] == ["message.incomplete", "run.step.cancelled", "run.cancelled"]


def test_cancel_a_model_that_takes_no_notice(scripted_engine: ScriptedEngine) -> None:
    async def stubborn(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield TextDelta("Half of")
        try:
            await asyncio.sleep(math.inf)
        except asyncio.CancelledError:
            yield TextDelta(" what I want to say")
        yield TextDelta(" never read")
        yield Finish("stop")

    events = cancelled_while_streaming(scripted_engine(model=stubborn))
    assert names(events)[-2:] == ["run.step.cancelled", "run.cancelled"]


def test_a_model_that_cancels_itself_fails_the_run(scripted_engine: ScriptedEngine) -> None:
    async def confused(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield TextDelta("Half of")
        raise asyncio.CancelledError

    events = scripted_engine(model=confused).run_stream()
    assert events[-1].name == "thread.run.failed"


def test_expiry_in_progress(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Half of") + pauses(math.inf), "Hello"])
    api = scripted_engine(model=model, run_ttl=1)
    events = api.run_stream()
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.expired", "run.expired"]
    assert last(events, "message.incomplete")["incomplete_details"] == {"reason": "run_expired"}
    assert last(events, "run.step.expired")["expired_at"]
    assert model.answering == 0
    assert_free(api, events[-1].data)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a run waits for outputs; its leg is held just then, until it is told to stop."""
    reached = threading.Event()
    advance = Leg._advance

    async def slowly(leg: Leg, status: str, *first: Change, **fields: Any) -> None:
        await advance(leg, status, *first, **fields)
        if status == "requires_action":
            reached.set()
            while not leg._stop:  # noqa: ASYNC110 -- nothing else says that it was told
                await asyncio.sleep(0.001)

    monkeypatch.setattr(Leg, "_advance", slowly)
    return reached


def test_cancel_just_when_the_run_comes_to_wait(scripted_engine: ScriptedEngine, waiting: threading.Event) -> None:
    api = scripted_engine(calls(get_weather={}), "Hello")
    run = api.run()
    assert waiting.wait(30)
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    assert api.finished(run)["status"] == "cancelled"
    assert api.get(f"{path_of(run)}/steps")["data"][0]["status"] == "cancelled"
    assert_free(api, run)


def test_expiry_just_when_the_run_comes_to_wait(scripted_engine: ScriptedEngine, waiting: threading.Event) -> None:
    api = scripted_engine(calls(get_weather={}), "Hello", run_ttl=1)
    events = api.run_stream()
    assert names(events)[-3:] == ["run.requires_action", "run.step.expired", "run.expired"]


def test_closing_just_when_the_run_comes_to_wait(
    tmp_path: Path, connect: Callable[[Engine], Api], waiting: threading.Event
) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={})])) as engine:
        run = connect(engine).run()
        assert waiting.wait(30)
    with Engine(path) as engine:
        assert connect(engine).get(path_of(run))["status"] == "requires_action"


def test_the_end_of_a_run_waits_for_a_locked_database(
    tmp_path: Path,
    scripted_engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("assistream.engine.store._PRAGMAS", ("PRAGMA journal_mode = WAL", "PRAGMA busy_timeout = 1"))
    go_on, path = threading.Event(), tmp_path / "engine.db"
    api = scripted_engine(says("Hello") + waits_for(go_on), "Again", path=path)
    run = api.run()
    while not api.get(f"/threads/{run['thread_id']}/messages")["data"][0]["run_id"]:
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        go_on.set()
        while "it is tried again" not in caplog.text:
            time.sleep(0.001)
        other.execute("ROLLBACK")
    assert api.finished(run)["status"] == "completed"
    assert_free(api, run)


def test_a_leg_that_cannot_end_ends_from_what_is_stored(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> list[Change]:
        raise ZeroDivisionError

    api = scripted_engine("Half of it", "Hello")
    with monkeypatch.context() as patch:
        patch.setattr(Draft, "close", broken)
        events = api.run_stream()
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.failed", "run.failed"]
    assert last(events, "message.incomplete")["content"][0]["text"]["value"] == "Half of it"
    assert_free(api, events[-1].data)


def test_deltas_are_sent_as_they_come(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("First") + waits_for(go_on) + says(" second"))
    path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", path, json=body) as response:
        lines = response.iter_lines()
        assert any("First" in line for line in lines)  # the model cannot go on before we have read this
        go_on.set()
        assert any('"First second"' in line for line in lines)
        assert list(lines)[-3:] == ["event: done", "data: [DONE]", ""]


def cancelled_while_streaming(api: Api, after: str = "message.delta") -> list[Event]:
    """The events of a run that is cancelled as soon as the event ``after`` was seen."""
    run: Json = {}
    text = ""
    path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", path, json=body) as response:
        for piece in response.iter_text():
            text += piece
            if f"event: thread.{after}\n" in text and not run:
                runs = api.get(path)["data"]
                run = api.post(f"{path_of(runs[0])}/cancel")
                assert run["status"] == "cancelling"
    return frames_of(text)


def assert_free(api: Api, run: Json) -> None:
    """The thread takes messages and runs again."""
    thread = {"id": run["thread_id"]}
    api.post(f"/threads/{thread['id']}/messages", {"role": "user", "content": "Again"})
    assert api.run_stream(thread)[-1].name == "thread.run.completed"
