from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from assistream import __version__
from assistream.cli import connecting, main

from ..frames import DM, DONE, MC, MD, RC, RD
from ..shared import ROOT
from .conftest import Command, complaint, said


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "TERM": "dumb", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_program_that_is_installed_is_this_one() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, _, name = scripts["assistream"].partition(":")
    assert getattr(importlib.import_module(module), name) is main.main


def test_version(command: Command) -> None:
    assert said(command("--version")) == f"assistream {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "assistream: Missing command (--help tells more)\n"),
        (("serv",), "assistream: No such command 'serv'"),
        (("runs", "sow"), "assistream runs: No such command 'sow'"),
        (("demo", "--fast"), "assistream demo: No such option: --fast"),
        (("runs", "show", "thread_1"), "assistream runs show: Missing argument 'RUN'"),
        (("runs", "list", "t", "--limit", "0"), "assistream runs list: Invalid value for '--limit'"),
    ],
)
def test_what_is_no_command_is_one_line(command: Command, arguments: tuple[str, ...], says: str) -> None:
    assert complaint(command(*arguments)).startswith(says)


def test_help_names_all_commands(command: Command) -> None:
    out = said(command("--help"))
    for name in ("demo", "chat", "serve", "replay", "assistants", "threads", "runs", "--install-completion"):
        assert name in out


def test_a_server_that_is_not_there_is_one_line(command: Command) -> None:
    err = complaint(command("assistants", "list", "--base-url", "http://127.0.0.1:1/v1"), 1)
    assert err.startswith("assistream: Connection error: ")
    assert err.endswith("refused (GET http://127.0.0.1:1/v1/assistants)\n")


def test_what_nobody_expected_says_its_type_and_how_to_learn_more(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(base_url: str | None) -> str:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(connecting, "address", broken)
    err = complaint(command("assistants", "list"), 1)
    assert err == "assistream: ZeroDivisionError: two lines (assistream --debug ... tells where)\n"


def test_debug_tells_what_is_sent_and_where_it_failed() -> None:
    done = python("-m", "assistream", "--debug", "assistants", "list", "--base-url", "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "assistream DEBUG" in done.stderr


@pytest.mark.parametrize("absent", ["typer", "prompt_toolkit", "rich"])
def test_without_the_extra(absent: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    err = complaint(command("serve"))
    assert err == f'assistream: The command line needs {absent.replace("_", "-")}: pip install "assistream[cli]"\n'


def test_it_starts_without_what_only_a_command_needs() -> None:
    late = ["httpx", "pydantic", "sqlalchemy", "starlette", "uvicorn", "prompt_toolkit", "anyio"]
    source = f"""
import sys
from assistream.cli.main import main
assert main(["--version"]) == 0
print([name for name in {late} if name in sys.modules])
"""
    done = python("-c", source)
    assert (done.returncode, done.stdout.splitlines()[1], done.stderr) == (0, "[]", "")


def completions(line: str) -> list[str]:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = python("-m", "assistream", _ASSISTREAM_COMPLETE="complete_bash", **words)
    assert done.stderr == ""
    return done.stdout.split()


def test_a_shell_completes_commands_and_options() -> None:
    assert completions("assistream r") == ["replay", "runs"]
    assert completions("assistream threads ") == ["list", "show", "messages", "delete"]
    assert completions("assistream chat --model") == ["--model-url", "--model", "--model-key"]


def test_how_a_shell_learns_that() -> None:
    done = python("-m", "assistream", _ASSISTREAM_COMPLETE="source_bash")
    assert (done.returncode, done.stderr) == (0, "")
    assert "_ASSISTREAM_COMPLETE=complete_bash" in done.stdout


@pytest.mark.parametrize("options", [["--speed", "inf"], ["--json"]])
def test_a_reader_that_goes_away(tmp_path: Path, options: list[str]) -> None:
    body = b"".join([RC(), MC(), *[DM("msg_1", "word\n")] * 20_000, MD("msg_1", "word\n" * 20_000), RD(), DONE])
    (tmp_path / "long.sse").write_bytes(body)
    command = [sys.executable, "-m", "assistream", "replay", "long.sse", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_reader_that_was_never_there() -> None:
    ours, its = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "assistream", "--version"], stdout=its, stderr=subprocess.PIPE, check=False
    )
    os.close(its)
    assert (done.returncode, done.stderr) == (1, b"")
