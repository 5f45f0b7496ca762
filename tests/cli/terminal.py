"""A real terminal for a program of ours: a pseudo-terminal, and a screen that shows what a user would see."""

from __future__ import annotations

import os
import pty
import select
import struct
import subprocess
import sys
from codecs import getincrementaldecoder
from collections.abc import Generator
from contextlib import contextmanager
from fcntl import ioctl
from termios import TIOCSWINSZ

import pyte

from ..shared import ROOT

COLUMNS, LINES = 100, 60
PATIENCE = 60  # seconds; a test that passes never waits that long

CTRL_C, CTRL_D, ENTER, ALT_ENTER, TAB, UP = "\x03", "\x04", "\r", "\x1b\r", "\t", "\x1b[A"
PASTE = "\x1b[200~{}\x1b[201~"

LAUNCHER = "import os, sys; os.login_tty(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
"""Makes the terminal that the program gets the one that controls it, so that Ctrl-C is a signal there."""


class Screen(pyte.Screen):
    """Answers as terminals do when a program asks where its cursor is."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(COLUMNS, LINES)
        self._descriptor = descriptor

    def write_process_input(self, data: str) -> None:
        os.write(self._descriptor, data.encode())


class Terminal:
    """What stands on the screen of a program, and what is typed."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self._process, self._descriptor = process, descriptor
        self._screen = Screen(descriptor)
        self._stream = pyte.Stream(self._screen)
        self._decoder = getincrementaldecoder("utf-8")()
        self.written = ""

    @property
    def text(self) -> str:
        """The screen's lines, without the blank at their ends."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def say(self, text: str) -> None:
        self.type(text + ENTER)

    def wait_for(self, text: str, times: int = 1) -> None:
        """Until the screen shows the text so many times."""
        while self.text.count(text) < times:
            assert self._read(), f"the program has ended, or hangs, without {text!r} on this screen:\n{self.text}"

    def wait_for_prompt(self) -> None:
        """Until the last thing on the screen is an empty prompt: before that, keys go through the terminal's own."""
        while not self.text.endswith("\n>"):
            assert self._read(), f"the program has ended, or hangs, without a prompt on this screen:\n{self.text}"

    def end(self) -> int:
        """Wait until the program has ended; its exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def _read(self) -> bool:
        """What the program writes next; whether there was anything."""
        ready, _, _ = select.select([self._descriptor], [], [], PATIENCE)
        try:
            data = os.read(self._descriptor, 65536) if ready else b""
        except OSError:  # how Linux says that the other end was closed
            data = b""
        text = self._decoder.decode(data)
        self.written += text
        self._stream.feed(text)
        return bool(data)


@contextmanager
def on_terminal(*arguments: str, **environment: str) -> Generator[Terminal]:
    """`python -W error` with these arguments, on a terminal."""
    theirs = ("ASSISTREAM_", "OPENAI_", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES", "TTY_", "PROMPT_TOOLKIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    ours, its = pty.openpty()
    ioctl(its, TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, "-W", "error", *arguments],
        env={**kept, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        stdin=its,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    try:
        with process:
            try:
                yield Terminal(process, ours)
            finally:
                process.kill()
    finally:
        os.close(ours)
