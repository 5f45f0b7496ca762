from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable

import httpx
import pytest

from assistream.engine import Engine, says, waits_for
from assistream.engine.routes import ROUTES
from tests.engine.conftest import Api, Json, ScriptedEngine
from tests.shared import require_shared

NO_BETA = (
    "You must provide the 'OpenAI-Beta' header to access the Assistants API."
    " Please try again by setting the header 'OpenAI-Beta: assistants=v2'."
)


def error(response: httpx.Response) -> tuple[int, Json]:
    return response.status_code, response.json()["error"]


@pytest.mark.parametrize("beta", ["assistants=v1", "assistants=v2", "other=v1, assistants=v2"])
def test_versions(api: Api, beta: str) -> None:
    assert api.client.get("/assistants", headers={"OpenAI-Beta": beta}).status_code == 200


@pytest.mark.parametrize("path", ["/assistants", "/threads/thread_1", "/threads/thread_1/runs"])
def test_without_a_version(api: Api, path: str) -> None:
    status, body = error(api.client.get(path, headers={"OpenAI-Beta": ""}))
    assert status == 400
    assert body == {"message": NO_BETA, "type": "invalid_request_error", "param": None, "code": "invalid_beta"}


@pytest.mark.parametrize("path", ["/nothing", "/threads/thread_1/runs/run_1/steps/step_1/more", "/assistants/"])
def test_no_such_path(api: Api, path: str) -> None:
    status, body = error(api.client.get(path))
    assert (status, body["message"]) == (404, f"Invalid URL (GET /v1{path})")


def test_outside_of_v1(api: Api) -> None:
    root = api.client.base_url.copy_with(path="/")
    for path in ("assistants", "v1", "v2/assistants"):
        status, body = error(api.client.get(root.join(path)))
        assert (status, body["message"]) == (404, f"Invalid URL (GET /{path})")


def test_files_and_models_need_no_version(api: Api) -> None:
    for path in ("/files", "/models", "/models/rehearsal"):
        assert api.client.get(path, headers={"OpenAI-Beta": ""}).status_code in (200, 404)
        assert "error" not in api.client.get("/files", headers={"OpenAI-Beta": ""}).json()


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "DELETE"])
def test_other_methods(api: Api, method: str) -> None:
    status, body = error(api.client.request(method, "/assistants"))
    assert (status, body["message"][:14]) == (405, f"Not allowed to {method}"[:14])


def test_every_route_of_the_published_documents() -> None:
    """Those of version 2 but for vector stores, which come later, and those of version 1."""
    for name in ("v1.scope.json", "v2.server.json"):
        paths: Json = json.loads(require_shared(f"openapi/{name}").read_text())["paths"]
        for path, methods in paths.items():
            if not path.startswith("/vector_stores"):
                assert {method.upper() for method in methods} <= set(ROUTES[path]), path


def test_no_such_method(api: Api) -> None:
    response = api.client.put("/assistants")
    status, body = error(response)
    assert (status, body["code"]) == (405, "method_not_supported")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_fixed_path_has_its_own_methods(api: Api) -> None:
    """`runs` is not the id of a thread."""
    response = api.client.get("/threads/runs")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_head_is_get_without_its_body(api: Api) -> None:
    response = api.client.head("/assistants")
    assert (response.status_code, response.content) == (200, b"")


def test_no_json(api: Api) -> None:
    status, body = error(api.client.post("/threads", content=b"{"))
    assert (status, body["message"]) == (400, "We could not parse the JSON body of your request.")


@pytest.mark.parametrize(
    ("given", "taken"), [("abc-1:2.3_4/5+6=", True), ("a b", False), ("a" * 129, False), ("", False), ("\xe4", False)]
)
def test_a_client_may_name_its_request(api: Api, given: str, taken: bool) -> None:
    answer = api.client.get("/assistants", headers=[(b"x-request-id", given.encode("latin-1"))])
    assert (answer.headers["x-request-id"] == given) is taken


@pytest.mark.parametrize("path", ["/assistants", "/nothing"])
def test_headers_of_every_answer(api: Api, path: str) -> None:
    headers = [api.client.get(path).headers for _ in range(2)]
    assert len({one["x-request-id"] for one in headers}) == 2
    assert re.fullmatch("req_[0-9a-f]{32}", headers[0]["x-request-id"])
    assert headers[0]["openai-version"] == "2020-10-01"
    assert headers[0]["openai-processing-ms"].isdigit()


def test_a_bug_is_a_server_error(
    connect: Callable[[Engine], Api], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("assistream.engine.store.Transaction.page", broken)
    with Engine() as engine:
        client = connect(engine).client
        response, again = client.get("/assistants"), client.get("/assistants/asst_1")
    status, body = error(response)
    connections = {one.extensions["network_stream"].get_extra_info("client_addr") for one in (response, again)}
    assert len(connections) == 1  # it stays usable
    assert (status, body["type"]) == (500, "server_error")
    assert "x-request-id" in response.headers
    assert "ZeroDivisionError" in caplog.text


def test_a_client_that_leaves_in_the_middle_of_a_body_is_no_bug(caplog: pytest.LogCaptureFixture) -> None:
    with Engine() as engine:
        url = httpx.URL(engine.base_url)
        head = (
            f"POST /v1/threads HTTP/1.1\r\nHost: {url.host}\r\nOpenAI-Beta: assistants=v2\r\nContent-Length: 99\r\n\r\n"
        )
        with socket.create_connection((url.host, url.port or 0)) as connection:
            connection.sendall(head.encode() + b"{")
        assert httpx.get(f"{engine.base_url}/assistants").status_code == 400
    assert "failed" not in caplog.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "You didn't provide an API key. Pass api_key=... to the client, or set ASSISTREAM_API_KEY: "),
        ({"Authorization": "Bearer wrong"}, "Incorrect API key provided: '***'. "),
        ({"Authorization": "Bearer sk-0123456789"}, "Incorrect API key provided: 'sk-***6789'. "),
        ({"Authorization": "key-of-mine"}, "Incorrect API key provided: '***'. "),
    ],
)
@pytest.mark.parametrize("path", ["/assistants", "/nothing"])
def test_keys(connect: Callable[[Engine], Api], given: dict[str, str], says: str, path: str) -> None:
    with Engine(api_key="key-of-mine") as engine:
        api = connect(engine)
        status, body = error(api.client.get(path, headers=given))
        right = api.client.get("/assistants", headers={"Authorization": "Bearer key-of-mine"})
    assert (status, body["code"]) == (401, "invalid_api_key")
    assert body["message"].startswith(says)
    assert "openai" not in body["message"]
    assert right.status_code == 200


def test_one_connection_serves_a_stream_and_what_follows(api: Api) -> None:
    with httpx.Client(
        base_url=api.client.base_url,
        headers=api.client.headers,
        limits=httpx.Limits(max_connections=1),
        timeout=httpx.Timeout(30, pool=1),
    ) as client:
        one = Api(client)
        ports = {one.client.get("/assistants").extensions["network_stream"].get_extra_info("client_addr")}
        for _ in range(3):
            one.run_stream()
            ports.add(one.client.get("/assistants").extensions["network_stream"].get_extra_info("client_addr"))
    assert len(ports) == 1


def test_headers_of_a_stream(api: Api) -> None:
    thread, assistant = api.thread("Hello"), api.assistant()
    body = {"assistant_id": assistant["id"], "stream": True}
    headers = api.client.post(f"/threads/{thread['id']}/runs", json=body).headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert headers["x-accel-buffering"] == "no"
    assert headers["assistream-idempotency"] == "1"


def test_a_silent_stream_is_kept_alive(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(waits_for(go_on) + says("Hello"), keepalive=0.01)
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", f"/threads/{api.thread('Hi')['id']}/runs", json=body) as response:
        lines = response.iter_lines()
        assert ": ping" in lines
        go_on.set()
        assert "data: [DONE]" in lines


def test_fixed_paths_come_before_those_with_ids() -> None:
    paths = list(ROUTES)
    assert paths.index("/threads/runs") < paths.index("/threads/{thread_id}")
