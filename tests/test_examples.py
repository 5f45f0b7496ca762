"""Every example runs as a program of its own: no warning, nothing on stderr, and it prints what it is there to show."""

from __future__ import annotations

import ast
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
    "10_agent_with_approval.py": r"-- find_order\(.+\) failed: There is no order A7\.\n"
    r"(-- find_(order|customer)\([^\n]+ -> [^\n]+\n){2}-- refund\([^\n]+ -> Not more than 100 euros\.\n"
    r"   refund: calling the bank \.\.\.\n-- refund\([^\n]+ -> refunded\n-- send_email\([^\n]+ -> null\n"
    r"Order A17 [^\n]+\n-- completed\n",
    "11_parallel_tools_on_trio.py": r"-- ToolTimeoutError: .+\nIt rains everywhere\.\n"
    r"(-- get_weather: light rain in [^\n]+\n){3}-- ask_the_lighthouse: [^\n]+ given up\.\n",
    "12_approval_an_hour_later.py": r"-- requires_action: refund\(.+\)\n"
    r"Done: 4990 cents are on their way\.\n-- completed\n",
    "13_structured_output.py": r"17 May 2027: 2 nights in Oslo, 3 nights in Bergen\n",
    "14_seven_lines.py": r"light rain in Bergen\.",
    "15_seven_lines_async.py": r"light rain in Bergen\.",
    "20_webhooks.py": r"-- thread\.run\.requires_action: get_weather\(.+Bergen.+\)\n-- thread\.run\.completed\n"
    r".*light rain in Bergen.*\n-- refused: The webhook's signature is not one with this secret\.\n",
    "17_file_search.py": r"> What does a ticket cost\?\n-- searched: tickets\.txt \(0\.\d\d\)[^\n]*\n"
    r"A ticket costs 120 crowns\[0\]\.\n\[0\] tickets\.txt\n"
    r"> Is the museum closed on Mondays\?\n-- searched: opening_hours\.md [^\n]+\n"
    r"On Mondays it is closed\[0\]\.\n\[0\] opening_hours\.md\n",
    "18_code_interpreter.py": r"-- total: 7\nsandbox:/mnt/data/report\.txt is 7 sold in 2 cities\n"
    r"|code_interpreter has no sandbox here: .+\n",
    "19_export_import.py": r"-- exported: 1 assistants, 1 threads, 1 runs, 2 messages, [^\n]+\n"
    r"-- the same: True\n-- 2 more messages: You said: \"And now\?\" [^\n]+\n",
    "16_vector_store_search.py": r"completed: 3 can be searched, 1 cannot\n-- invalid_file\n"
    r"When [^\n]+\? refunds\.md\nWhat [^\n]+\? prices\.csv\nIs [^\n]+\? shipping\.html\n",
}
"""What each prints, from its first character to its last."""

CONVERSATION = [
    r"I am in Oslo\. What .+",
    r"",
    r"step 1 · tool calls",
    r'→ get_weather {"city": "Bergen"}',
    r'→ find_trains {"origin": "Oslo", "destination": "Bergen", "after": "14:00"}',
    r'← get_weather {"city":"Bergen",.*}',
    r'← find_trains {"from":"Oslo",.*"14:25".*}',
    r"step 2 · message",
    r".*light rain.*14:25.*",
    r"completed · 2 steps · \d+ \+ \d+ tokens · \d+\.\d s",
]
"""The lines that the demo shows, in this order."""


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


@pytest.mark.parametrize("example", ["14_seven_lines.py", "15_seven_lines_async.py"])
def test_text_and_a_tool_take_seven_lines(example: str) -> None:
    """The function and what streams; a client and an assistant are given."""
    module = ast.parse((EXAMPLES / example).read_text(encoding="utf-8"))
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert lines["weather"] + lines["main"] <= 7


def check_conversation(out: str) -> None:
    lines = out.splitlines()
    assert len(lines) == len(CONVERSATION)
    for line, wanted in zip(lines, CONVERSATION, strict=True):
        assert re.fullmatch(wanted, line)


def test_the_demo_prints_plain_text_into_a_pipe(tmp_path: Path) -> None:
    out = printed("demo.py", tmp_path)
    assert "\x1b" not in out
    check_conversation(out)


def test_the_demo_writes_as_it_happens_on_a_terminal() -> None:
    out = shown("demo.py")
    assert "\x1b[1;33mget_weather" in out
    assert re.search(r'{"\x1b\[0m\x1b\[36mcity', out)  # arguments while they were written
