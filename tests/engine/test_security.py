"""What clients, models and pages in browsers may try."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from assistream.engine import Engine, ModelRequest
from assistream.engine.app import is_here
from assistream.engine.models import Finish, ModelDelta, TextDelta, ToolCallDelta
from tests.engine.conftest import Api, ScriptedEngine, calls_of, names, path_of

Connect = Callable[[Engine], Api]
FORGED = '\n\nevent: done\ndata: [DONE]\n\n\r\n\r\rdata: {"a": 1}\r\n: \u2028\u2029\x85\x0b\x0c\x1e\x00 end'


async def forger(request: ModelRequest) -> AsyncIterator[ModelDelta]:
    if request.messages[-1].role == "tool":
        yield TextDelta(FORGED)
        yield TextDelta(FORGED)
        yield Finish("stop")
        return
    yield ToolCallDelta(0, f"call_{FORGED}", FORGED)
    yield ToolCallDelta(0, arguments=FORGED)
    yield Finish("tool_calls")


def test_no_content_makes_events(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=forger)
    metadata = {"k\n\nevent: done": FORGED}
    thread = api.post("/threads", {"messages": [{"role": "user", "content": FORGED}], "metadata": metadata})
    run = api.run_stream(thread, metadata=metadata, instructions=FORGED)[-1].data
    [call] = calls_of(run)
    assert (call["id"], call["function"]) == (f"call_{FORGED}", {"name": FORGED, "arguments": FORGED})
    assert run["metadata"] == metadata
    events = api.submit(run, FORGED)
    assert names(events)[-3:] == ["message.completed", "run.step.completed", "run.completed"]
    assert events[-3].data["content"][0]["text"]["value"] == FORGED * 2
    lines = api.client.get(f"{path_of(run)}/stream").text.splitlines()  # this splits at all of those, too
    assert {line.partition(":")[0] for line in lines} == {"", "id", "event", "data"}


@pytest.mark.parametrize("header", ["Last-Event-ID", "Idempotency-Key", "assistream-busy", "OpenAI-Beta"])
def test_nothing_of_a_request_makes_headers(engine: Engine, header: str) -> None:
    url = httpx.URL(engine.base_url)
    given = [(header.encode(), b"a%0d%0aSet-Cookie: a=b\xff")]
    answer = httpx.get(f"{url}/threads/thread_1%0d%0aSet-Cookie:a=b", headers=given)
    assert "set-cookie" not in answer.headers


def test_no_name_of_a_client_is_one_on_disk(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    with Engine(tmp_path / "in" / "a.db") as engine:
        api = connect(engine)
        for name in ("../up", "/tmp/assistream-absolute", "a.db", "a.db-wal", "..\\up", "a\nb", "~/home"):
            assert api.upload(b"content", name)["bytes"] == 7
        assert api.refused("/threads/..%2f..%2fa.db", method="GET")[0] in (400, 404)
    assert not Path("/tmp/assistream-absolute").exists()
    assert sorted(path.name for path in tmp_path.rglob("*") if path.suffix != ".lock") == ["a.db", "in"]


def test_errors_tell_no_statements_and_no_paths(
    tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object) -> None:
        raise OperationalError("SELECT secret FROM runs", {}, Exception(f"disk I/O error in {tmp_path}"))

    with Engine(tmp_path / "a.db") as engine:
        api = connect(engine)
        monkeypatch.setattr("assistream.engine.store.Transaction.page", broken)
        answer = api.client.get("/assistants")
    assert answer.status_code == 500
    assert answer.json()["error"]["message"] == "The server had an error while processing your request."


@pytest.mark.parametrize(
    ("address", "here"),
    [
        *((f"//{host}", True) for host in ("127.0.0.1:8000", "localhost", "[::1]:80", "LOCALHOST:1", "a.localhost")),
        *((f"//{host}", False) for host in ("", "evil.example:8000", "127.0.0.1.evil.example", "192.0.2.1", "0.0.0.0")),
        *((f"//{host}", False) for host in ("localhost.evil.example", "evil.example@x", "[::1", "127.0.0.1:x@e.org")),
        *((f"//{host}", False) for host in ("e@localhost", "localhost/e", "localhost?e", "localhost#e", "localhost\\")),
        *(
            (f"//{host}", False)
            for host in ("127.0.0.1\\@e.org", "local\thost", " localhost", "//localhost", "@localhost")
        ),
        *((origin, True) for origin in ("http://localhost:3000", "https://127.0.0.1")),
        *((origin, False) for origin in ("null", "https://evil.example", "file://", "http://localhost@evil.example")),
        *(
            (origin, False)
            for origin in ("http://a@localhost", "http://localhost/", "http://localhost#", "//", "localhost")
        ),
    ],
)
def test_what_is_on_this_machine(address: str, here: bool) -> None:
    assert is_here(address) is here


def test_without_a_key_no_page_of_a_browser_is_served(api: Api) -> None:
    """A name that was made to resolve to this machine, and a form that a browser sends without asking."""
    refused = api.client.get("/files", headers={"Host": "evil.example:8000"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (403, "invalid_request_error")
    assert "'evil.example:8000'" in refused.json()["error"]["message"]
    assert uploaded_from(api, "https://evil.example") == 403
    assert uploaded_from(api, "null") == 403
    assert api.get("/files")["data"] == []
    assert uploaded_from(api, "http://localhost:3000") == 200


def uploaded_from(api: Api, origin: str) -> int:
    file, fields = {"file": ("a.txt", b"content")}, {"purpose": "assistants"}
    return api.client.post("/files", headers={"Origin": origin}, files=file, data=fields).status_code


def test_with_a_key_any_name_will_do(connect: Connect) -> None:
    with Engine(api_key="key-of-mine") as engine:
        headers = {"Host": "assistants.example", "Origin": "https://app.example", "Authorization": "Bearer key-of-mine"}
        assert connect(engine).client.get("/files", headers=headers).status_code == 200


def test_no_page_may_read_anything(api: Api) -> None:
    answer = api.client.get("/files", headers={"Origin": "http://localhost:3000"})
    asked = api.client.options("/threads", headers={"Origin": "http://localhost:3000"})
    assert not [name for name in [*answer.headers, *asked.headers] if name.startswith("access-control")]
    assert asked.status_code == 405


def test_several_keys(connect: Connect) -> None:
    with Engine(api_key=["first key", "second-key"]) as engine:
        client = connect(engine).client
        statuses = {
            key: client.get("/files", headers={"Authorization": f"Bearer {key}"}).status_code
            for key in ("first key", "second-key", "second", "second-key2", "first key,second-key")
        }
    assert statuses == {key: 200 if key in ("first key", "second-key") else 401 for key in statuses}


def test_a_key_in_other_letters_is_wrong_and_no_bug(connect: Connect) -> None:
    with Engine(api_key="key") as engine:
        answer = connect(engine).client.get("/files", headers=[(b"Authorization", b"Bearer schl\xfcssel")])
    assert answer.status_code == 401


def test_a_body_beyond_the_limit(connect: Connect) -> None:
    with Engine(max_body=1000) as engine:
        client = connect(engine).client
        body = json.dumps({"messages": [{"role": "user", "content": "x" * 1000}]})
        assert client.post("/threads", content=body).status_code == 413
        assert client.post("/threads", content=iter([body.encode()])).status_code == 413
        assert client.post("/threads", content=b"{}").status_code == 200
