"""Fuzzing the engine: requests with something wrong in them, and models that say anything at all.

A request is answered or refused, never with a status that means a bug; a run ends whatever its model does, and what was
streamed of it is what its client expects of a stream.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

import anyio.lowlevel
import httpx

from assistream.engine import Engine
from assistream.engine.models import (
    Finish,
    ModelDelta,
    ModelError,
    ModelRequest,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from assistream.streaming.events import is_done, parse_event
from assistream.streaming.sse import SSEDecoder

from .mutation import JUNK, mutate
from .source import Source

Object = dict[str, Any]

FUNCTION: Object = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
TOOLS: list[Object] = [{"type": "code_interpreter"}, {"type": "file_search"}, FUNCTION]
_SETTINGS: Object = {"temperature": 1.0, "top_p": 0.5, "response_format": "auto", "metadata": {"a": "b"}}
_ASSISTANT: Object = {"model": "any", "name": "A", "instructions": "Help.", "tools": TOOLS} | _SETTINGS
_PART: Object = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/a.png", "detail": "low"}}
_MESSAGE: Object = {"role": "user", "content": [{"type": "text", "text": "Hello"}, _PART], "metadata": {}}
_THREAD: Object = {"messages": [_MESSAGE, {"role": "assistant", "content": "Hi"}], "metadata": {"a": "b"}}
_LIMITS: Object = {"max_prompt_tokens": 900, "truncation_strategy": {"type": "last_messages", "last_messages": 2}}
_RUN: Object = {"assistant_id": "{asst}", "tools": [FUNCTION], "tool_choice": "auto"} | _LIMITS
_OUTPUTS: Object = {"tool_outputs": [{"tool_call_id": "call_1", "output": "42"}]}
_T, _R = "/threads/{thread}", "/threads/{thread}/runs/{run}"
REQUESTS: list[tuple[str, str, Object | None]] = [
    *(("POST", "/assistants", _ASSISTANT), ("POST", "/assistants/{asst}", _ASSISTANT), ("GET", "/assistants", None)),
    *(("GET", "/assistants/{asst}", None), ("DELETE", "/assistants/{asst}", None), ("POST", "/threads", _THREAD)),
    *(("GET", _T, None), ("POST", _T, {"metadata": {"a": "b"}}), ("DELETE", _T, None), ("GET", "/threads", None)),
    *(("POST", f"{_T}/messages", _MESSAGE), ("GET", f"{_T}/messages", None), ("GET", f"{_T}/messages/{{msg}}", None)),
    *(("POST", f"{_T}/messages/{{msg}}", {"metadata": {}}), ("DELETE", f"{_T}/messages/{{msg}}", None)),
    *(("POST", f"{_T}/runs", _RUN), ("POST", f"{_T}/runs", _RUN | {"stream": True}), ("GET", f"{_T}/runs", None)),
    ("POST", "/threads/runs", {"assistant_id": "{asst}", "thread": _THREAD, "stream": True}),
    *(("GET", _R, None), ("POST", _R, {"metadata": {}}), ("POST", f"{_R}/cancel", None), ("GET", f"{_R}/stream", None)),
    *(("POST", f"{_R}/submit_tool_outputs", _OUTPUTS), ("GET", f"{_R}/steps", None), ("GET", f"{_R}/steps/step", None)),
    *(("GET", "/files", None), ("GET", "/files/{file}", None), ("DELETE", "/files/{file}", None)),
    *(
        ("GET", "/files/{file}/content", None),
        ("POST", "/files", {}),
        ("GET", "/models", None),
        ("GET", "/nothing", {}),
    ),
]
_QUERIES = (
    "",
    "",
    "",
    "?limit=2",
    "?limit=x",
    "?limit=0",
    "?order=asc",
    "?after={msg}",
    "?before=%00",
    "?after=%ff",
    "?leg=9",
)
_VERSIONS = ("assistants=v2",) * 6 + ("assistants=v1", "assistants=v9", "")
_IDS = ("", "x", "%00", "%2F..%2F", "%F0%9F%98%80", "a" * 300, "'; DROP TABLE runs; --")
_BODIES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff",
    b'{"a": "\\ud83d"}',
    b"[" * 5000,
    b"1" * 5000,
    b'{"metadata": {"\\u0000": "\\u0000"}}',
)


class Odd:
    """A model that says what the last message, a number in hexadecimal, makes of its choices."""

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        try:
            source = Source(bytes.fromhex(request.messages[-1].text))
        except (ValueError, IndexError):
            source = Source(b"")
        while not source.is_empty:
            yield _delta(source)
            if source.rarely(8):
                await anyio.lowlevel.checkpoint()
        yield Finish("stop")


def _delta(source: Source) -> Any:
    text: Any = source.one_of(("Hel", "lo", "", "\ud83d", "\0", "😀", "x" * 2000, "{", "}", None, 7, b"x"))
    number: Any = source.one_of((0, 0, 0, 1, 1, 2, -1, 1000, 2**40, None, "0", True))
    name: Any = source.one_of(("f", None, None, "g", "", "f" * 300, 7, "a b"))
    match source.below(12):
        case 0 | 1 | 2:
            return TextDelta(text)
        case 3:
            return RefusalDelta(text)
        case 4 | 5 | 6 | 7:
            return ToolCallDelta(number, source.one_of(("call_1", None, "call_2", "", text)), name, text)
        case 8:
            return UsageDelta(number, source.one_of((0, 7, -7, 2**70, number)))
        case 9:
            return Finish(source.one_of(("stop", "tool_calls", "length", "content_filter", name)))
        case 10:
            return source.one_of(JUNK)
        case _:
            raise source.one_of(
                (
                    ModelError("rate_limit_exceeded", "no"),
                    ModelError(name, text),
                    ValueError("\ud83d"),
                    StopAsyncIteration(),
                )
            )


class Talk:
    """One engine and its client, with the ids that it has given out."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.ids: dict[str, list[str]] = {}
        self.assistant: str = self.asked("POST", "/assistants", {"model": "any", "tools": [FUNCTION]})["id"]

    def asked(self, method: str, path: str, body: Object | None = None) -> Any:
        response = self.http.request(method, path, content=json.dumps(body).encode())
        assert response.status_code == 200, response.text
        return response.json()

    def some_id(self, name: str, source: Source) -> str:
        known = self.ids.get(name, [])[-8:]
        return source.one_of(_IDS) if source.rarely(6) or not known else source.one_of(known)

    def filled(self, text: str, source: Source) -> str:
        for name in ("asst", "thread", "run", "msg", "file"):
            if f"{{{name}}}" in text:
                text = text.replace(f"{{{name}}}", self.some_id(name, source))
        return text

    def learn(self, response: httpx.Response) -> None:
        """Ids are in every answer and every event."""
        for word in response.text.split('"'):
            prefix = word.split("_")[0]
            if prefix in ("asst", "thread", "run", "msg", "file", "call") and word not in self.ids.setdefault(
                prefix, []
            ):
                self.ids[prefix].append(word)


def check_requests(talk: Talk, data: bytes) -> None:
    """Some requests in a row, each of which may be about what the ones before it made."""
    source = Source(data)
    while not source.is_empty:
        method, path, body = source.one_of(REQUESTS)
        path = talk.filled(path + source.one_of(_QUERIES), source)
        content: bytes | None = None
        if body is not None:
            body = json.loads(json.dumps(body).replace("{asst}", talk.some_id("asst", source)))
            if source.rarely(2):
                body = mutate(body, source)
            content = source.one_of(_BODIES) if source.rarely(12) else json.dumps(body).encode()
        headers = {"OpenAI-Beta": source.one_of(_VERSIONS), "Content-Type": "application/json"}
        if source.rarely(8):
            headers["Idempotency-Key"] = source.one_of(("a", "b", "", "k" * 300))
        if source.rarely(8):
            headers["Last-Event-ID"] = source.one_of(("1", "-1", "x", "9" * 30, "+1"))
        response = talk.http.request(method, path, content=content, headers=headers)
        talk.learn(response)
        _check_answer(response)


def _check_answer(response: httpx.Response) -> None:
    where = f"{response.request.method} {response.request.url} {response.request.content!r}: {response.text}"
    assert response.status_code < 500 or response.status_code in (501, 503), where
    if response.is_error:
        assert response.json()["error"]["message"], where
    elif response.headers["content-type"].startswith("text/event-stream"):
        _check_stream(response.content)


def _check_stream(content: bytes) -> list[Any]:
    frames = SSEDecoder().feed(content)
    assert is_done(frames[-1])
    events = [parse_event(frame) for frame in frames[:-1]]
    assert all(event is not None and event.event != "error" for event in events)
    return events


def check_model(talk: Talk, data: bytes) -> None:
    """A run whose model says anything; its thread can be used afterwards, also for a run that says something."""
    thread = talk.asked("POST", "/threads", {"messages": [{"role": "user", "content": data.hex() or "00"}]})
    runs = f"/threads/{thread['id']}/runs"
    response = talk.http.post(runs, json={"assistant_id": talk.assistant, "stream": True})
    assert response.status_code == 200, response.text
    run: Any = _check_stream(response.content)[-1].data
    now = talk.asked("GET", f"{runs}/{run.id}")
    assert now["status"] == run.status
    if now["status"] == "requires_action":
        calls = now["required_action"]["submit_tool_outputs"]["tool_calls"]
        outputs = [{"tool_call_id": call["id"], "output": "42"} for call in calls]
        assert outputs
        body = {"tool_outputs": outputs, "stream": True}
        response = talk.http.post(f"{runs}/{run.id}/submit_tool_outputs", content=json.dumps(body).encode())
        assert response.status_code == 200, response.text
        now = _check_stream(response.content)[-1].data.to_dict()
    if now["status"] != "requires_action":
        assert now["status"] in ("completed", "failed", "incomplete"), now
        talk.asked("POST", f"/threads/{thread['id']}/messages", {"role": "user", "content": "Free?"})
    for what in ("steps",):
        talk.asked("GET", f"{runs}/{run.id}/{what}")
    talk.asked("GET", f"/threads/{thread['id']}/messages")


@contextlib.contextmanager
def opened(check: Callable[[Talk, bytes], None]) -> Generator[Callable[[bytes], None]]:
    """The check with an engine of its own."""
    with (
        Engine(model=Odd()) as engine,
        httpx.Client(
            base_url=engine.base_url, headers={"OpenAI-Beta": "assistants=v2"}, timeout=20, trust_env=False
        ) as http,
    ):
        talk = Talk(http)
        yield lambda data: check(talk, data)
