"""Every example runs as a program of its own: no warning, nothing on stderr, and it prints what it is there to show."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .shared import ROOT

EXAMPLES = ROOT / "examples"
ENDS = {
    "01_first_stream.py": r'You said: "What is a stream\?" .+\n-- completed\n',
    "02_iterate_events.py": r"thread\.created\nthread\.run\.created\n.+\.run\.completed\n-- \d+ deltas, \d+ tokens\n",
    "03_text_deltas.py": r'You said: "Tell me about Bergen\." .+\n-- message completed, run completed\n',
    "04_tool_calls_by_hand.py": r'-- get_weather\(\{"city": "Bergen"\}\)\n.*light rain.*\n-- completed\n',
    "05_async_on_trio.py": r'-- queued\n.+You said: "Hello from trio!" .+\n-- completed\n',
    "06_many_runs_at_once.py": r"20 answers, \d{3,} characters\n",
    "07_testing_a_program.py": r"\.\.\.\. +\[100%\]\n4 passed in .+s\n",
    "08_web_app_starlette.py": r"-- tool\.started\n-- tool\.output\n.*light rain in Bergen.*\n-- done\n",
    "09_web_app_fastapi.py": r"-- tool\.started\n-- tool\.output\n.*light rain in Bergen.*\n-- done\n",
}
"""What each prints, from its first character to its last."""

CALLS = [
    r'calls +get_weather {"city": "Bergen"}',
    r'calls +find_trains {"origin": "Oslo", "destination": "Bergen", "after": "14:00"}',
    r'returned +get_weather {"city": "Bergen", .*}',
    r'returned +find_trains {"from": "Oslo", .*"14:25".*}',
    r"assistant +.*light rain.*14:25",
    r"run +completed, \d+ \+ \d+ tokens, \d+\.\d s",
]
"""The lines that the demo shows after the question, in this order."""

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def command(example: str) -> list[str]:
    return [sys.executable, "-W", "error", str(EXAMPLES / example)]


def environment(**more: str) -> dict[str, str]:
    """Nothing of this machine's that says where a server is, or how to print."""
    theirs = ("ASSISTREAM_", "OPENAI_", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES", "TERM", "TTY_")
    return {name: value for name, value in os.environ.items() if not name.startswith(theirs)} | more


def printed(example: str, directory: Path) -> str:
    """What it writes into a pipe."""
    done = subprocess.run(
        command(example),
        cwd=directory,
        env=environment(PYTHONIOENCODING="utf-8"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert list(directory.iterdir()) == []
    return done.stdout


def shown(example: str) -> str:
    """What it writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(example),
        env=environment(TERM="xterm-256color", COLUMNS="300", LINES="50", PYTHONIOENCODING="utf-8"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    with process, open(ours, "rb", buffering=0) as terminal:
        pieces: list[bytes] = []
        try:
            while piece := terminal.read(65536):
                pieces.append(piece)
        except OSError:  # how Linux says that the other end was closed
            pass
        _, complaints = process.communicate()
    assert (complaints, process.returncode) == (b"", 0)
    return b"".join(pieces).decode()


def test_every_example_is_here() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*ENDS, "demo.py"}


@pytest.mark.parametrize("example", ENDS)
def test_example(example: str, tmp_path: Path) -> None:
    out = printed(example, tmp_path)
    assert re.fullmatch(ENDS[example], out, re.DOTALL), out


def check_conversation(out: str) -> None:
    """What the demo shows in the end is the question and then these lines."""
    lines = out.strip().splitlines()
    assert len(lines) == 1 + len(CALLS)
    for line, wanted in zip(lines, [r"you +I am in Oslo\. What", *CALLS], strict=True):
        assert re.match(wanted, line)


def test_the_demo_prints_plain_text_into_a_pipe(tmp_path: Path) -> None:
    out = printed("demo.py", tmp_path)
    assert "\x1b" not in out
    check_conversation(out)


def test_the_demo_draws_a_live_picture_on_a_terminal() -> None:
    out = shown("demo.py")
    assert out.count("\x1b[1A") > 100  # redrawn for each piece, from above
    plain = CONTROL.sub("", out)
    assert re.search(r'calls +get_weather {"city +\r', plain)  # arguments while they were written
    check_conversation(plain[plain.rindex("you ") :])
