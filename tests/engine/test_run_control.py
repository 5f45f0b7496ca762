"""How many runs there may be at once, and what becomes of them when the engine closes."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from assistream import Client
from assistream.engine import Engine, ModelRequest, Scripted, calls, pauses, says, waits_for
from assistream.engine.models import Turn
from tests.engine.conftest import BETA, Api, Event, ScriptedEngine, frames_of, names, outputs_for, path_of
from tests.shared import ROOT

Connect = Callable[[Engine], Api]


def test_so_many_runs_are_worked_on_at_once(scripted_engine: ScriptedEngine) -> None:
    go_on, seen = threading.Event(), set[int]()

    def turn(request: ModelRequest) -> Turn:
        seen.add(model.answering)
        return waits_for(go_on) + says("Hello")

    model = Scripted(turn)
    api = scripted_engine(model=model, max_runs=3)
    runs = [api.run() for _ in range(12)]
    while model.answering < 3:
        time.sleep(0.001)
    assert sorted(api.get(path_of(run))["status"] for run in runs) == ["in_progress"] * 3 + ["queued"] * 9
    go_on.set()
    assert {api.finished(run)["status"] for run in runs} == {"completed"}
    assert seen == {0, 1, 2}


def test_runs_beyond_that_wait_queued(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(waits_for(go_on), calls(get_weather={}), "Sunny.", max_runs=1)
    first, second = api.run(), api.run()
    assert api.get(path_of(second))["status"] == "queued"
    go_on.set()
    waiting = api.finished(second)
    assert waiting["status"] == "requires_action"
    assert api.get(path_of(first))["status"] == "completed"
    assert api.submit(waiting)[-1].data["status"] == "completed"


def test_a_run_that_waits_for_outputs_takes_no_place(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Hello", max_runs=1, max_queued=0)
    api.waiting_run()
    assert api.run_stream()[-1].data["status"] == "completed"


@pytest.mark.parametrize("how", ["cancel", "expire"])
def test_a_run_that_ends_before_it_began(scripted_engine: ScriptedEngine, how: str) -> None:
    api = scripted_engine(pauses(math.inf), max_runs=1)
    api.run()
    second = (api.on(expires_in="0.1") if how == "expire" else api).run()
    if how == "cancel":
        assert api.post(f"{path_of(second)}/cancel")["status"] == "cancelling"
    assert api.finished(second)["started_at"] is None


def test_more_are_refused_for_now(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf), "Hello", "Hello again", max_runs=1, max_queued=1)
    first, _ = api.run(), api.run()
    thread = api.thread("Hello")
    path, body = f"/threads/{thread['id']}/runs", {"assistant_id": first["assistant_id"]}
    refused = api.client.post(path, json=body)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    assert api.get(path)["data"] == []
    api.post(f"{path_of(first)}/cancel")
    api.finished(first)
    assert api.run_stream(thread)[-1].data["status"] == "completed"


def followed(api: Api, engine: Engine, closing: threading.Thread) -> list[Event]:
    """The rest of a stream whose engine begins to close in the middle."""
    path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", path, json=body) as response:
        text = response.iter_text()
        whole = next(text)
        while "Half" not in whole:
            whole += next(text)
        closing.start()
        whole += "".join(text)
    closing.join()
    return frames_of(whole)


def test_runs_get_time_to_end(connect: Connect) -> None:
    engine = Engine(model=Scripted([says("Half of") + pauses(0.3) + says(" it")]), drain=30).start()
    events = followed(connect(engine), engine, threading.Thread(target=engine.close))
    assert events[-1].data["status"] == "completed"


def test_runs_that_need_longer_fail(connect: Connect) -> None:
    engine = Engine(model=Scripted([says("Half of") + pauses(math.inf)]), drain=0.2).start()
    events = followed(connect(engine), engine, threading.Thread(target=engine.close))
    assert names(events)[-3:] == ["message.incomplete", "run.step.failed", "run.failed"]


def test_while_it_closes_it_takes_no_runs_and_shows_what_there_is(connect: Connect) -> None:
    go_on = threading.Event()
    engine = Engine(model=Scripted([waits_for(go_on)]), drain=30).start()
    api = connect(engine)
    run, assistant, thread = api.run(), api.assistant(), api.thread("Hello")
    closing = threading.Thread(target=engine.close)
    closing.start()
    body = {"assistant_id": assistant["id"]}
    while (answer := api.client.post(f"/threads/{thread['id']}/runs", json=body)).status_code == 200:
        time.sleep(0.01)  # it has not begun to close
        thread = api.thread("Hello")
    assert (answer.status_code, answer.json()["error"]["type"]) == (503, "server_error")
    assert api.get(path_of(run))["status"] == "in_progress"
    go_on.set()
    closing.join()


def test_a_queued_run_goes_on_with_the_next_engine(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([pauses(math.inf)]), max_runs=1) as engine:
        api = connect(engine)
        first, second = api.run(), api.run()
        path_of_third, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": first["assistant_id"]}
        with api.client.stream("POST", path_of_third, json=body | {"stream": True}) as response:
            text = next(pieces := response.iter_text())
            engine.close()
            text += "".join(pieces)
    assert [line for line in text.splitlines() if line.startswith("event")][-1] == "event: thread.run.queued"
    with Engine(path, model=Scripted(lambda request: "Hello")) as engine:
        api = connect(engine)
        assert api.finished(second)["status"] == "completed"
        assert api.get(path_of(first))["status"] == "failed"


def test_a_stream_of_a_queued_run_goes_on_with_the_next_engine(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([pauses(math.inf)]), max_runs=1) as engine:
        port = int(engine.base_url.rpartition(":")[2].partition("/")[0])
        with Client(base_url=engine.base_url, max_retries=8) as client:
            assistant = client.beta.assistants.create(model="any", instructions="Help.")
            client.beta.threads.create_and_run(assistant_id=assistant.id)
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
            with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
                while next(stream).event != "thread.run.queued":
                    pass
                engine.close()
                with Engine(path, port=port, model=Scripted(lambda request: "Hello")):
                    names = [event.event for event in stream]
                    assert stream.get_final_run().status == "completed"
    assert (names[0], names[-1]) == ("thread.run.in_progress", "thread.run.completed")
    assert all(names.count(name) == 1 for name in names if name != "thread.message.delta")


def test_outputs_that_were_accepted_are_not_lost_with_the_engine(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={}), pauses(math.inf)]), max_runs=1) as engine:
        api = connect(engine)
        waiting = api.waiting_run()
        api.run()
        body = {"tool_outputs": outputs_for(waiting, "sunny")}
        assert api.post(f"{path_of(waiting)}/submit_tool_outputs", body)["status"] == "queued"
    with Engine(path, model=(model := Scripted(["Sunny."]))) as engine:
        assert connect(engine).finished(waiting)["status"] == "completed"
    assert model.requests[0].messages[-1].text == "sunny"


SERVING = """
from assistream.engine import Engine, Scripted, pauses, says
from assistream.engine.serve import serve
model = Scripted([says("Half of") + pauses({pause}) + says(" it")])
serve(Engine("a.db", model=model, drain=60), started=lambda engine: print(engine.base_url, flush=True))
"""


@pytest.mark.parametrize(("pause", "signals", "status"), [("0.5", 1, "completed"), ("1e6", 2, "failed")])
def test_a_program_ends_with_its_runs_or_at_the_second_signal(
    tmp_path: Path, connect: Connect, pause: str, signals: int, status: str
) -> None:
    command = [sys.executable, "-W", "error", "-c", SERVING.replace("{pause}", pause)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with httpx.Client(base_url=process.stdout.readline().strip(), headers=BETA) as client:
            api = Api(client)
            path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"]}
            with client.stream("POST", path, json=body | {"stream": True}) as response:
                lines = response.iter_lines()
                assert any("Half" in line for line in lines)
                process.send_signal(signal.SIGTERM)
                if signals == 2:
                    _until_closed(str(client.base_url))
                    process.send_signal(signal.SIGTERM)
                assert f"event: thread.run.{status}" in list(lines)
        assert process.wait(30) == 0


def _until_closed(address: str) -> None:
    """Until nobody is let in any more."""
    while True:
        try:
            httpx.get(address)
        except httpx.ConnectError:
            return
        time.sleep(0.01)
