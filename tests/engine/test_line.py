"""A thread that is busy, and runs and messages that come for it: refused, queued, or interrupting."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistream.engine import Engine, Scripted, calls, pauses, says, waits_for
from assistream.engine.line import Lines
from assistream.engine.store import StoreError
from tests.engine.conftest import Api, Json, ScriptedEngine, calls_of, names, path_of

Connect = Callable[[Engine], Api]


def texts(model: Scripted, number: int) -> list[str]:
    return [message.text for message in model.requests[number].messages if message.role != "system"]


def again(api: Api, run: Json, **fields: Any) -> Json:
    """Another run on the same thread."""
    return api.run({"id": run["thread_id"]}, assistant_id=run["assistant_id"], **fields)


def say(api: Api, run: Json, text: str) -> None:
    api.post(f"/threads/{run['thread_id']}/messages", {"role": "user", "content": text})


def test_runs_have_their_turn_in_the_order_they_came(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    model = Scripted([waits_for(go_on) + says("One"), "Two", "Three"])
    api = scripted_engine(model=model, busy="queue")
    first = api.run(api.thread("first"))
    say(api, first, "second")
    second = again(api, first)
    third = again(api, first, additional_messages=[{"role": "user", "content": "third"}])
    assert [api.get(path_of(run))["status"] for run in (second, third)] == ["queued", "queued"]
    go_on.set()
    assert [api.finished(run)["status"] for run in (third, second, first)] == ["completed"] * 3
    assert texts(model, 0) == ["first"]
    assert texts(model, 1) == ["first", "One", "second"]
    assert texts(model, 2) == ["first", "One", "second", "Two", "third"]


def test_a_queued_run_is_streamed_when_its_turn_comes(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.", "Hello")
    waiting = api.waiting_run()
    with ThreadPoolExecutor(1) as pool:
        thread = {"id": waiting["thread_id"]}
        streamed = pool.submit(api.on(busy="queue").run_stream, thread, assistant_id=waiting["assistant_id"])
        while len(api.get(f"/threads/{thread['id']}/runs")["data"]) < 2:
            pass
        assert api.submit(waiting)[-1].data["status"] == "completed"
        events = streamed.result()
    assert names(events)[:3] == ["run.created", "run.queued", "run.in_progress"]
    assert events[-1].data["status"] == "completed"
    assert "in_line" not in events[0].data


def test_rejecting_is_the_default_and_headers_come_first(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf), busy="queue")
    run = api.run()
    strict = api.on(busy="reject")
    path = f"/threads/{run['thread_id']}"
    refused = strict.refused(f"{path}/runs", {"assistant_id": run["assistant_id"]})
    assert refused == (400, f"Thread {run['thread_id']} already has an active run {run['id']}.")
    assert strict.refused(f"{path}/messages", {"role": "user", "content": "Hello?"})[0] == 400


@pytest.mark.parametrize("how", ["cancel", "expire"])
def test_a_run_that_never_had_its_turn(scripted_engine: ScriptedEngine, how: str) -> None:
    api = scripted_engine(pauses(math.inf), busy="queue")
    first = api.run()
    second = again(api.on(expires_in="0.1") if how == "expire" else api, first)
    third = again(api, first)
    if how == "cancel":
        assert api.post(f"{path_of(second)}/cancel")["status"] == "cancelling"
    ended = api.finished(second)
    assert (ended["status"], ended["started_at"]) == ("cancelled" if how == "cancel" else "expired", None)
    assert [api.get(path_of(run))["status"] for run in (first, third)] == ["in_progress", "queued"]


def test_a_run_that_waits_for_outputs_and_expires_lets_the_next_one_begin(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Hello", busy="queue")
    waiting = api.on(expires_in="0.3").run()
    assert api.finished(again(api, waiting))["status"] == "completed"
    assert api.get(path_of(waiting))["status"] == "expired"


def test_deleting_a_thread_ends_its_line(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([pauses(math.inf), "Hello"])
    api = scripted_engine(model=model, busy="queue")
    first = api.run()
    second = again(api, first)
    api.delete(f"/threads/{first['thread_id']}")
    assert api.refused(path_of(second), method="GET")[0] == 404
    assert api.finished(api.run())["status"] == "completed"
    assert len(model.requests) == 2


def test_many_runs_for_one_thread_at_once(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: "Hello"), busy="queue")
    first = api.run()
    with ThreadPoolExecutor(8) as pool:
        runs = [made.result() for made in [pool.submit(again, api, first) for _ in range(40)]]
    assert {api.finished(run)["status"] for run in runs} == {"completed"}
    assert len(api.get(f"/threads/{first['thread_id']}/messages", limit=100)["data"]) == 42


def test_a_line_survives_a_restart_in_its_order(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={})]), busy="queue") as engine:
        api = connect(engine)
        waiting = api.waiting_run()
        say(api, waiting, "second")
        second = again(api, waiting)
        say(api, waiting, "third")
        third = again(api, waiting)
    model = Scripted(["Sunny.", "Two", "Three"])
    with Engine(path, model=model) as engine:
        api = connect(engine)
        assert [api.get(path_of(run))["status"] for run in (second, third)] == ["queued", "queued"]
        api.submit(waiting)
        assert [api.finished(run)["status"] for run in (third, second)] == ["completed", "completed"]
    assert texts(model, 2)[-3:] == ["second", "Two", "third"]


def test_a_line_whose_database_is_in_trouble_for_a_moment(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    api = scripted_engine(waits_for(go_on := threading.Event()) + says("One"), "Two", busy="queue")
    first = api.run()
    second = again(api, first)
    call, failed = Lines.call, threading.Event()

    async def once_in_trouble(lines: Lines, thread_id: str) -> None:
        if not failed.is_set():
            failed.set()
            raise StoreError("database is locked")
        await call(lines, thread_id)

    monkeypatch.setattr(Lines, "call", once_in_trouble)
    monkeypatch.setattr("assistream.engine.runner.AGAIN", 0.01)
    go_on.set()
    assert api.finished(second)["status"] == "completed"
    assert "cannot begin; it is tried again" in caplog.text


def test_interrupting_runs(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Half of") + pauses(math.inf), "Done"])
    api = scripted_engine(model=model)
    first = api.run()
    queued = again(api.on(busy="queue"), first)
    third = again(api.on(busy="interrupt"), first)
    assert [api.get(path_of(run))["status"] for run in (first, queued)] == ["cancelled", "cancelled"]
    assert api.finished(third)["status"] == "completed"


def test_interrupting_messages(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Done", busy="interrupt")
    first = api.waiting_run()
    assert calls_of(first)
    say(api, first, "Never mind.")
    assert api.get(path_of(first))["status"] == "cancelled"
    assert api.finished(again(api, first))["status"] == "completed"


def test_a_run_for_a_thread_that_is_not_there(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hello")
    body = {"assistant_id": api.assistant()["id"]}
    for busy in ("queue", "interrupt"):
        assert api.on(busy=busy).refused("/threads/thread_1/runs", body)[0] == 404
