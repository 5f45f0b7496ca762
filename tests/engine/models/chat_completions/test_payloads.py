from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models.chat_completions import payloads
from assistream.engine.models.chat_completions.failures import Failure
from assistream.engine.models.chat_completions.payloads import Payload, Payloads
from tests.engine.models.chat_completions.server import DONE, event

SSE = "text/event-stream; charset=utf-8"
JSON = "application/json"


def read(data: bytes, content_type: str = SSE, size: int = 1_000_000) -> tuple[list[Payload], bool]:
    """The objects of an answer that comes in pieces of this size, and whether it was marked as complete."""
    found = Payloads(content_type)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    taken = [payload for piece in pieces for payload in found.feed(piece)]
    return [*taken, *found.end()], found.done


ONE: Payload = {"choices": [{"delta": {"content": "a\u2028b"}}]}
TWO: Payload = {"choices": []}


@pytest.mark.parametrize(
    "data",
    [
        event(ONE) + event(TWO) + DONE,
        (event(ONE) + event(TWO) + DONE).replace(b"\n", b"\r\n"),
        b": ping\n\n" + event(ONE) + b"data:\n\n" + event(TWO) + DONE,
        b"retry: 5\nid: 1\nevent: message\n" + event(ONE) + event(TWO) + b"data:[DONE]\n\n",
        event(ONE) + event(TWO) + DONE + event({"after": "the end"}),
        event(ONE) + event(TWO) + b"data: [DONE]",  # cut off where nothing is missing
        event(ONE).replace(b"\n\n", b"\n") + event(TWO).replace(b"\n\n", b"\n") + b"data: [DONE]\n",
        b"%s\n\n" % json.dumps(ONE, ensure_ascii=False).encode() + event(TWO) + DONE,
        b"data: {\ndata:   " + json.dumps(ONE)[1:].encode() + b"\n\n" + event(TWO) + DONE,
    ],
)
def test_streams(data: bytes) -> None:
    assert read(data) == ([ONE, TWO], True)
    assert read(data, size=1) == ([ONE, TWO], True)


@given(st.binary(max_size=60), st.integers(1, 9))
def test_no_bytes_do_anything_else_than_fail(data: bytes, size: int) -> None:
    for content_type in (SSE, JSON):
        with suppress(Failure):
            read(data, content_type, size)


def test_an_end_without_the_mark() -> None:
    assert read(event(ONE)) == ([ONE], False)
    assert read(event(ONE) + event(TWO).rstrip()) == ([ONE, TWO], False)
    assert read(event(ONE) + event(TWO)[:-5]) == ([ONE], False)


@pytest.mark.parametrize(
    "data",
    [
        b'error: {"code":400,"message":"too long"}\n\n' + DONE,
        b'data: {"error":{"code":400,"message":"too long"}}\n\n',
        b'event: error\ndata: {"code":400,"message":"too long"}\n\n',
        b'event: error\ndata: {"error":{"code":400,"message":"too long"}}\n\n',
        b'{"error":{"code":400,"message":"too long"}}\n',
    ],
)
def test_errors(data: bytes) -> None:
    assert read(data)[0] == [{"error": {"code": 400, "message": "too long"}}]


def test_what_is_not_streamed() -> None:
    whole = json.dumps(ONE, indent=2).encode()
    assert read(whole, JSON, size=3) == ([ONE], True)
    assert read(whole, "application/json; charset=utf-8") == ([ONE], True)


def test_a_stream_that_is_called_json() -> None:
    assert read(event(ONE) + DONE, JSON) == ([ONE], True)


@pytest.mark.parametrize(
    ("data", "content_type", "shown"),
    [
        (b"<html>Welcome</html>", "text/html", r"\(text/html\): <html>Welcome"),
        (b"Welcome", "", r"\(of no type\): Welcome$"),
        (b"[1, 2]", JSON, r"\(application/json\): \[1, 2\]"),
        (b"5", JSON, "5"),
        (b"ping: 1\n\n", SSE, "ping: 1"),
    ],
)
def test_no_such_server(data: bytes, content_type: str, shown: str) -> None:
    with pytest.raises(Failure, match=f"no server of Chat Completions.*{shown}"):
        read(data, content_type)


@pytest.mark.parametrize("content_type", [SSE, JSON, ""])
def test_nothing(content_type: str) -> None:
    with pytest.raises(Failure, match="before it said anything") as caught:
        read(b"", content_type)
    assert caught.value.passing


def test_what_is_not_json() -> None:
    with pytest.raises(Failure, match="what is not JSON: oh no"):
        read(b"data: oh no\n\n")


@pytest.mark.parametrize("content_type", [SSE, JSON])
def test_too_large(content_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "LARGEST", 1000)
    with pytest.raises(Failure, match="more than 1,000 bytes"):
        read(b"data: " + b"x" * 2000, content_type)
