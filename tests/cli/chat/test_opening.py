from __future__ import annotations

import json
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistream import Client
from assistream.cli.chat.opening import Options

from ..conftest import Command, complaint, said

PIECES: list[tuple[dict[str, str], str | None]] = [
    ({"role": "assistant", "content": "Hello "}, None),
    ({"content": "yourself."}, None),
    ({}, "stop"),
]


class ChatCompletions(BaseHTTPRequestHandler):
    """A server for Chat Completions; what it was asked is kept by the server."""

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
        vars(self.server)["asked"] = (self.path, self.headers["authorization"], asked["model"], asked["messages"])
        body = "".join(f"data: {json.dumps(self.chunk(*piece))}\n\n" for piece in PIECES) + "data: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def chunk(self, delta: object, reason: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": [choice]}

    def log_message(self, format: str, *args: object) -> None:
        """Nobody wants to know."""


@contextmanager
def completing() -> Generator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), ChatCompletions) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_a_model_behind_chat_completions(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "k-1")
    monkeypatch.setenv("ASSISTREAM_BASE_URL", "http://127.0.0.1:1/v1")  # is for another server, not for this
    with completing() as server:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        options = ("--model-url", url, "--model", "small", "--model-key", "MODEL_KEY", "--instructions", "Be nice.")
        outcome = command("chat", *options, stdin="Hello!")
        assert said(outcome).startswith("Hello yourself.\ncompleted")
        path, key, model, messages = vars(server)["asked"]
        assert (path, key, model) == ("/v1/chat/completions", "Bearer k-1", "small")
        assert [message["role"] for message in messages] == ["system", "user"]


def test_without_the_engine(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("assistream.engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    for options in ([], ["--model-url", "http://127.0.0.1:1/v1"]):
        assert 'needs uvicorn: pip install "assistream[engine]"' in complaint(command("chat", *options))


def test_an_assistant_that_is_there_stays(command: Command, tmp_path: Path) -> None:
    with Client.embedded(tmp_path / "state.db") as client:
        made = client.beta.assistants.create(model="m-1", instructions="old")
    there = ("chat", "--path", "state.db", "--model", "kit:echo")
    out = said(command(*there, "--assistant", made.id, "--instructions", "new", stdin="Hello."))
    assert "heard 'Hello.' from kit:echo, told new" in out
    assert said(command(*there, stdin="Hello."))
    with Client.embedded(tmp_path / "state.db") as client:
        assert list(client.beta.assistants.list()) == [made]


def test_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(base_url: str | None = None, path: Path | None = None, model_url: str | None = None) -> str:
        return Options(base_url, None, path, model_url, None, None, None, None, []).again()

    assert again() == ""
    assert again(base_url="http://x/v1") == "assistream chat --base-url http://x/v1"
    assert again(path=Path("my file")) == "assistream chat --path 'my file'"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://x/v1")
    assert again() == "assistream chat"
    assert again(model_url="http://y/v1") == ""
