"""Many runs, and requests that meet a run in every one of its states."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import ContextVar
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from assistream.engine import Engine, ModelRequest, Scripted, calls, pauses, says, waits_for
from assistream.engine.claims import CLAIM
from assistream.engine.eventlog import Change, Channel
from assistream.engine.runner import GAP, Runner
from assistream.engine.tables import THREADS
from assistream.engine.terms import Terms
from assistream.engine.views.call import Services
from tests.engine.conftest import BETA, Api, Json, ScriptedEngine, calls_of, names, outputs_for, path_of
from tests.shared import ROOT

Connect = Callable[[Engine], Api]


def test_one_active_run_per_thread(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    run = api.run()
    thread, assistant = run["thread_id"], run["assistant_id"]
    refused = api.refused(f"/threads/{thread}/runs", {"assistant_id": assistant})
    assert refused == (400, f"Thread {thread} already has an active run {run['id']}.")
    refused = api.refused(f"/threads/{thread}/messages", {"role": "user", "content": "Hello?"})
    assert refused == (400, f"Can't add messages to {thread} while a run {run['id']} is active.")


def test_a_refused_run_leaves_nothing_behind(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    run = api.run()
    body = {"assistant_id": run["assistant_id"], "additional_messages": [{"role": "user", "content": "Never written"}]}
    api.refused(f"/threads/{run['thread_id']}/runs", body)
    assert len(api.get(f"/threads/{run['thread_id']}/messages")["data"]) == 1
    assert len(api.get(f"/threads/{run['thread_id']}/runs")["data"]) == 1


def test_of_runs_created_at_once_exactly_one_wins(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    body = {"assistant_id": api.assistant()["id"]}
    path = f"/threads/{api.thread('Hello')['id']}/runs"
    answers = at_once(lambda: api.client.post(path, json=body))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]
    winner = next(answer.json()["id"] for answer in answers if answer.status_code == 200)
    assert all(winner in answer.text for answer in answers)


def test_of_submits_at_once_exactly_one_wins(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), pauses(math.inf))
    run = api.waiting_run()
    path, body = f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs_for(run, "sunny")}
    answers = at_once(lambda: api.client.post(path, json=body))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]


def test_fifty_runs_at_once(scripted_engine: ScriptedEngine) -> None:
    model = Scripted(lambda request: f"You said: {request.messages[-1].text}")
    api = scripted_engine(model=model)
    assistant = api.assistant()["id"]

    def ask(number: int) -> str:
        events = api.run_stream(api.thread(f"number {number}"), assistant_id=assistant)
        assert events[-1].name == "thread.run.completed"
        text: str = events[-3].data["content"][0]["text"]["value"]
        return text

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(ask, range(50))) == [f"You said: number {number}" for number in range(50)]


def test_polling_to_the_end(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hello")
    run = api.run()
    assert run["status"] == "queued"
    assert run["usage"] is None
    done = api.finished(run)
    assert (done["status"], done["expires_at"]) == ("completed", None)
    assert done["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def test_submit_without_a_stream(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.")
    run = api.waiting_run()
    queued = api.post(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs_for(run, "")})
    assert (queued["status"], queued["required_action"]) == ("queued", None)
    assert api.finished(run)["status"] == "completed"


def test_two_legs_with_tools(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([calls(get_weather={}), calls(get_weather={}, get_time={}), "Done"])
    api = scripted_engine(model=model)
    second = api.submit(api.waiting_run())[-1].data
    assert len(calls_of(second)) == 2
    assert api.submit(second)[-1].data["status"] == "completed"


def test_outputs_that_do_not_fit(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}, get_time={}))
    run = api.waiting_run()
    path = f"{path_of(run)}/submit_tool_outputs"
    a, b = (call["id"] for call in calls_of(run))
    one = {"tool_call_id": a, "output": "1"}
    refused = api.refused(path, {"tool_outputs": [one]})
    assert refused == (400, f"Expected tool outputs for call_ids ['{a}', '{b}'], got ['{a}']")
    assert api.refused(path, {"tool_outputs": [one, one]}) == (400, f"Duplicate call_ids submitted: ['{a}', '{a}']")
    assert api.get(path_of(run))["status"] == "requires_action"


def test_outputs_for_a_run_that_does_not_wait(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.", pauses(math.inf))
    waiting = api.waiting_run()
    api.submit(waiting)
    body = {"tool_outputs": outputs_for(waiting, "sunny")}
    refused = api.refused(f"{path_of(waiting)}/submit_tool_outputs", body)
    assert refused == (400, 'Runs in status "completed" do not accept tool outputs.')
    run = api.run()
    code, text = api.refused(f"{path_of(run)}/submit_tool_outputs", body)
    assert (code, text.replace("queued", "in_progress")) == (
        400,
        'Runs in status "in_progress" do not accept tool outputs.',
    )


def test_cancel_a_waiting_run(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}))
    run = api.waiting_run()
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    assert api.finished(run)["cancelled_at"]
    [step] = api.get(f"{path_of(run)}/steps")["data"]
    assert step["status"] == "cancelled"
    api.post(f"/threads/{run['thread_id']}/messages", {"role": "user", "content": "Again"})


def test_cancel_a_queued_run(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    run = api.run()
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    assert api.finished(run)["status"] == "cancelled"


def test_cancel_a_run_that_is_over(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hello", says("", finish="length"))
    completed, incomplete = api.run_stream()[-1].data, api.run_stream()[-1].data
    assert api.refused(f"{path_of(completed)}/cancel") == (400, "Cannot cancel run with status 'completed'.")
    assert api.refused(f"{path_of(incomplete)}/cancel") == (400, "Cannot cancel run with status 'incomplete'.")


def test_of_cancels_at_once_exactly_one_wins(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    path = f"{path_of(api.run())}/cancel"
    answers = at_once(lambda: api.client.post(path))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]
    refused = {answer.json()["error"]["message"] for answer in answers if answer.status_code == 400}
    assert refused <= {"Cannot cancel run with status 'cancelling'.", "Cannot cancel run with status 'cancelled'."}


def test_a_waiting_run_expires(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Hello", run_ttl=1)
    run = api.waiting_run()
    while (late := api.get(path_of(run)))["status"] == "requires_action":
        pass
    assert (late["status"], late["required_action"], late["expires_at"]) == ("expired", None, run["expires_at"])
    [step] = api.get(f"{path_of(run)}/steps")["data"]
    assert step["status"] == "expired"
    assert step["expired_at"]
    body = {"tool_outputs": outputs_for(run, "sunny")}
    refused = api.refused(f"{path_of(run)}/submit_tool_outputs", body)
    assert refused == (400, 'Runs in status "expired" do not accept tool outputs.')
    assert api.run_stream({"id": run["thread_id"]})[-1].data["status"] == "completed"


def test_a_clock_that_jumped_expires_runs_when_they_are_looked_at(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = scripted_engine(calls(get_weather={}), calls(get_weather={}), "Hello")
    first, second = api.waiting_run(), api.waiting_run()
    monkeypatch.setattr("assistream.engine.runner.time.time", lambda: first["expires_at"] + 5.0)
    assert api.get(path_of(first))["status"] == "expired"
    # A thread is free again for a message as soon as its run is late.
    api.post(f"/threads/{second['thread_id']}/messages", {"role": "user", "content": "Again"})


def test_a_run_goes_on_when_its_client_is_gone(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("First") + waits_for(go_on) + says(" second"))
    path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", path, json=body) as response:
        assert any("First" in line for line in response.iter_lines())
    go_on.set()
    [run] = api.get(path)["data"]
    assert api.finished(run)["status"] == "completed"
    newest = api.get(f"/threads/{run['thread_id']}/messages")["data"][0]
    assert newest["content"][0]["text"]["value"] == "First second"


def test_a_waiting_run_survives_a_restart(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={"city": "Oslo"})])) as engine:
        run = connect(engine).waiting_run()
    with Engine(path, model=(model := Scripted(["Sunny."]))) as engine:
        api = connect(engine)
        assert api.get(path_of(run)) == run
        events = api.submit(run)
        assert events[-1].data["status"] == "completed"
    assert [message.role for message in model.requests[0].messages] == ["system", "user", "assistant", "tool"]


def test_numbers_go_on_after_a_restart(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={})])) as engine:
        first = connect(engine).run_stream()
    with Engine(path, model=Scripted(["Sunny."])) as engine:
        second = connect(engine).submit(first[-1].data)
    # With a gap: were the log not whole, no number that a client knows would come again.
    assert int(second[0].id) == int(first[-1].id) + GAP + 1


def test_closing_fails_what_is_in_progress(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    model = Scripted([pauses(math.inf), "Hello"])
    with Engine(path, model=model) as engine:
        api = connect(engine)
        run = api.run()
        until_answering(model)
    assert model.answering == 0
    with Engine(path, model=model) as engine:
        api = connect(engine)
        failed = api.get(path_of(run))
        assert (failed["status"], failed["last_error"]["code"]) == ("failed", "server_error")
        assert api.run_stream({"id": run["thread_id"]})[-1].data["status"] == "completed"


def test_a_stream_is_told_when_the_engine_closes(connect: Connect) -> None:
    engine = Engine(model=Scripted([says("Half of") + pauses(math.inf)])).start()
    api = connect(engine)
    path, body = f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": api.assistant()["id"], "stream": True}
    closing = threading.Thread(target=engine.close)
    with api.client.stream("POST", path, json=body) as response:
        lines = response.iter_lines()
        assert any("Half" in line for line in lines)
        closing.start()
        rest = list(lines)
    closing.join()
    assert [line for line in rest if line.startswith("event")][-4:] == [
        "event: thread.message.incomplete",
        "event: thread.run.step.failed",
        "event: thread.run.failed",
        "event: done",
    ]


@pytest.mark.parametrize(
    ("status", "becomes"),
    [("queued", "expired"), ("in_progress", "expired"), ("cancelling", "cancelled"), ("requires_action", "expired")],
)
def test_what_a_dead_process_left(tmp_path: Path, connect: Connect, status: str, becomes: str) -> None:
    """Such a file cannot be made through the API, so its one run is written into it; its time is over."""
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={})])) as engine:
        run = connect(engine).waiting_run()
    rewrite(path, run | {"status": status, "expires_at": 1})
    with Engine(path) as engine:
        api = connect(engine)
        assert api.get(path_of(run))["status"] == becomes
        [step] = api.get(f"{path_of(run)}/steps")["data"]
        assert step["status"] == becomes


KILLED = """
from assistream.engine import Engine, Scripted, calls, pauses, says, uses
from assistream.engine.serve import serve
turns = [says("Half of it") + pauses(1e6), calls(get_weather={"city": "Oslo"}) + pauses(1e6)]
serve(Engine("a.db", model=Scripted(turns)), started=lambda engine: print(engine.base_url, flush=True))
"""


def test_what_a_killed_process_said_is_kept(tmp_path: Path, connect: Connect) -> None:
    command = [sys.executable, "-c", KILLED]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with httpx.Client(base_url=process.stdout.readline().strip(), headers=BETA) as client:
            spoken, called = Api(client).run(), Api(client).run()
            for run, needed in ((spoken, 3), (called, 7)):
                until_written(tmp_path / "a.db", run, needed)
        process.kill()
    with Engine(tmp_path / "a.db") as engine:
        api = connect(engine)
        assert api.get(path_of(spoken))["status"] == api.get(path_of(called))["status"] == "failed"
        [message] = api.get(f"/threads/{spoken['thread_id']}/messages", run_id=spoken["id"])["data"]
        assert (message["status"], message["content"][0]["text"]["value"]) == ("incomplete", "Half of it")
        [step] = api.get(f"{path_of(called)}/steps")["data"]
        [made] = step["step_details"]["tool_calls"]
        assert made["function"] == {"name": "get_weather", "arguments": '{"city": "Oslo"}', "output": None}


def until_written(path: Path, run: Json, needed: int) -> None:
    """Until the deltas of the run are in the file: a model that has paused adds none, and they are written at once."""
    query = "SELECT count(*) FROM events WHERE run_id = ? AND name LIKE '%.delta'"
    with closing(sqlite3.connect(path)) as connection:
        while connection.execute(query, (run["id"],)).fetchone()[0] < needed:
            time.sleep(0.01)


def test_runs_of_a_thread_that_is_being_deleted(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: "Hello"))
    assistant = api.assistant()["id"]
    for _ in range(10):
        thread = api.thread("Hello")["id"]
        message = {"role": "user", "content": "Again"}
        body = {"assistant_id": assistant, "additional_messages": [message]}
        with ThreadPoolExecutor(8) as pool:
            making = [pool.submit(api.client.post, f"/threads/{thread}/runs", json=body) for _ in range(7)]
            deleted = pool.submit(api.client.delete, f"/threads/{thread}").result()
        assert deleted.status_code == 200
        assert {made.result().status_code for made in making} <= {200, 400, 404}


def test_a_run_whose_thread_is_gone_when_it_is_written(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = scripted_engine("Hello")
    start = Runner.start

    async def late(runner: Runner, run: Json, before: Sequence[Change], terms: Terms) -> Channel:
        async with runner._store.transaction() as transaction:
            await transaction.delete(THREADS, run["thread_id"])
        return await start(runner, run, before, terms)

    monkeypatch.setattr(Runner, "start", late)
    thread, message = api.thread("Hello")["id"], {"role": "user", "content": "Again"}
    body = {"assistant_id": api.assistant()["id"], "additional_messages": [message]}
    assert api.refused(f"/threads/{thread}/runs", body) == (404, f"No thread found with id '{thread}'.")


def at_once(request: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to a request that eight threads make at the same time."""
    with ThreadPoolExecutor(8) as pool:
        return [future.result() for future in [pool.submit(request) for _ in range(8)]]


def until_answering(model: Scripted) -> None:
    while not model.answering:
        time.sleep(0.001)


def rewrite(path: Path, run: Json) -> None:
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    with closing(sqlite3.connect(path)) as connection, connection:
        values = run["status"], json.dumps(run | {"usage": usage}), run["id"]
        connection.execute("UPDATE runs SET status = ?, body = ? WHERE id = ?", values)


def test_a_deleted_thread_takes_its_run_along(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Half of") + pauses(math.inf), "Hello"])
    api = scripted_engine(model=model)
    run = api.run()
    until_answering(model)
    api.delete(f"/threads/{run['thread_id']}")
    assert model.answering == 0
    assert api.refused(path_of(run), method="GET")[0] == 404
    assert names(api.run_stream())[-1] == "run.completed"


def test_a_run_outlives_its_assistant(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.")
    run = api.waiting_run()
    api.delete(f"/assistants/{run['assistant_id']}")
    assert api.submit(run)[-1].data["status"] == "completed"
    assert api.get(path_of(run))["assistant_id"] == run["assistant_id"]


def test_a_run_has_its_request_in_its_context_but_for_the_claim(connect: Connect) -> None:
    """What it writes later is no answer to that request; who asked is known to models that look."""
    whose: ContextVar[str] = ContextVar("whose", default="nobody's")
    seen: list[object] = []

    class Marking(Engine):
        def _app(self, services: Services) -> ASGIApp:
            app = super()._app(services)

            async def marked(scope: Scope, receive: Receive, send: Send) -> None:
                whose.set("ours")
                await app(scope, receive, send)

            return marked

    async def look(request: ModelRequest) -> str:
        seen.extend((whose.get(), CLAIM.get()))
        return "Hi"

    with Marking(model=look) as engine:
        api = connect(engine)
        body = {"assistant_id": api.assistant()["id"], "stream": True}
        path = f"/threads/{api.thread('Hello')['id']}/runs"
        assert api.client.post(path, json=body, headers={"idempotency-key": "k"}).is_success
    assert seen == ["ours", None]
