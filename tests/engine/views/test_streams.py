from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistream.engine import Engine, calls
from tests.engine.conftest import Api, ScriptedEngine, frames, path_of


def test_every_stream_says_where_its_rest_is(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.", "Hello")
    thread, assistant = api.thread("Hello"), api.assistant()["id"]
    body = {"assistant_id": assistant, "stream": True}
    created = api.client.post(f"/threads/{thread['id']}/runs", json=body)
    run = frames(created)[-1].data
    address = f"/v1{path_of(run)}/stream?leg="
    assert created.headers["assistream-resume"] == f"{address}0"
    call = run["required_action"]["submit_tool_outputs"]["tool_calls"][0]["id"]
    outputs = {"tool_outputs": [{"tool_call_id": call, "output": "sunny"}], "stream": True}
    submitted = api.client.post(f"{path_of(run)}/submit_tool_outputs", json=outputs)
    assert submitted.headers["assistream-resume"] == f"{address}{frames(created)[-1].id}"
    with_thread = api.client.post("/threads/runs", json=body)
    ended = frames(with_thread)[-1].data
    assert with_thread.headers["assistream-resume"] == f"/v1{path_of(ended)}/stream?leg=0"
    for answer in (created, submitted, with_thread):
        again = api.client.get(answer.headers["assistream-resume"].removeprefix("/v1"))
        assert again.text == answer.text
        assert again.headers["assistream-resume"] == answer.headers["assistream-resume"]
        assert again.headers["content-type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "٣", "9" * 30, str(2**53 + 1)])
def test_what_is_no_number_of_an_event(api: Api, last: str) -> None:
    run = api.run_stream()[-1].data
    response = api.client.get(f"{path_of(run)}/stream", headers={b"Last-Event-ID": last.encode()})
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("Invalid 'Last-Event-ID': '")


@pytest.mark.parametrize("leg", ["x", "-1", str(2**53 + 1)])
def test_what_is_no_leg(api: Api, leg: str) -> None:
    run = api.run_stream()[-1].data
    assert api.refused(f"{path_of(run)}/stream?leg={leg}", method="GET")[0] == 400


def test_an_empty_last_event_is_none(api: Api) -> None:
    events = api.run_stream()
    assert api.follow(events[-1].data, last="") == events


def test_what_is_not_there(api: Api) -> None:
    run = api.run_stream()[-1].data
    other = api.thread()["id"]
    assert api.refused(f"/threads/{other}/runs/{run['id']}/stream", method="GET")[0] == 404
    assert api.refused(f"/threads/{run['thread_id']}/runs/run_none/stream", method="GET") == (
        404,
        "No run found with id 'run_none'.",
    )


def times(text: str) -> list[int]:
    return [int(line.removeprefix(": at ")) for line in text.splitlines() if line.startswith(": at ")]


def test_when_events_came_is_told_to_who_asks_live_and_from_the_log(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.")
    timed = {"assistream-times": "yes"}
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    created = api.client.post("/threads/runs", json=body, headers=timed)
    events = frames(created)
    path = f"{path_of(events[-1].data)}/stream"
    assert len(times(created.text)) == len(events)
    assert times(created.text) == sorted(times(created.text))
    assert api.client.get(path, headers=timed).text == created.text
    rest = api.client.get(path, headers=timed | {"Last-Event-ID": events[2].id})
    assert (frames(rest), times(rest.text)) == (events[3:], times(created.text)[3:])
    for asked in ({}, {"assistream-times": "no"}):
        plain = api.client.get(path, headers=asked)
        assert times(plain.text) == []
        assert frames(plain) == events


def test_times_outlive_the_engine(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    timed = {"assistream-times": "yes"}
    with Engine(tmp_path / "x.db") as engine:
        run = connect(engine).run_stream()[-1].data
        before = connect(engine).client.get(f"{path_of(run)}/stream", headers=timed).text
    with Engine(tmp_path / "x.db") as engine:
        assert connect(engine).client.get(f"{path_of(run)}/stream", headers=timed).text == before
    assert times(before)


def test_times_in_version_1(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hello")
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    headers = {"OpenAI-Beta": "assistants=v1", "assistream-times": "yes"}
    response = api.client.post("/threads/runs", json=body, headers=headers)
    assert len(times(response.text)) == len(frames(response))
