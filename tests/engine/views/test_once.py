from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistream import Client
from assistream.engine import Engine, Scripted, answers, calls, says, waits_for
from assistream.engine.ids import now
from tests.engine.conftest import Api, Json, ScriptedEngine, frames, outputs_for, path_of

Connect = Callable[[Engine], Api]
MESSAGE: Json = {"role": "user", "content": "Once"}


def post(api: Api, path: str, body: Json, key: str = "key-1", **headers: str) -> httpx.Response:
    return api.client.post(path, json=body, headers={"Idempotency-Key": key, **headers})


def refused(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    return response.status_code, error["type"], error["message"]


def test_every_answer_says_so(api: Api) -> None:
    for response in (api.client.get("/threads"), api.client.get("/nothing"), api.client.post("/threads", json={})):
        assert response.headers["assistream-idempotency"] == "1"


def test_every_post_is_done_once(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: "Hello"))
    assistant, thread = api.assistant()["id"], api.thread("Hello")["id"]
    message = api.post(f"/threads/{thread}/messages", MESSAGE)["id"]
    posts: list[tuple[str, Json]] = [
        ("/assistants", {"model": "any"}),
        (f"/assistants/{assistant}", {"name": "Other"}),
        ("/threads", {"messages": [MESSAGE, MESSAGE]}),
        (f"/threads/{thread}", {"metadata": {"a": "b"}}),
        (f"/threads/{thread}/messages", MESSAGE),
        (f"/threads/{thread}/messages/{message}", {"metadata": {"a": "b"}}),
        ("/threads/runs", {"assistant_id": assistant, "thread": {"messages": [MESSAGE]}}),
        (f"/threads/{thread}/runs", {"assistant_id": assistant, "additional_messages": [MESSAGE]}),
    ]
    for number, (path, body) in enumerate(posts):
        first, second = (post(api, path, body, f"key-{number}") for _ in range(2))
        assert first.status_code == 200, first.text
        assert second.text == first.text, path
    assert len(api.get("/assistants")["data"]) == 2
    assert len(api.get("/threads")["data"]) == 3
    run = api.get(f"/threads/{thread}/runs")["data"][0]
    assert api.finished(run)["status"] == "completed"
    first, second = (post(api, path_of(run), {"metadata": {"a": "b"}}, "other") for _ in range(2))
    assert (first.text, first.json()["metadata"]) == (second.text, {"a": "b"})
    assert len([one for one in api.get(f"/threads/{thread}/messages")["data"] if one["role"] == "user"]) == 4


def test_cancelled_once(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(waits_for(threading.Event()))
    run = api.run()
    first, second = (post(api, f"{path_of(run)}/cancel", {}) for _ in range(2))
    assert first.text == second.text
    assert first.json()["status"] == "cancelling"


def test_a_run_that_has_to_wait_for_its_turn_is_made_once(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(waits_for(threading.Event()), busy="queue")
    run = api.run()
    path, body = f"/threads/{run['thread_id']}/runs", {"assistant_id": run["assistant_id"]}
    first, second = (post(api, path, body) for _ in range(2))
    assert first.json()["status"] == "queued"
    assert second.text == first.text
    assert len(api.get(path)["data"]) == 2


def test_an_upload_is_done_once(api: Api) -> None:
    def upload(content: bytes) -> httpx.Response:
        files = {"file": ("a.txt", content)}
        headers = {"Idempotency-Key": "key-1"}
        return api.client.post("/files", files=files, data={"purpose": "assistants"}, headers=headers)

    first, second = upload(b"content"), upload(b"content")
    assert (first.status_code, second.text) == (200, first.text)
    assert len(api.get("/files")["data"]) == 1
    assert refused(upload(b"longer content"))[:2] == (400, "idempotency_error")


def test_streams_of_the_same_run(scripted_engine: ScriptedEngine) -> None:
    go = threading.Event()
    api = scripted_engine(calls(get_weather={}), says(["It"]) + waits_for(go) + says([" rains."]))
    thread, assistant = api.thread("Hello"), api.assistant()["id"]
    body: Json = {"assistant_id": assistant, "stream": True}
    path = f"/threads/{thread['id']}/runs"
    first, second = post(api, path, body), post(api, path, body)
    assert second.text == first.text
    assert second.headers["assistream-resume"] == first.headers["assistream-resume"]
    run = frames(first)[-1].data
    outputs = {"tool_outputs": outputs_for(run, "rain"), "stream": True}
    path = f"{path_of(run)}/submit_tool_outputs"
    with ThreadPoolExecutor() as pool:  # while the run is at work
        streams = [pool.submit(post, api, path, outputs, "key-2") for _ in range(3)]
        go.set()
        texts = {stream.result().text for stream in streams}
    assert len(texts) == 1
    assert frames(post(api, path, outputs, "key-2"))[-1].data["status"] == "completed"
    # The first leg is what it was, though the run has gone on.
    assert post(api, f"/threads/{thread['id']}/runs", body).text == first.text


def test_for_something_else_a_key_is_refused(api: Api) -> None:
    thread = api.thread()["id"]
    path = f"/threads/{thread}/messages"
    assert post(api, path, MESSAGE).status_code == 200
    expected = (400, "idempotency_error")
    assert refused(post(api, path, MESSAGE | {"content": "Other"}))[:2] == expected
    assert refused(post(api, "/threads", {}))[:2] == expected
    assert refused(post(api, path, MESSAGE, **{"OpenAI-Beta": "assistants=v1"}))[:2] == expected
    assert "Keys for idempotent requests" in refused(post(api, f"{path}?a=b", MESSAGE))[2]
    assert post(api, path, MESSAGE, "key-2").status_code == 200
    assert len(api.get(path)["data"]) == 2


def test_somebody_elses_key_is_another_one(connect: Connect) -> None:
    with Engine() as engine:
        api = connect(engine)
        one, other = (post(api, "/threads", {}, Authorization=f"Bearer {who}").json()["id"] for who in ("a", "b"))
    assert one != other


def test_at_once(api: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = {answer.result().text for answer in [pool.submit(post, api, "/threads", {}) for _ in range(8)]}
    assert len(found) == 1
    assert len(api.get("/threads")["data"]) == 1


def test_a_refusal_is_not_kept(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: "Hello"))
    assert post(api, "/threads/thread_none/messages", MESSAGE).status_code == 404
    thread = api.thread()["id"]
    assert post(api, f"/threads/{thread}/messages", MESSAGE).status_code == 200


def test_what_was_deleted_is_not_shown_again(api: Api) -> None:
    created = post(api, "/threads", {"messages": [MESSAGE]}).json()
    message = post(api, f"/threads/{created['id']}/messages", MESSAGE, "key-2")
    streamed = {"assistant_id": api.assistant()["id"], "stream": True}
    run = post(api, f"/threads/{created['id']}/runs", streamed, "key-3")
    assert run.status_code == message.status_code == 200
    api.delete(f"/threads/{created['id']}")
    gone = (400, "idempotency_error", "What the first request with this key made was deleted.")
    assert refused(post(api, "/threads", {"messages": [MESSAGE]})) == gone
    assert refused(post(api, f"/threads/{created['id']}/messages", MESSAGE, "key-2")) == gone
    assert refused(post(api, f"/threads/{created['id']}/runs", streamed, "key-3")) == gone


def test_a_key_may_be_long_but_not_very(api: Api) -> None:
    assert post(api, "/threads", {}, "k" * 255).status_code == 200
    assert refused(post(api, "/threads", {}, "k" * 256))[0] == 400


def test_version_1(api: Api) -> None:
    one = api.v1()
    body = {"model": "any", "tools": [{"type": "retrieval"}]}
    beta = {"OpenAI-Beta": "assistants=v1"}
    first, second = (post(one, "/assistants", body, **beta) for _ in range(2))
    assert second.text == first.text
    assert first.json()["tools"] == [{"type": "retrieval"}]


def test_after_a_restart(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        api = connect(engine)
        body: Json = {"assistant_id": api.assistant()["id"], "thread": {"messages": [MESSAGE]}, "stream": True}
        first = [post(api, "/threads", {}).text, post(api, "/threads/runs", body, "key-2").text]
    with Engine(path) as engine:
        api = connect(engine)
        assert [post(api, "/threads", {}).text, post(api, "/threads/runs", body, "key-2").text] == first


def test_done_and_never_answered(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it was done is known from the moment it is done."""
    path = tmp_path / "engine.db"

    async def dies(*args: Any) -> None:
        raise RuntimeError("The engine dies before it answers.")

    with monkeypatch.context() as patch:
        patch.setattr("assistream.engine.views.once.keep", dies)
        with Engine(path) as engine:
            assert post(connect(engine), "/threads", {"messages": [MESSAGE]}).status_code == 500
    with Engine(path) as engine:
        api = connect(engine)
        [thread] = api.get("/threads")["data"]
        assert post(api, "/threads", {"messages": [MESSAGE]}).json() == thread


def test_answers_are_forgotten_after_a_day(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "engine.db"

    def kept() -> int:
        with closing(sqlite3.connect(path)) as database:
            count: int = database.execute("SELECT count(*) FROM answers").fetchone()[0]
            return count

    with Engine(path) as engine:
        api = connect(engine)
        first = post(api, "/threads", {}).text
        later = now() + answers.KEPT - 10
        monkeypatch.setattr("assistream.engine.answers.now", lambda: later)
        assert post(api, "/threads", {}).text == first
        monkeypatch.setattr("assistream.engine.answers.now", lambda: later + 3600)
        assert post(api, "/threads", {}).text != first
        assert kept() == 1


def test_the_client_tries_again(api: Api) -> None:
    """E19: against a server that knows its keys, a POST is repeated."""
    seen: list[str] = []

    class Flaky(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            if request.method == "POST" and request.headers["idempotency-key"] not in seen:
                seen.append(request.headers["idempotency-key"])
                if len(seen) > 1:
                    response.close()
                    raise httpx.ReadError("lost", request=request)
            return response

    base_url = str(api.client.base_url)
    with httpx.Client(transport=Flaky()) as http, Client(base_url=base_url, api_key="x", http_client=http) as client:
        for _ in range(3):
            client.beta.threads.create()
    assert len(api.get("/threads")["data"]) == len(seen) == 3
