from __future__ import annotations

import json
import pickle
from typing import Any

import httpx
import pytest

from assistream._version import __version__
from assistream.errors import APIConnectionError, APIStatusError, APITimeoutError, RateLimitError
from assistream.transport.call import Call, delete, get, post
from assistream.transport.settings import Settings
from assistream.transport.wire import Server, answer_error, build_request, connection_error, failure, identified
from assistream.types import Thread, omit

SETTINGS = Settings("http://127.0.0.1:1/v1", api_key="key")
REQUEST = httpx.Request("POST", "http://me:s3cret@127.0.0.1:1/v1/threads?token=s3cret")


def built(call: Call[Any], settings: Settings = SETTINGS) -> httpx.Request:
    with httpx.Client() as http:
        return build_request(http, settings, call, settings.api_key if isinstance(settings.api_key, str) else None)


def test_a_request() -> None:
    request = built(post("/threads", Thread, {"metadata": {"a": "\u00e9"}, "extra_query": {"q": [1, 2]}}))
    assert (request.method, str(request.url)) == ("POST", "http://127.0.0.1:1/v1/threads?q%5B%5D=1&q%5B%5D=2")
    assert json.loads(request.read()) == {"metadata": {"a": "\u00e9"}}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Bearer key"
    assert request.headers["accept"] == "application/json"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert request.headers["user-agent"].startswith(f"assistream/{__version__} python/")
    assert [name for name in request.headers if "stainless" in name] == ["x-stainless-lang"]


def test_an_empty_post_has_no_body_and_a_delete_neither() -> None:
    for call in (post("/x", Thread, {}, empty=True), delete("/x", Thread, {})):
        assert built(call).read() == b""
        assert "content-type" not in built(call).headers


def test_without_a_key_none_is_sent() -> None:
    assert "authorization" not in built(get("/x", Thread, {}), Settings("http://h")).headers


def test_organization_project_and_default_query() -> None:
    settings = Settings("http://h", organization="org", project="proj", default_query={"api-version": "1", "a": "1"})
    request = built(get("/x", Thread, {"a": "2"}), settings)
    assert (request.headers["openai-organization"], request.headers["openai-project"]) == ("org", "proj")
    assert dict(request.url.params) == {"api-version": "1", "a": "2"}


def test_the_programs_headers_win_and_omit_takes_one_out() -> None:
    settings = Settings("http://h", api_key="k", default_headers={"openai-beta": "assistants=v1", "X-A": "1"})
    request = built(get("/x", Thread, {}), settings)
    assert request.headers.get_list("OpenAI-Beta") == ["assistants=v1"]
    request = built(get("/x", Thread, {"extra_headers": {"OPENAI-BETA": "other", "Authorization": omit}}), settings)
    assert request.headers.get_list("OpenAI-Beta") == ["other"]
    assert "authorization" not in request.headers
    assert request.headers["x-a"] == "1"


@pytest.mark.parametrize(
    ("client", "call", "sent"),
    [
        ("v2", "client", "assistants=v2"),
        ("v1", "client", "assistants=v1"),
        ("v2", "v1", "assistants=v1"),
        ("v1", "v2", "assistants=v2"),
        ("v1", None, None),
    ],
)
def test_which_version_of_the_api_is_asked_for(client: Any, call: Any, sent: str | None) -> None:
    settings = Settings("http://h", assistants_version=client)
    assert built(get("/x", Thread, {}, version=call), settings).headers.get("openai-beta") == sent


def test_an_upload_is_a_form_and_has_no_json() -> None:
    call = post("/files", Thread, {"file": b"x", "purpose": "p"}, files=("file",))
    with httpx.Client() as http:
        request = build_request(http, SETTINGS, call, None, {"file": b"x"})
    assert request.headers["content-type"].startswith("multipart/form-data")
    assert b'name="purpose"\r\n\r\np\r\n' in request.read()


@pytest.mark.parametrize(
    ("given", "read"), [({}, 600.0), ({"timeout": omit}, 600.0), ({"timeout": None}, None), ({"timeout": 3}, 3)]
)
def test_timeouts(given: dict[str, object], read: float | None) -> None:
    assert built(get("/x", Thread, given)).extensions["timeout"]["read"] == read


def test_keys_are_for_what_creates_something() -> None:
    assert identified(get("/x", Thread, {})).headers == {}
    keys = {str(identified(post("/x", Thread, {})).headers["Idempotency-Key"]) for _ in range(9)}
    assert len(keys) == 9


def test_a_server_is_known_by_any_answer() -> None:
    server = Server()
    server.learn(httpx.Headers({"assistream-idempotency": "0"}))
    assert not server.idempotent
    server.learn(httpx.Headers({"Assistream-Idempotency": "1"}))
    server.learn(httpx.Headers())
    assert server.idempotent


def test_connection_errors_say_where_and_keep_secrets() -> None:
    cause = httpx.ReadError("lost")
    error = connection_error(cause, REQUEST)
    assert type(error) is APIConnectionError
    assert str(error) == "Connection error: lost (POST http://127.0.0.1:1/v1/threads)"
    assert error.__cause__ is cause
    timeout = connection_error(httpx.ReadTimeout(""), REQUEST)
    assert type(timeout) is APITimeoutError
    assert "ReadTimeout" in str(timeout)


@pytest.mark.parametrize(
    ("exc", "sent", "lasting"),
    [
        (httpx.ConnectError(""), False, False),
        (httpx.ConnectTimeout(""), False, False),
        (httpx.PoolTimeout(""), False, False),
        (httpx.WriteError(""), True, False),
        (httpx.WriteTimeout(""), True, False),
        (httpx.ReadTimeout(""), True, False),
        (httpx.RemoteProtocolError(""), True, False),
        (httpx.ProxyError(""), True, False),
        (httpx.UnsupportedProtocol(""), True, True),
        (httpx.LocalProtocolError(""), True, True),
    ],
)
def test_e19_what_was_certainly_not_sent(exc: httpx.RequestError, sent: bool, lasting: bool) -> None:
    failed = failure(connection_error(exc, REQUEST))
    assert (failed.status, failed.sent, failed.lasting) == (None, sent, lasting)


def test_failures_with_an_answer() -> None:
    error = answer_error(httpx.Response(429, request=REQUEST, headers={"Retry-After": "3"}))
    assert isinstance(error, RateLimitError)
    failed = failure(error)
    assert (failed.status, failed.headers["retry-after"]) == (429, "3")


@pytest.mark.parametrize(
    ("content", "message", "body"),
    [
        (b'{"error": {"message": "No.", "code": "c"}}', "No.", {"message": "No.", "code": "c"}),
        (b'{"error": "No."}', "No.", "No."),
        (b'{"message": "No."}', "No.", {"message": "No."}),
        (b'{"detail": "No."}', '{"detail": "No."}', {"detail": "No."}),
        (b'{"error": null}', '{"error": null}', {"error": None}),
        (b"[1]", "[1]", [1]),
        (b"plain", "plain", "plain"),
        (b"", "I'm a teapot", None),
        (b"\xff\xfe", "\ufffd\ufffd", "\ufffd\ufffd"),
    ],
)
def test_error_bodies_of_all_kinds(content: bytes, message: str, body: object) -> None:
    response = httpx.Response(418, request=REQUEST, content=content, headers={"x-request-id": "req_1"})
    error = answer_error(response)
    assert type(error) is APIStatusError
    assert error.message == f"Error code: 418 - {message}"
    assert error.body == body
    assert error.request_id == "req_1"


def test_an_endless_error_text_is_cut() -> None:
    error = answer_error(httpx.Response(400, request=REQUEST, content=b"x" * 100_000))
    assert len(str(error)) < 3000


def test_errors_can_be_pickled() -> None:
    error = answer_error(httpx.Response(400, request=REQUEST, json={"error": {"message": "No."}}))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.status_code) == (type(error), str(error), 400)
