"""`Console` as somebody sees it: a program in a pseudo-terminal, and a screen that obeys what it writes."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

import pyte
import pytest

from ..shared import ROOT

COLUMNS, LINES = 60, 12

HEAD = """
from assistream import AssistantEventHandler, Client, Console
from assistream.engine import Scripted, calls, says
from assistream.engine.models import pauses

def run(model, *handlers, **options):
    with Client.embedded(model=model) as client:
        assistant = client.beta.assistants.create(model="scripted")
        thread = {"messages": [{"role": "user", "content": "Hello."}]}
        threads = client.beta.threads
        with threads.create_and_run_stream(
            assistant_id=assistant.id, thread=thread, event_handler=[*handlers, Console()], **options
        ) as stream:
            stream.until_done()
"""

CALLS_ONE = "run(Scripted([calls(f={})]), tools=[{'type': 'function', 'function': {'name': 'f'}}])"


class Seen:
    """What a program wrote to its terminal, and the screen at the end and after each read."""

    def __init__(self, program: str, **environment: str) -> None:
        self.screen = pyte.HistoryScreen(COLUMNS, LINES, history=1000)
        self.pictures: list[list[str]] = []
        self.written = self._run(HEAD + program, environment)

    def _run(self, program: str, environment: dict[str, str]) -> str:
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        hidden = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "TTY_", "ASSISTREAM_", "OPENAI_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program],
            cwd=ROOT,
            env={**clean, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,  # where Python asks its questions
        )
        os.close(theirs)
        stream, pieces, answered = pyte.ByteStream(self.screen), list[bytes](), False
        with process, open(ours, "r+b", buffering=0) as terminal:
            try:
                while piece := terminal.read(65536):
                    pieces.append(piece)
                    stream.feed(piece)
                    self.pictures.append(self.lines)
                    if not answered and any("y/N" in line for line in self.lines):
                        answered = bool(terminal.write(b"y\n"))
            except OSError:  # how Linux says that the other end was closed
                pass
        written = b"".join(pieces).decode()
        assert (process.returncode, "Warning" in written) == (0, False), written
        return written

    @property
    def lines(self) -> list[str]:
        """The screen, and what has scrolled out of it above."""
        above = ["".join(line[n].data for n in range(COLUMNS)) for line in self.screen.history.top]
        return [line.rstrip() for line in [*above, *self.screen.display] if line.strip()]


def test_a_long_text_with_wide_characters() -> None:
    seen = Seen("text = ''.join(chr(0x4e00 + n) for n in range(900))\nrun(Scripted([says([*text])]))")
    text = "".join(chr(0x4E00 + n) for n in range(900))
    assert text in "".join(seen.lines).replace(" ", "")
    assert seen.written.count(text[500]) == 1  # written once: nothing to flicker
    assert re.match(r"completed · 1 step · \d+\.\d s", seen.lines[-1])


def test_tools_with_a_spinner() -> None:
    seen = Seen(
        """
import time
from assistream import ToolContext
def look(ctx: ToolContext, at: str) -> str:
    ctx.progress("half way")
    time.sleep(0.5)
    return "blue"
run(Scripted([calls(look={"at": "sky"}), says("The sky is blue.")]), tools=[look])
"""
    )
    assert seen.lines[:-1] == [
        "step 1 · tool calls",
        '→ look {"at": "sky"}',
        "← look blue",
        "step 2 · message",
        "The sky is blue.",
    ]
    waiting = [line for picture in seen.pictures for line in picture if re.match("[⠀-⣿] look: half way", line)]
    assert waiting  # it was there, and is gone
    assert len(set(waiting)) > 1  # and it turned
    assert seen.screen.cursor.hidden is False


def test_a_question_is_not_disturbed_by_the_spinner() -> None:
    seen = Seen(
        """
from assistream import function_tool
@function_tool(needs_approval=True)
def refund(order: str) -> str:
    return "refunded"
class Asks(AssistantEventHandler):
    def on_tool_approval(self, call):
        import time; time.sleep(0.3)
        return input(f"{call.name}? [y/N] ") == "y"
run(Scripted([calls(refund={"order": "A1"}), says("Done.")]), Asks(), tools=[refund])
"""
    )
    assert "refund? [y/N] y" in seen.lines
    assert "← refund refunded" in seen.lines
    assert not any("⠋" in line for picture in seen.pictures for line in picture if "y/N" in line)


def test_control_sequences_of_the_model() -> None:
    seen = Seen(r"run(Scripted([says(['before ', '\x1b[2J\x1b[31m', '[bold]x[/bold]'])]))")
    assert "before ␛[2J␛[31m[bold]x[/bold]" in seen.lines
    assert "\x1b[2J" not in seen.written


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours(environment: dict[str, str]) -> None:
    seen = Seen(
        "run(Scripted([calls(f={}), 'x']), tools=[{'type': 'function', 'function': {'name': 'f'}}])", **environment
    )
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", seen.written)
    assert "→ f {}" in seen.lines
    if environment.get("TERM") == "dumb":
        assert "\x1b" not in seen.written


def test_it_is_in_colours() -> None:
    seen = Seen(CALLS_ONE)
    assert "\x1b[33m→ " in seen.written
