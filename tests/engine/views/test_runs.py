from __future__ import annotations

import threading

import pytest

from assistream.engine import calls, says, waits_for
from tests.engine.conftest import FUNCTION, Api, Json, ScriptedEngine, names, path_of


def test_a_new_run(api: Api) -> None:
    run = api.run(metadata={"a": "b"}, max_completion_tokens=16)
    assert run["id"].startswith("run_")
    expected = {
        "object": "thread.run",
        "status": "queued",
        "started_at": None,
        "expires_at": run["created_at"] + 600,
        "model": "any",
        "instructions": "Help.",
        "tools": [FUNCTION],
        "metadata": {"a": "b"},
        "max_completion_tokens": 16,
        "truncation_strategy": {"type": "auto", "last_messages": None},
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "response_format": "auto",
        "usage": None,
    }
    assert {key: run[key] for key in expected} == expected


def test_a_run_overrides_its_assistant(api: Api) -> None:
    run = api.run(model="other", instructions="Be short.", tools=[], temperature=0.1)
    assert (run["model"], run["instructions"], run["tools"], run["temperature"]) == ("other", "Be short.", [], 0.1)


def test_a_run_that_is_not_over_tells_when_to_ask_again(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(waits_for(go_on) + says("Hello"))
    run = api.run()
    for response in (api.client.get(path_of(run)), api.client.post(path_of(run), json={})):
        assert response.json()["id"] == run["id"]
        assert response.headers["openai-poll-after-ms"].isdigit()
    go_on.set()
    api.finished(run)
    assert "openai-poll-after-ms" not in api.client.get(path_of(run)).headers


def test_update(api: Api) -> None:
    run = api.run_stream()[-1].data
    changed = api.post(path_of(run), {"metadata": {"a": "b"}})
    assert changed == api.get(path_of(run)) == run | {"metadata": {"a": "b"}}
    assert api.post(path_of(run), {}) == changed
    assert api.post(path_of(run), {"metadata": None})["metadata"] == {}
    assert api.refused(path_of(run), {"status": "failed"}) == (400, "Unknown parameter: 'status'.")


def test_what_is_at_work_keeps_its_new_metadata(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("Let me") + waits_for(go_on) + calls(f={}), "Done")
    run = api.run(assistant_id=api.assistant(tools=[{"type": "function", "function": {"name": "f"}}])["id"])
    messages = f"/threads/{run['thread_id']}/messages"
    while len(found := api.get(messages)["data"]) < 2:
        pass
    message = f"{messages}/{found[0]['id']}"
    assert found[0]["status"] == "in_progress"
    for path in (path_of(run), message):
        assert api.post(path, {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    go_on.set()
    waiting = api.finished(run)
    events = api.submit(waiting)
    assert {one["metadata"]["a"] for one in (waiting, api.get(path_of(run)), api.get(message))} == {"b"}
    assert events[-1].data["metadata"] == {"a": "b"}
    assert api.get(message)["status"] == "completed"


def test_lists(api: Api) -> None:
    thread = api.thread("Hi")
    ids = [api.run_stream(thread)[-1].data["id"] for _ in range(3)]
    assert [run["id"] for run in api.get(f"/threads/{thread['id']}/runs")["data"]] == ids[::-1]


def test_create_thread_and_run(api: Api) -> None:
    thread = {"messages": [{"role": "user", "content": "Hi"}], "metadata": {"a": "b"}}
    run = api.post("/threads/runs", {"assistant_id": api.assistant()["id"], "thread": thread})
    assert (run["object"], run["status"]) == ("thread.run", "queued")
    assert api.get(f"/threads/{run['thread_id']}")["metadata"] == {"a": "b"}
    assert api.finished(run)["status"] == "completed"


def test_create_thread_and_run_streamed(api: Api) -> None:
    events = api.stream("/threads/runs", {"assistant_id": api.assistant()["id"]})
    assert names(events)[:4] == ["created", "run.created", "run.queued", "run.in_progress"]
    assert events[0].data["id"] == events[1].data["thread_id"]
    assert events[0].id == "1"


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"assistant_id": "asst_x"}, (404, "No assistant found with id 'asst_x'.")),
        ({}, (400, "Missing required parameter: 'assistant_id'.")),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_refused_before_it_begins(api: Api, body: Json, refused: tuple[int, str], stream: bool) -> None:
    for path in (f"/threads/{api.thread('Hi')['id']}/runs", "/threads/runs"):
        assert api.refused(path, body | {"stream": stream}) == refused


def test_a_run_needs_something_to_answer(api: Api) -> None:
    silent = api.assistant(instructions="")["id"]
    expected = (400, "Run creation requires a Thread with a user message or an assistant with instructions.")
    thread = api.thread()
    assert api.refused(f"/threads/{thread['id']}/runs", {"assistant_id": silent}) == expected
    assert api.refused("/threads/runs", {"assistant_id": silent}) == expected
    api.run(thread, assistant_id=silent, additional_messages=[{"role": "user", "content": "Hi"}])


@pytest.mark.parametrize("action", ["", "/cancel", "/submit_tool_outputs", "/steps"])
def test_no_such_run(api: Api, action: str) -> None:
    run = api.run_stream()[-1].data
    other = api.thread()["id"]
    method = "GET" if action in ("", "/steps") else "POST"
    path = f"/threads/{other}/runs/{run['id']}{action}"
    refused = api.refused(path, {"tool_outputs": []}, method=method)
    assert refused == (404, f"No run found with id '{run['id']}'.")


def test_submit_needs_a_body(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hello")
    path = f"{path_of(api.run())}/submit_tool_outputs"
    assert api.refused(path) == (400, "Missing required parameter: 'tool_outputs'.")
