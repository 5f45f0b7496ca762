from __future__ import annotations

from json import dumps
from types import NoneType

import httpx
import pytest

from assistream.errors import APIResponseValidationError
from assistream.transport.call import get
from assistream.transport.response import RawResponse
from assistream.types import BaseModel, Thread

from ..frames import thread

CALL = get("/threads/thread_1", Thread, {})


def answered(*, json: object = None, content: bytes | None = None, **headers: str) -> RawResponse[Thread]:
    request = httpx.Request("GET", "http://127.0.0.1/threads/thread_1")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = dumps(json).encode() if content is None else content
    return RawResponse(httpx.Response(200, request=request, headers=named, content=body), CALL)


def test_the_http_side() -> None:
    response = answered(json=thread(), x_request_id="req_1")
    assert (response.status_code, response.request_id, response.method) == (200, "req_1", "GET")
    assert response.url == response.http_request.url == response.http_response.url
    assert response.json() == thread()
    assert response.text == response.content.decode()
    assert response.headers["X-Request-Id"] == "req_1"
    assert repr(response) == "<RawResponse [200] of Thread>"


def test_parse_reads_once_and_tells_the_request_id() -> None:
    response = answered(json=thread(), x_request_id="req_1")
    assert response.parse() is response.parse()
    assert response.parse()._request_id == "req_1"
    assert "_request_id" not in response.parse().model_dump()
    assert response.parse() == Thread.model_validate(thread())


def test_a_long_answer_is_not_quoted_whole() -> None:
    with pytest.raises(APIResponseValidationError) as raised:
        answered(content=b"x" * 5000).parse()
    assert str(raised.value).endswith(f"was '{'x' * 200}'... (5000 characters)")


def test_a_result_without_a_request_id() -> None:
    assert answered(json=thread()).parse()._request_id is None


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "Invalid JSON"), (b"<html>", "<html>"), (b"{}", "id: Field required"), (b'{"id": {}}', "id: Input should")],
)
def test_what_is_not_promised(content: bytes, says: str) -> None:
    response = answered(content=content, content_type="text/plain")
    with pytest.raises(APIResponseValidationError, match=says) as raised:
        response.parse()
    assert "GET /threads/thread_1 should answer with a Thread" in str(raised.value)
    assert "text/plain" in str(raised.value)
    assert raised.value.body == content.decode()
    assert raised.value.status_code == 200


def test_what_is_not_json_is_taken_as_it_came() -> None:
    response = answered(content=b"\xe9\n", content_type="text/plain; charset=latin-1")
    assert response.parse(to=bytes) == b"\xe9\n"
    assert response.parse(to=str) == "\u00e9\n"
    assert response.parse(to=httpx.Response) is response.http_response
    assert response.parse(to=NoneType) is None


class Small(BaseModel):
    object: str


def test_another_type() -> None:
    response = answered(json=thread())
    assert response.parse(to=Small).object == "thread"
    assert response.parse(to=dict)["id"] == "thread_1"
    assert isinstance(response.parse(), Thread)
    with pytest.raises(APIResponseValidationError, match="should answer with a int, but"):
        response.parse(to=int)


def test_the_body_is_there() -> None:
    response = answered(json=thread())
    assert response.read() == response.content
    assert response.is_closed
    assert response.http_version == "HTTP/1.1"


def test_an_object_made_otherwise() -> None:
    made = object()
    assert RawResponse(httpx.Response(200), CALL, result=made).parse() is made
