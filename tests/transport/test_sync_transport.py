# Written by scripts/unasync.py from test_async_transport.py; edit that file instead.
"""`Transport` over a real socket; httpx's mock only for what no server can do: faults before a request is sent."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, FileIO
from pathlib import Path

import httpx
import pytest

from assistream.errors import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    UsageError,
)
from assistream.transport._sync import Transport
from assistream.transport.call import Call, delete, get, post
from assistream.transport.flows import Flow, Sleep, Told, perform, perform_together
from assistream.transport.settings import Settings
from assistream.types import FileObject, Thread

from ..frames import thread
from ..wire import Step, Wire, answer, end, hang, hang_up, head, pause, reset, script, send, until

GET = get("/threads/thread_1", Thread, {})
POST = post("/threads", Thread, {})
DELETE = delete("/threads/thread_1", Thread, {})


def refusal(status: int, **headers: str) -> Step:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer({"error": {"message": "Not now."}}, status, headers=named)


def test_send_gives_the_answer_and_what_is_in_it(server: Wire, transport: Transport) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    response = transport.send(GET)
    assert (response.status_code, response.request_id, response.retries_taken) == (200, "req_1", 0)
    assert response.parse().id == "thread_1"


def test_one_connection_serves_many_calls(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()), times=3)
    for _ in range(3):
        transport.send(GET)
    assert [connection.requests for connection in server.connections] == [3]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
@pytest.mark.parametrize("call", [GET, DELETE], ids=["get", "delete"])
@pytest.mark.usefixtures("at_once")
def test_what_is_repeatable_is_tried_again(server: Wire, transport: Transport, call: Call[Thread], status: int) -> None:
    server.add(refusal(status), times=2)
    server.add(answer(thread()))
    assert (transport.send(call)).retries_taken == 2
    assert len(server.requests) == 3


@pytest.mark.usefixtures("at_once")
def test_a_lost_connection_is_tried_again(server: Wire, transport: Transport) -> None:
    server.add(reset())
    server.add(head(content_type="application/json"), send(b'{"id": "thr'), reset())
    server.add(answer(thread()))
    assert (transport.send(GET)).retries_taken == 2


@pytest.mark.usefixtures("at_once")
def test_retries_come_to_an_end(server: Wire, transport: Transport) -> None:
    server.add(refusal(500), times=9)
    with pytest.raises(InternalServerError, match="Not now"):
        transport.send(GET)
    assert len(server.requests) == 3


def test_no_retries_on_request(server: Wire, transport: Transport, settings: Settings) -> None:
    server.add(refusal(500), times=9)
    with pytest.raises(InternalServerError):
        transport.with_settings(replace(settings, max_retries=0)).send(GET)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
@pytest.mark.parametrize("headers", [{}, {"x_should_retry": "true", "retry_after": "0"}], ids=["plain", "advised"])
def test_e19_a_post_that_was_received_is_not_repeated(
    server: Wire, transport: Transport, status: int, headers: dict[str, str]
) -> None:
    server.add(refusal(status, **headers), times=9)
    with pytest.raises(APIStatusError) as raised:
        transport.send(POST)
    assert raised.value.status_code == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [reset(), hang_up(), script(head(content_type="application/json"), send(b"{"), reset())],
    ids=["reset", "hang up", "half an answer"],
)
def test_e19_a_post_whose_connection_is_lost_is_not_repeated(server: Wire, transport: Transport, fault: Step) -> None:
    server.add(fault, times=9)
    with pytest.raises(APIConnectionError) as raised:
        transport.send(POST)
    assert isinstance(raised.value.__cause__, httpx.TransportError)
    assert len(server.requests) == 1


def test_e19_a_post_that_timed_out_is_not_repeated(server: Wire, transport: Transport, settings: Settings) -> None:
    server.add(hang(), times=9)
    with pytest.raises(APITimeoutError) as raised:
        transport.with_settings(replace(settings, timeout=0.05)).send(POST)
    assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
    assert len(server.requests) == 1


def test_e19_opening_a_stream_is_a_post_like_any_other(server: Wire, transport: Transport) -> None:
    server.add(refusal(500), times=9)
    with pytest.raises(InternalServerError):
        transport.open(POST.streamed())
    assert len(server.requests) == 1


@pytest.mark.usefixtures("at_once")
def test_e19_a_post_that_the_limiter_refused_is_repeated(server: Wire, transport: Transport) -> None:
    server.add(refusal(429))
    server.add(answer(thread()))
    assert (transport.send(POST)).retries_taken == 1


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
@pytest.mark.usefixtures("at_once")
def test_e19_a_post_that_was_never_sent_is_repeated(settings: Settings, fault: type[httpx.TransportError]) -> None:
    faults: Iterator[httpx.TransportError] = iter([fault("no"), fault("no")])

    def handle(request: httpx.Request) -> httpx.Response:
        for error in faults:
            raise error
        return httpx.Response(200, json=thread())

    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        assert (Transport(settings, http).send(POST)).retries_taken == 2


@pytest.mark.parametrize("fault", [reset(), refusal(500), refusal(409)], ids=["reset", "500", "409"])
@pytest.mark.usefixtures("at_once")
def test_e19_a_server_that_knows_keys_gets_the_post_again(server: Wire, transport: Transport, fault: Step) -> None:
    server.add(answer(thread(), headers={"assistream-idempotency": "1"}), method="GET")
    server.add(fault, times=2, method="POST")
    server.add(answer(thread()), method="POST")
    transport.send(GET)
    assert (transport.send(POST)).retries_taken == 2
    keys = [request.headers["idempotency-key"] for request in server.requests if request.method == "POST"]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_every_post_has_a_key_of_its_own(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()), times=3)
    for call in (POST, POST, GET):
        transport.send(call)
    first, second, third = (request.headers.get("idempotency-key") for request in server.requests)
    assert first
    assert second not in {first, None}
    assert third is None


@pytest.mark.usefixtures("at_once")
def test_advice_not_to_retry_is_taken(server: Wire, transport: Transport) -> None:
    server.add(refusal(429, x_should_retry="false"), times=9)
    with pytest.raises(RateLimitError):
        transport.send(GET)
    assert len(server.requests) == 1


def test_an_address_that_is_none_is_not_tried_again(settings: Settings) -> None:
    transport = Transport(replace(settings, base_url="gopher://127.0.0.1"))
    with pytest.raises(APIConnectionError, match="gopher"):
        transport.send(GET)
    transport.close()


def test_error_answers(server: Wire, transport: Transport) -> None:
    server.add(answer({"error": {"message": "No thread.", "type": "t", "param": "p", "code": "c"}}, 404))
    server.add(answer(b"<h1>Bad gateway</h1>", 400, content_type="text/html"))
    server.add(answer({"detail": "busy"}, 409))
    with pytest.raises(NotFoundError, match=r"^Error code: 404 - No thread\.$") as missing:
        transport.send(POST)
    assert (missing.value.type, missing.value.param, missing.value.code) == ("t", "p", "c")
    with pytest.raises(BadRequestError, match="Bad gateway") as html:
        transport.send(POST)
    assert html.value.body == "<h1>Bad gateway</h1>"
    with pytest.raises(ConflictError, match="busy") as other:
        transport.send(POST)
    assert other.value.body == {"detail": "busy"}


def test_the_body_of_a_refused_stream_is_read(server: Wire, transport: Transport) -> None:
    server.add(refusal(400))
    server.add(answer(thread()))
    with pytest.raises(BadRequestError, match="Not now") as raised:
        transport.open(POST.streamed())
    assert raised.value.response.json() == {"error": {"message": "Not now."}}
    transport.send(GET)
    assert [connection.requests for connection in server.connections] == [2]


def test_an_answer_that_is_no_thread(server: Wire, transport: Transport) -> None:
    server.add(answer(b"<html>Welcome</html>", content_type="text/html"))
    response = transport.send(GET)
    with pytest.raises(APIResponseValidationError, match=r"answer with a Thread.*text/html.*<html>Welcome"):
        response.parse()


def test_a_flow_gets_results_and_waits(server: Wire, transport: Transport) -> None:
    server.add(answer(thread("thread_a")))
    server.add(answer(thread("thread_b")))

    def two() -> Flow[list[str]]:
        first = yield from perform(GET)
        yield Sleep(0)
        second = yield from perform(GET)
        return [first.id, second.id]

    assert transport.run(two()) == ["thread_a", "thread_b"]


def test_calls_of_a_flow_may_be_performed_together(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()), times=3)

    def three() -> Flow[list[str]]:
        threads = yield from perform_together([GET] * 3, 2)
        return [thread.id for thread in threads]

    assert transport.run(three()) == ["thread_1"] * 3
    assert 1 <= len(server.connections) <= 2


def test_the_error_of_one_of_them_is_the_error(server: Wire, transport: Transport) -> None:
    server.add(refusal(404), times=3)
    with pytest.raises(NotFoundError):
        transport.run(perform_together([GET] * 3, 2))


def test_what_a_flow_tells(transport: Transport) -> None:
    def telling() -> Flow[object]:
        return (yield Told("said"))

    assert transport.run(telling()) == "said"


def test_a_flow_that_fails_is_closed(server: Wire, transport: Transport) -> None:
    server.add(refusal(404))
    closed: list[bool] = []

    def failing() -> Flow[None]:
        try:
            yield GET
        finally:
            closed.append(True)

    with pytest.raises(NotFoundError):
        transport.run(failing())
    assert closed == [True]


# Redirects -----------------------------------------------------------------------------------------------------------


def leading(to: str, status: int = 303) -> Step:
    return answer({}, status, headers={"location": to})


def test_redirects_are_followed(server: Wire, transport: Transport) -> None:
    server.add(leading("/threads/thread_2", 307))
    server.add(answer(thread("thread_2"), headers={"assistream-idempotency": "1"}), path="/threads/thread_2")
    response = transport.send(POST)
    assert response.parse().id == "thread_2"
    assert [before.status_code for before in response.http_response.history] == [307]
    assert server.requests[1].content == server.requests[0].content == b"{}"
    assert len(server.connections) == 1
    assert not transport.server.idempotent  # that may be another one


@pytest.mark.parametrize("then", [refusal(429, retry_after_ms="0"), None], ids=["429", "nobody there"])
def test_e19_a_post_that_was_redirected_is_not_repeated(server: Wire, transport: Transport, then: Step | None) -> None:
    server.add(leading("/done" if then else "http://127.0.0.1:1/done"), path="/threads", times=9)
    if then:
        server.add(then, path="/done", times=9)
    with pytest.raises(RateLimitError if then else APIConnectionError):
        transport.send(POST)
    assert [request.path for request in server.requests] == ["/threads", "/done"][: 1 + bool(then)]


@pytest.mark.usefixtures("at_once")
def test_a_get_that_was_redirected_is(server: Wire, transport: Transport) -> None:
    server.add(leading("/elsewhere", 302), path="/threads/thread_1", times=2)
    server.add(refusal(429), path="/elsewhere")
    server.add(answer(thread()), path="/elsewhere")
    assert (transport.send(GET)).retries_taken == 1


def test_redirects_for_ever_come_to_an_end(server: Wire, transport: Transport, settings: Settings) -> None:
    server.add(leading("/threads/thread_1", 302), times=99)
    with pytest.raises(APIConnectionError, match="redirects"):
        transport.with_settings(replace(settings, max_retries=0)).send(GET)
    assert len(server.requests) == 21


def test_no_key_goes_to_another_server(server: Wire, transport: Transport, settings: Settings) -> None:
    with Wire() as other:
        server.add(leading(f"{other.url}/threads/thread_1", 307))
        other.add(answer(thread()))
        headers = {"X-Auth-Token": "s3cret", "X-A": "1"}
        secretive = replace(settings, api_key="s3cret", key_header="api-key", default_headers=headers)
        transport.with_settings(secretive).send(GET)
        assert server.requests[0].headers["api-key"] == "s3cret"
        assert other.requests[0].headers["x-a"] == "1"
        assert "s3cret" not in other.requests[0].headers.values()
        transport.close()


def test_a_redirect_that_is_not_followed_is_an_answer_that_says_no(server: Wire, settings: Settings) -> None:
    server.add(leading("/elsewhere", 302), times=2)
    transport = Transport(settings, httpx.Client())
    for ask in (transport.send, transport.open):
        with pytest.raises(APIStatusError, match="does not follow this redirect to /elsewhere") as raised:
            ask(POST)
        assert raised.value.status_code == 302
    transport.close()


# Answers of all kinds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["undefined", "hex"])
@pytest.mark.usefixtures("at_once")
def test_a_charset_that_is_none_is_no_reason_to_fail(server: Wire, transport: Transport, charset: str) -> None:
    content_type = f"text/plain; charset={charset}"
    server.add(answer(b"oops", 503, content_type=content_type))
    server.add(answer(b"caf\xc3\xa9\xff", content_type=content_type), times=2)
    response = transport.send(GET)
    assert (response.retries_taken, response.text) == (1, "caf\u00e9\ufffd")
    body = transport.open(GET)
    assert body.text(100) == "caf\u00e9\ufffd"
    body.close()


@pytest.mark.parametrize("key", ["sk-s3cret\n", "sk-s3cr\u00e9t", "  "])
def test_a_key_that_no_header_can_hold_is_not_shown(
    server: Wire, transport: Transport, settings: Settings, key: str
) -> None:
    with pytest.raises(ConfigurationError, match="characters that no key has") as raised:
        transport.with_settings(replace(settings, api_key=lambda: key)).send(GET)
    assert "s3cr" not in str(raised.value)
    assert server.requests == []


# Uploads -------------------------------------------------------------------------------------------------------------


def upload(file: object) -> Call[FileObject]:
    return post("/files", FileObject, {"file": file, "purpose": "assistants"}, files=("file",), version=None)


def test_a_file_is_sent_from_disk(server: Wire, transport: Transport, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"0123456789" * 30_000)
    server.add(answer({"id": "file_1"}), times=2)
    for file in (path, ("b.txt", path, "text/x-mine", {"x-part": "1"})):
        assert (transport.send(upload(file))).parse().id == "file_1"
    first, second = server.requests
    assert first.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(first.headers["content-length"]) == len(first.content)
    assert path.read_bytes() in first.content
    assert b'name="purpose"\r\n\r\nassistants\r\n' in first.content
    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n' in first.content
    assert b'filename="b.txt"' in second.content
    assert b"Content-Type: text/x-mine" in second.content


def test_a_file_is_sent_again_from_its_beginning(server: Wire, transport: Transport, at_once: None) -> None:
    server.add(refusal(429))
    server.add(answer({"id": "file_1"}))
    file = BytesIO(b"content")
    assert (transport.send(upload(file))).retries_taken == 1
    assert all(b"content" in request.content for request in server.requests)
    assert not file.closed


def test_a_file_is_read_as_it_is_sent(server: Wire, transport: Transport) -> None:
    asked: list[int | None] = []

    class Watched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    server.add(answer({"id": "file_1"}))
    transport.send(upload(Watched(bytes(1_000_000))))
    assert len(asked) > 3
    assert all(0 < (size or -1) < 1_000_000 for size in asked)


def test_a_pipe_is_not_sent_again(server: Wire, transport: Transport, at_once: None) -> None:
    server.add(refusal(429), times=2)
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, pytest.raises(RateLimitError):
        transport.send(upload(pipe))
    assert len(server.requests) == 1


class Reader:
    """A file that only knows how it is read: what comes first, then what `content` has become by then."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, size: int = -1) -> bytes:
        chunk, self.content = self.content, b""
        return chunk


def test_what_can_only_be_read_is_sent_once(server: Wire, transport: Transport, at_once: None) -> None:
    server.add(refusal(429))
    server.add(leading("/elsewhere", 307))
    with pytest.raises(RateLimitError):
        transport.send(upload(("a.txt", Reader(b"precious"))))
    with pytest.raises(APIConnectionError, match="second time"):
        transport.send(upload(Reader(b"precious")))
    assert [b"precious" in request.content for request in server.requests] == [True, True]


@pytest.mark.parametrize(("size", "says"), [(10, "shorter"), (1_000_000, "longer")])
def test_a_file_whose_length_changes_is_an_error_that_says_so(
    server: Wire, transport: Transport, tmp_path: Path, size: int, says: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(500_000))

    class Changing(FileIO):
        def read(self, length: int | None = -1, /) -> bytes:
            path.write_bytes(bytes(size))
            return super().read(length or -1)

    server.add(answer({"id": "file_1"}), times=9)
    with Changing(path) as file, pytest.raises(APIConnectionError, match=f"{says} while it was sent"):
        transport.send(upload(file))
    assert len(server.connections) == 1


def test_a_file_that_is_not_there_is_an_error_before_any_request(
    server: Wire, transport: Transport, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        transport.send(upload(tmp_path / "a.txt"))
    assert server.requests == []


# Logs ----------------------------------------------------------------------------------------------------------------


def test_nothing_secret_is_logged(
    server: Wire, transport: Transport, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "assistream")
    server.add(answer(thread(), headers={"set-cookie": "s3cret"}), times=2)
    headers = {"api-key": "s3cret", "X-Auth-Token": "s3cret"}
    transport.with_settings(replace(settings, api_key="s3cret", default_headers=headers)).send(GET)
    assert "GET /threads/thread_1: 200 in" in caplog.text
    assert "'authorization': '***'" in caplog.text
    assert "s3cret" not in caplog.text


# Streamed bodies -----------------------------------------------------------------------------------------------------


def test_a_body_comes_in_chunks_and_ends_once(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), pause(0.01), send(b"two"), end())
    body = transport.open(GET)
    assert body.content_type == "text/event-stream"
    chunks = [body.read() for _ in range(4)]
    assert b"".join(chunks) == b"onetwo"
    assert chunks[-1] == b""
    assert all(chunks[:1])
    body.close()
    body.close()
    assert body.read() == b""


def test_a_body_read_to_its_end_gives_the_connection_back(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), end(), times=2)
    for _ in range(2):
        body = transport.open(GET)
        while body.read():
            pass
        body.close()
    assert [connection.requests for connection in server.connections] == [2]


@pytest.mark.parametrize("reads", [0, 1])
def test_a_body_closed_early_closes_its_connection(server: Wire, transport: Transport, reads: int) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.open(GET)
    for _ in range(reads):
        assert body.read() == b"one"
    body.close()
    assert body.read() == b""
    until(lambda: not server.open)


@pytest.mark.parametrize("fault", [reset(), hang_up()], ids=["reset", "hang up"])
def test_a_body_that_breaks_off(server: Wire, transport: Transport, fault: Step) -> None:
    server.add(head(), send(b"one"), fault)
    body = transport.open(GET)
    with pytest.raises(APIConnectionError) as raised:
        while body.read():
            pass
    assert not isinstance(raised.value, APITimeoutError)
    assert isinstance(raised.value.__cause__, httpx.TransportError)
    body.close()


def test_a_silent_body(server: Wire, transport: Transport, settings: Settings) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.with_settings(replace(settings, timeout=0.05)).open(GET)
    assert body.read() == b"one"
    with pytest.raises(APITimeoutError) as raised:
        body.read()
    assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
    body.close()


@pytest.mark.parametrize("then", [end(), reset()], ids=["end", "reset"])
def test_text_for_an_error_message(server: Wire, transport: Transport, then: Step) -> None:
    server.add(head(content_type="text/html; charset=latin-1"), send("caf\xe9".encode("latin-1")), then)
    body = transport.open(GET)
    assert body.text(1000) == "caf\xe9"
    body.close()


def test_text_stops_at_its_limit(server: Wire, transport: Transport) -> None:
    server.add(head(content_type="text/html"), send(b"a long story"), hang())
    body = transport.open(GET)
    assert body.text(6) == "a long"
    body.close()


def test_a_copy_shares_connections_and_what_is_known(server: Wire, transport: Transport) -> None:
    copy = transport.with_settings(replace(transport.settings, max_retries=7))
    elsewhere = transport.with_settings(replace(transport.settings, base_url="http://127.0.0.1:1"))
    assert copy.http is elsewhere.http is transport.http
    assert copy.server is transport.server
    assert elsewhere.server is not transport.server


@pytest.mark.usefixtures("at_once")
def test_e19_what_is_known_of_a_server_is_not_known_of_the_next(
    server: Wire, transport: Transport, settings: Settings
) -> None:
    server.add(answer(thread(), headers={"assistream-idempotency": "1"}), path="/threads")
    server.add(refusal(500), path="/v2/threads", times=9)
    transport.send(POST)
    transport.use(replace(settings, max_retries=5))
    assert transport.server.idempotent
    transport.use(replace(settings, base_url=f"{server.url}/v2"))
    with pytest.raises(InternalServerError):
        transport.send(POST)
    assert len(server.requests) == 2


def test_after_its_end(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()))
    transport.send(GET)
    copy = transport.with_settings(transport.settings)
    transport.close()
    for closed in (transport, copy):
        with pytest.raises(UsageError, match="This client is closed: make another one"):
            closed.send(GET)
    http = httpx.Client()
    http.close()
    with pytest.raises(UsageError, match="closed"):
        Transport(transport.settings, http).open(GET)


@pytest.mark.parametrize(("given", "used"), [({}, 600.0), ({"timeout": 3}, 3), ({"timeout": None}, None)])
def test_the_timeout_of_a_call_wins(settings: Settings, given: dict[str, object], used: float | None) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        assert request.extensions["timeout"]["read"] == used
        return httpx.Response(200, json=thread())

    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        Transport(settings, http).send(get("/x", Thread, given))


def test_calls_that_answer_runs_are_counted_once_each(server: Wire, transport: Transport) -> None:
    server.add(refusal(429), times=1)
    server.add(answer(thread()), times=2)
    transport.send(replace(POST, answers=True))
    transport.send(POST)
    assert transport.with_settings(transport.settings).server.answers == 1
