from __future__ import annotations

import json
import pickle
from typing import Any

import httpx
import pytest

from assistream._version import __version__
from assistream.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    RateLimitError,
)
from assistream.transport.call import Call, delete, get, post
from assistream.transport.settings import Settings
from assistream.transport.wire import (
    Server,
    answer_error,
    build_request,
    connection_error,
    failure,
    identified,
    readable,
    redirected,
    undecodable,
)
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


class Counted(httpx.Client):
    """One with a way of its own to make requests, which has to be asked."""

    asked = 0

    def build_request(self, *args: Any, **kwargs: Any) -> httpx.Request:
        self.asked += 1
        return super().build_request(*args, **kwargs)


@pytest.mark.parametrize(
    "call",
    [
        post("/threads", Thread, {"metadata": {"a": "\u00e9"}}),
        post("/threads", Thread, {"timeout": httpx.Timeout(3, read=None)}, empty=True),
        post(
            "/threads",
            Thread,
            {"extra_headers": {"accept": omit, "X-A": "1", "Content-Type": "text/json", "HOST": "h"}},
        ),
        post("/threads", Thread, {"extra_headers": {"Transfer-Encoding": "chunked"}}, empty=True),
        post("/threads", Thread, {"extra_headers": {"CONTENT-LENGTH": "2"}}),
        Call("PATCH", "/threads", Thread),
        get("/x", Thread, {"timeout": None, "extra_headers": {"user-agent": "mine"}}),
        delete("/\u00e9%2F", Thread, {}).streamed(),
    ],
)
def test_a_request_is_the_same_however_it_is_made(call: Call[Any]) -> None:
    known: dict[str, Any] = {"headers": [("X-Twice", "1"), ("x-twice", "2"), ("ACCEPT", "own"), ("X-a", "0")]}
    with httpx.Client(**known) as http, Counted(**known) as counted:
        quick, plain = (build_request(each, SETTINGS, call, "key") for each in (http, counted))
    assert counted.asked == 1
    assert quick.headers.raw == plain.headers.raw
    for seen in ("method", "url", "extensions", "content"):
        assert getattr(quick, seen) == getattr(plain, seen)
    streams: list[Any] = [quick.stream, plain.stream]
    assert list(streams[0]) == list(streams[1])


def replaced(*args: object, **kwargs: object) -> httpx.Request:
    return httpx.Request("GET", "http://elsewhere")


def test_what_a_client_adds_to_a_request_is_added() -> None:
    call = post("/threads", Thread, {})
    with httpx.Client(cookies={"a": "1"}) as http:
        assert build_request(http, SETTINGS, call, "key").headers["cookie"] == "a=1"
    with httpx.Client(params={"a": "1"}) as http:
        assert str(build_request(http, SETTINGS, call, "key").url).endswith("/threads?a=1")
    with httpx.Client() as http:
        vars(http)["build_request"] = replaced
        assert build_request(http, SETTINGS, call, "key").url.host == "elsewhere"


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


def test_what_only_one_version_has_is_asked_for_as_that_whatever_the_defaults() -> None:
    settings = Settings("http://h", default_headers={"openai-beta": "assistants=v2"})
    assert built(get("/x", Thread, {}, version="v1"), settings).headers.get_list("openai-beta") == ["assistants=v1"]
    call = get("/x", Thread, {"extra_headers": {"openai-beta": "mine"}}, version="v1")
    assert built(call, settings).headers.get_list("openai-beta") == ["mine"]
    assert built(get("/x", Thread, {}, version=None), settings).headers["openai-beta"] == "assistants=v2"


@pytest.mark.parametrize("value", ["s3cret\n", "s3cret\r\nX-Evil: 1", "s3cr\u00e9t", "s3cret\x00"])
def test_a_value_that_no_header_can_hold_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(ValueError, match="'api-key'") as raised:
        built(get("/x", Thread, {"extra_headers": {"api-key": value}}))
    assert "s3cr" not in str(raised.value)
    assert built(get("/x", Thread, {"extra_headers": {"X-A": " a\tb "}})).headers["x-a"] == "a\tb"


def answered(to: str, **headers: str) -> httpx.Response:
    """A redirect that httpx was told not to follow."""

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(307, headers={"location": to})

    sent = {"authorization": "s3cret", "api-key": "s3cret", "x-auth-token": "s3cret", "x-a": "1"}
    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        return http.post("http://h:1/v1", headers=sent, content=b"body")


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("/elsewhere", True),
        ("https://h:1/v1", True),
        ("http://other:1/v1", False),
        ("http://h:2/v1", False),
        ("http://h/v1", False),
    ],
)
def test_secrets_are_for_one_server(to: str, kept: bool) -> None:
    with httpx.Client(follow_redirects=True) as http:
        request = redirected(http, answered(to))
    assert request is not None
    assert request.headers["x-a"] == "1"
    assert {"api-key", "x-auth-token"} <= request.headers.keys() if kept else "s3cret" not in request.headers.values()
    assert failure(connection_error(httpx.ConnectError(""), request)).redirected


def test_a_redirect_is_followed_if_the_http_client_does_and_not_for_ever() -> None:
    answer = answered("/elsewhere")
    with httpx.Client() as http:
        assert redirected(http, answer) is None
    with httpx.Client(follow_redirects=True, max_redirects=2) as http:
        answer.history = [answer] * 2
        with pytest.raises(httpx.TooManyRedirects):
            redirected(http, answer)
    error = answer_error(answer)
    assert type(error) is APIStatusError
    assert str(error) == "Error code: 307 - The http_client does not follow this redirect to /elsewhere"


@pytest.mark.parametrize("charset", ["undefined", "idna", "hex", "rot13", "punycode", "no-such", "\u00e9"])
def test_a_charset_that_is_none_is_taken_for_utf_8(charset: str) -> None:
    headers = [(b"content-type", f"text/html; charset={charset}".encode())]
    response = httpx.Response(503, request=REQUEST, headers=headers, content="caf\u00e9".encode() + b"\xff")
    readable(response)
    assert answer_error(response).body == "caf\u00e9\ufffd"


def test_a_charset_that_is_one_is_kept() -> None:
    headers = {"content-type": "text/html; charset=latin-1"}
    response = httpx.Response(200, headers=headers, content=b"caf\xe9")
    readable(response)
    assert response.text == "caf\u00e9"


@pytest.mark.parametrize(("status", "kind"), [(200, APIResponseValidationError), (503, InternalServerError)])
def test_an_answer_that_is_not_compressed_as_it_says(status: int, kind: type[APIError]) -> None:
    response = httpx.Response(status, request=REQUEST, headers={"x-request-id": "req_1"})
    response.headers["content-encoding"] = "gzip"
    error = undecodable(response, httpx.DecodingError("no header"))
    assert type(error) is kind
    assert "not gzip, as it claims to be: no header" in str(error)
    assert (error.request_id, error.status_code) == ("req_1", status)
    assert failure(error).lasting is (status == 200)


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
        (b"[" * 100_000, "[" * 2000, "[" * 100_000),
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
