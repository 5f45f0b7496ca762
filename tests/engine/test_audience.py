"""Runs whose clients go away."""

from __future__ import annotations

import math
import threading
from contextlib import ExitStack
from typing import Any

import pytest

from assistream.engine import Scripted, calls, pauses, says, waits_for
from tests.engine.conftest import Api, Json, ScriptedEngine, path_of


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.audience.AWAY", 0.1)


def drop(api: Api, **options: Any) -> Json:
    """A run whose stream is left in the middle of its first words."""
    path = f"/threads/{api.thread('Hi')['id']}/runs"
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    headers = api._version
    with api.client.stream("POST", path, json=body, headers=headers) as response:
        assert any("Half" in line for line in response.iter_lines())
    run: Json = api.get(path)["data"][0]
    return run


@pytest.mark.parametrize("by", ["engine", "header"])
def test_nobody_follows_any_more(scripted_engine: ScriptedEngine, by: str) -> None:
    model = Scripted([says("Half of") + pauses(math.inf)])
    api = scripted_engine(model=model, cancel_on_disconnect=by == "engine")
    run = drop(api if by == "engine" else api.on(cancel_on_disconnect="yes"))
    assert api.finished(run)["status"] == "cancelled"
    assert model.answering == 0


def test_without_being_asked_to_nothing_is_cancelled(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("Half of") + waits_for(go_on), pauses(0.3), cancel_on_disconnect=True)
    run = drop(api.on(cancel_on_disconnect="no"))
    api.run_stream()  # longer than a client may be away
    go_on.set()
    assert api.finished(run)["status"] == "completed"


def test_who_comes_back_finds_the_run(scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.audience.AWAY", 30.0)
    go_on = threading.Event()
    api = scripted_engine(says("Half of") + waits_for(go_on) + says(" it"), cancel_on_disconnect=True)
    run = drop(api)
    with api.client.stream("GET", f"{path_of(run)}/stream") as response:
        lines = response.iter_lines()
        assert any("Half" in line for line in lines)
        go_on.set()
        assert "event: thread.run.completed" in list(lines)


def test_a_second_follower_is_enough(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("Half of") + waits_for(go_on), pauses(0.3), cancel_on_disconnect=True)
    path = f"/threads/{api.thread('Hi')['id']}/runs"
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    with ExitStack() as stack:
        with api.client.stream("POST", path, json=body) as first:
            assert any("Half" in line for line in first.iter_lines())
            [run] = api.get(path)["data"]
            second = stack.enter_context(api.client.stream("GET", f"{path_of(run)}/stream"))
        api.run_stream()
        go_on.set()
        assert "event: thread.run.completed" in list(second.iter_lines())


def test_a_run_that_waits_for_outputs_is_not_deserted(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), pauses(0.3), "Sunny.", cancel_on_disconnect=True)
    run = api.waiting_run()
    api.run_stream()
    assert api.submit(run)[-1].data["status"] == "completed"


def test_a_run_that_is_polled_is_not_deserted(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(0.3) + says("Hello"), cancel_on_disconnect=True)
    assert api.finished(api.run())["status"] == "completed"
