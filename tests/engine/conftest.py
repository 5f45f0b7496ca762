"""Engines for tests, and a plain HTTP client that speaks to them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import httpx
import pytest

from assistream.engine import Engine, Model, Scripted
from assistream.engine.models import ModelFunction, Turn
from assistream.engine.store import Store

Json: TypeAlias = dict[str, Any]
FUNCTION: Json = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}

BETA = {"OpenAI-Beta": "assistants=v2"}


@dataclass(frozen=True)
class Event:
    id: str
    name: str
    data: Json


class Api:
    """The engine as a program sees it. What is not about an error is expected to succeed."""

    def __init__(self, client: httpx.Client, version: str = "v2") -> None:
        self.client, self._version = client, {"OpenAI-Beta": f"assistants={version}"}

    def get(self, path: str, **query: Any) -> Json:
        return _json(self.client.get(path, params=query, headers=self._version))

    def post(self, path: str, body: Json | None = None) -> Json:
        return _json(self.client.post(path, json=body or {}, headers=self._version))

    def delete(self, path: str) -> Json:
        return _json(self.client.delete(path, headers=self._version))

    def refused(self, path: str, body: Json | None = None, method: str = "POST") -> tuple[int, str]:
        """The status and message of a request that must not succeed."""
        response = self.client.request(method, path, json=body or {}, headers=self._version)
        assert response.is_error, response.text
        return response.status_code, response.json()["error"]["message"]

    def stream(self, path: str, body: Json) -> list[Event]:
        return frames(self.client.post(path, json=body | {"stream": True}, headers=self._version))

    def upload(self, content: bytes = b"content", name: str = "a.txt", /, **fields: str) -> Json:
        return _json(
            self.client.post("/files", files={"file": (name, content)}, data={"purpose": "assistants"} | fields)
        )

    def on(self, **terms: str) -> Api:
        """The same engine, asked with headers like ``assistream-busy``."""
        other = Api(self.client)
        other._version |= {f"assistream-{name.replace('_', '-')}": value for name, value in terms.items()}
        return other

    def v1(self) -> Api:
        """The same engine for a program of version 1."""
        return Api(self.client, "v1")

    def assistant(self, **fields: Any) -> Json:
        return self.post("/assistants", {"model": "any", "instructions": "Help.", "tools": [FUNCTION]} | fields)

    def thread(self, *texts: str) -> Json:
        return self.post("/threads", {"messages": [{"role": "user", "content": text} for text in texts]})

    def run(self, thread: Json | None = None, **fields: Any) -> Json:
        """A run that was created and not streamed."""
        return self.post(*self._run(thread, fields))

    def run_stream(self, thread: Json | None = None, **fields: Any) -> list[Event]:
        return self.stream(*self._run(thread, fields))

    def _run(self, thread: Json | None, fields: Json) -> tuple[str, Json]:
        thread = thread or self.thread("Hello")
        assistant_id = fields.pop("assistant_id", None) or self.assistant()["id"]
        return f"/threads/{thread['id']}/runs", {"assistant_id": assistant_id} | fields

    def waiting_run(self) -> Json:
        """A run in requires_action; the script must begin with calls."""
        run = self.run_stream()[-1].data
        assert run["status"] == "requires_action", run
        return run

    def submit(self, run: Json, output: str = "sunny") -> list[Event]:
        return self.stream(f"{path_of(run)}/submit_tool_outputs", {"tool_outputs": outputs_for(run, output)})

    def follow(self, run: Json, last: str | None = None, **query: Any) -> list[Event]:
        """The events of a run once more."""
        headers = self._version | ({} if last is None else {"Last-Event-ID": last})
        return frames(self.client.get(f"{path_of(run)}/stream", params=query, headers=headers))

    def finished(self, run: Json) -> Json:
        """The run once it is over or waits; polls."""
        while (run := self.get(path_of(run)))["status"] in ("queued", "in_progress", "cancelling"):
            pass
        return run


def _json(response: httpx.Response) -> Json:
    assert response.status_code == 200, response.text
    body: Json = response.json()
    return body


def path_of(run: Json) -> str:
    return f"/threads/{run['thread_id']}/runs/{run['id']}"


def calls_of(run: Json) -> list[Json]:
    calls: list[Json] = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    return calls


def outputs_for(run: Json, output: str) -> list[Json]:
    return [{"tool_call_id": call["id"], "output": output} for call in calls_of(run)]


def frames(response: httpx.Response) -> list[Event]:
    """The events of a whole stream, which must end as the API's do."""
    assert response.status_code == 200, response.text
    assert response.text.endswith("event: done\ndata: [DONE]\n\n")
    found: list[Event] = []
    for block in response.text.split("\n\n")[:-2]:
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if fields:
            found.append(Event(fields.get("id", ""), fields["event"], json.loads(fields["data"])))
    return found


def frames_of(text: str) -> list[Event]:
    return frames(httpx.Response(200, text=text))


def names(events: list[Event]) -> list[str]:
    """The names of events, without "thread.", deltas that follow each other once."""
    short = [event.name.removeprefix("thread.") for event in events]
    return [name for last, name in zip(["", *short], short, strict=False) if name != last or "delta" not in name]


class ScriptedEngine(Protocol):
    def __call__(self, *script: Turn | str, model: Model | ModelFunction | None = None, **options: Any) -> Api: ...


@pytest.fixture
def connect() -> Generator[Callable[[Engine], Api]]:
    """Clients that are closed at the end of the test."""
    with ExitStack() as stack:

        def connected(engine: Engine) -> Api:
            client = httpx.Client(base_url=engine.base_url, headers=BETA, timeout=30)
            return Api(stack.enter_context(client))

        yield connected


@pytest.fixture
def engine() -> Generator[Engine]:
    """An engine as it comes, with its offline model."""
    with Engine() as running:
        yield running


@pytest.fixture
def scripted_engine(connect: Callable[[Engine], Api]) -> Generator[ScriptedEngine]:
    """``scripted_engine("Hello", calls(...))``: an engine whose model plays these turns, until the end of the test."""
    with ExitStack() as stack:

        def start(*script: Turn | str, model: Model | ModelFunction | None = None, **options: Any) -> Api:
            return connect(stack.enter_context(Engine(model=model or Scripted(script), **options)))

        yield start


@pytest.fixture
def api(scripted_engine: ScriptedEngine) -> Api:
    """An engine whose model says Hello."""
    return scripted_engine(model=Scripted(lambda request: "Hello"))


@pytest.fixture
async def store() -> AsyncGenerator[Store]:
    """One in memory, for tests on asyncio."""
    store = Store()
    await store.open()
    yield store
    await store.close()
