from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistream import APIStatusError, AuthenticationError, Client

from ..engine.webhooks.receiver import SECRET, receiving
from ..wire import Wire
from ..wire import answer as wire_answer
from .conftest import Command, complaint


class Server:
    """`python -m assistream serve` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout
        self.said = [process.stdout.readline() for _ in range(6)]
        self.url = self.said[0].split()[-1]

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send it a signal: its exit code, and what else it said on stdout and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@contextmanager
def serving(*options: str, **environment: str) -> Generator[Server]:
    # A process started while SIGINT is ignored, as in a shell's background, would ignore it too.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "assistream", "serve", "--port", "0", *options],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    finally:
        signal.signal(signal.SIGINT, previous)
    with process:
        try:
            yield Server(process)
        finally:
            process.kill()


def answer(client: Client, question: str) -> str:
    assistant = client.beta.assistants.create(model="any")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": question}])
    with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
        return "".join(stream.text_deltas)


def test_it_serves_until_ctrl_c_and_remembers(elsewhere: Path) -> None:
    with serving("--database", "state.db") as server:
        assert f"  ASSISTREAM_BASE_URL={server.url}\n" in server.said
        assert str(elsewhere / "state.db") in server.said[1]
        with Client(base_url=server.url) as client:
            assert "Hello there" in answer(client, "Hello there")
            kept = client.beta.threads.create(metadata={"kept": "yes"})
        assert server.stop(signal.SIGINT) == (0, "", "")
    with serving(ASSISTREAM_DATABASE="state.db") as server, Client(base_url=server.url) as client:
        assert client.beta.threads.retrieve(kept.id).metadata == {"kept": "yes"}
        assert server.stop(signal.SIGTERM) == (0, "", "")


def test_everything_from_the_environment(elsewhere: Path) -> None:
    settings = {
        "MODEL": "kit:shout",
        "API_KEY": "s3cret,an0ther",
        "HOST": "0.0.0.0",
        "DATABASE": ":memory:",
        "PORT": "x",
    }
    with serving(**{f"ASSISTREAM_{name}": value for name, value in settings.items()}) as server:
        assert not any("s3cret" in line for line in server.said)
        with Client(base_url=server.url) as client, pytest.raises(AuthenticationError):
            client.beta.threads.create()
        for key in ("s3cret", "an0ther"):
            with Client(base_url=server.url, api_key=key) as client:
                assert answer(client, "be loud") == "BE LOUD"
        assert server.stop(signal.SIGTERM)[0] == 0
    assert sorted(path.name for path in elsewhere.iterdir() if path.suffix) == ["kit.py"]


@pytest.mark.parametrize(
    ("options", "environment", "model", "key"),
    [
        (["--model", "llama3.1:8b"], {}, "llama3.1:8b", None),
        ([], {"ASSISTREAM_MODEL": "llama3.1:8b", "ASSISTREAM_MODEL_API_KEY": "s3cret"}, "llama3.1:8b", "Bearer s3cret"),
        (["--model-key", "OTHER"], {"ASSISTREAM_MODEL_API_KEY": "no", "OTHER": "s3cret"}, "any", "Bearer s3cret"),
    ],
)
def test_a_model_server(options: list[str], environment: dict[str, str], model: str, key: str | None) -> None:
    with Wire() as upstream:
        upstream.add(wire_answer({"data": [{"id": "any"}, {"id": "other"}]}), method="GET")
        message = {"role": "assistant", "content": "From afar."}
        upstream.add(wire_answer({"choices": [{"index": 0, "message": message}]}), method="POST")
        address = {"ASSISTREAM_MODEL_URL": f"{upstream.url}/v1", "ASSISTREAM_DATABASE": ":memory:"}
        with serving(*options, **address, **environment) as server, Client(base_url=server.url) as client:
            assert f" at {upstream.url}/v1." in server.said[1]
            assert answer(client, "Hello") == "From afar."
            assert server.stop(signal.SIGINT) == (0, "", "")
        asked = upstream.requests[-1]
    assert (asked.body["model"], asked.headers.get("authorization")) == (model, key)


def test_a_stop_while_a_run_waits_for_outputs_is_clean() -> None:
    with serving("--database", ":memory:") as server, Client(base_url=server.url) as client:
        assistant = client.beta.assistants.create(
            model="any", tools=[{"type": "function", "function": {"name": "look_up"}}]
        )
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Look up."}])
        with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
            assert stream.get_final_run().status == "requires_action"
        assert server.stop(signal.SIGINT) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("serve", "--host", "0.0.0.0"), "'0.0.0.0' only with an api_key"),
        (("serve", "--api-key", "k", "--host", "300.0.0.1", "--port", "0"), "cannot listen on '300.0.0.1'"),
        (("serve", "--max-runs", "0", "--port", "0"), "max_runs must be a number of runs, an int from 1, not 0"),
        (("serve", "--port", "0", "--database", "no/such/place.db"), "'no/such/place.db'"),
        (("serve", "--model-url", "http://127.0.0.1:1/v1", "--model-key", "NONE"), "environment variable NONE"),
        (("serve", "--model", "gpt-4o"), "no model 'gpt-4o': it is rehearsal, or MODULE:NAME, or with --model-url a"),
        (("serve", "--model-url", "localhost:11434"), "must be like http://127.0.0.1:11434/v1, and 'localhost:11434'"),
        (("serve", "--model", "no_such_module:model"), "'no_such_module:model' cannot be loaded"),
        (("serve", "--model", "kit:nothing"), "'kit:nothing' cannot be loaded"),
        (("serve", "--model", "kit:number"), "'kit:number' is no model"),
        (("serve", "--model", "kit:Shouting"), "'kit:Shouting' is no model"),
        (("serve", "--otel", "yes", "--port", "0"), "start it as `opentelemetry-instrument assistream serve"),
        (("serve", "--webhook", "http://h/"), "in the environment variable ASSISTREAM_WEBHOOK_SECRET"),
        (("serve", "more"), "unexpected extra argument(s) (more)"),
    ],
)
def test_what_cannot_be_done_is_one_line(command: Command, arguments: tuple[str, ...], says: str) -> None:
    assert says in complaint(command(*arguments))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import syntax error(", "(kit.py, line 1)"),
        ("\n\nraise RuntimeError('two\\nlines')", "RuntimeError: two lines (DIRECTORY/kit.py, line 3)"),
        ("assert not 'this'", "AssertionError: (DIRECTORY/kit.py, line 1)"),
        ("from assistream import no_such_name", "ImportError: cannot import name 'no_such_name'"),
        ("import no_such_module", "No module named 'no_such_module'"),
    ],
)
def test_a_module_that_cannot_be_imported(elsewhere: Path, command: Command, source: str, says: str) -> None:
    (elsewhere / "kit.py").write_text(source, encoding="utf-8")
    assert says.replace("DIRECTORY", str(elsewhere)) in complaint(command("serve", "--model", "kit:shout"))


def test_a_port_that_is_taken(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in complaint(command("serve", "--port", port, "--database", ":memory:"))


def test_without_the_engine(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("assistream.engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert 'needs uvicorn: pip install "assistream[engine]"' in complaint(command("serve"))


def test_an_interrupt_before_it_has_started(elsewhere: Path, command: Command) -> None:
    (elsewhere / "kit.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    assert command("serve", "--model", "kit:shout").code == 0


def test_settings_of_code(command: Command, elsewhere: Path) -> None:
    told = complaint(command("serve", "--code-interpreter", "yes", "--code-python", "/not/python"))
    assert "code_interpreter cannot use '/not/python'" in told or "code_interpreter has no sandbox" in told
    told = complaint(command("serve", "--code-interpreter", "yes", "--code-memory", "5"))
    assert "memory must be at least 134217728 bytes" in told


def test_settings_of_runs(elsewhere: Path) -> None:
    settings = {"BUSY": "queue", "MAX_RUNS": "1", "MAX_QUEUED": "5", "CANCEL_ON_DISCONNECT": "yes", "DRAIN": "0"}
    with serving(
        "--database", ":memory:", **{f"ASSISTREAM_{name}": value for name, value in settings.items()}
    ) as server:
        with Client(base_url=server.url) as client:
            runs = client.beta.threads.runs
            assistant, thread = (
                client.beta.assistants.create(model="any", instructions="Help."),
                client.beta.threads.create(),
            )
            made = [runs.create(thread.id, assistant_id=assistant.id) for _ in range(3)]
            assert {runs.poll(run.id, thread_id=thread.id).status for run in made} == {"completed"}
        assert server.stop(signal.SIGTERM) == (0, "", "")


def test_files(elsewhere: Path) -> None:
    with serving("--database", "state.db", "--open-files", "yes", ASSISTREAM_MAX_UPLOAD="3") as server:
        with Client(base_url=server.url, max_retries=0) as client:
            made = client.files.create(file=b"one", purpose="assistants")
            assert client.files.content(made.id).read() == b"one"
            with pytest.raises(APIStatusError, match=r"limit \(3\) exceeded"):
                client.files.create(file=b"four", purpose="assistants")
        assert server.stop(signal.SIGINT) == (0, "", "")
    assert {path.name for path in elsewhere.iterdir()} - {"kit.py"} == {"state.db", "state.db.lock"}


def test_logs_for_machines(elsewhere: Path) -> None:
    with receiving() as receiver:
        secret = {"ASSISTREAM_WEBHOOK_SECRET": SECRET}
        environment = {"ASSISTREAM_LOG_FORMAT": "json", "ASSISTREAM_API_KEY": "a-key"} | secret
        hook = ("--webhook", receiver.url)
        with serving("--database", ":memory:", "--access-log", "yes", *hook, **environment) as server:
            with Client(base_url=server.url, api_key="a-key") as client:
                assert "Hello there" in answer(client, "Hello there")
            receiver.wait(1)
            code, _, err = server.stop(signal.SIGTERM)
    lines = [json.loads(line) for line in err.splitlines()]
    assert code == 0
    assert {line["level"] for line in lines} == {"info"}
    [ended] = [line for line in lines if line["logger"] == "assistream.engine.runs"]
    [made] = [line for line in lines if line.get("run_id") == ended["run_id"] and line.get("method")]
    assert (ended["status"], made["status"], made["request_id"]) == ("completed", 200, ended["request_id"])
    assert "a-key" not in err
    assert "Hello there" not in err


def test_logs_for_people(elsewhere: Path) -> None:
    with serving("--database", ":memory:", "--access-log", "yes") as server:
        with Client(base_url=server.url) as client:
            client.beta.threads.create()
        _, _, err = server.stop(signal.SIGTERM)
    assert re.fullmatch(r"\S+ \S+ INFO assistream.engine.requests: POST /v1/threads 200 \S+ ms req_\w+\n", err)
