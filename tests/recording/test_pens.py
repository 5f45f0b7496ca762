"""What reaches a file or a terminal."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

import pyte
import pyte.modes
import pytest
import rich.console

from assistream import ConfigurationError, Console
from assistream.recording.pens import PlainPen, RichPen, encodable, rich_pen

COLUMNS, LINES = 40, 8


class Terminal(io.StringIO):
    """A file that is a terminal with a screen."""

    def __init__(self) -> None:
        super().__init__()
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.screen.set_mode(pyte.modes.LNM)  # as a tty does: a line feed returns the carriage
        self._stream = pyte.Stream(self.screen)

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._stream.feed(text)
        return super().write(text)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]


def pen(terminal: Terminal, **options: Any) -> RichPen:
    options = {"width": COLUMNS, "height": LINES, "force_terminal": True, **options}
    return RichPen(rich.console.Console(file=terminal, highlight=False, _environ={"TERM": "xterm"}, **options))


def wait_for(terminal: Terminal, text: str) -> None:
    limit = time.monotonic() + 5
    while not any(text in line for line in terminal.lines):
        assert time.monotonic() < limit, terminal.lines
        time.sleep(0.01)


def test_pieces_join_without_anything_in_between() -> None:
    terminal = Terminal()
    writer = pen(terminal)
    for piece in "Hello world":
        writer.write(piece)
    assert terminal.lines[0] == "Hello world"
    assert terminal.getvalue() == "Hello world"


def test_wide_text_that_is_longer_than_the_screen() -> None:
    terminal = Terminal()
    writer = pen(terminal)
    text = "".join(chr(0x4E00 + n) for n in range(COLUMNS * LINES))  # twice as wide, twice the screen
    for piece in text:
        writer.write(piece)
    writer.write("\nend\n")
    assert terminal.getvalue() == f"{text}\nend\n"  # nothing was written twice
    shown = "".join(terminal.screen.display).replace(" ", "")
    assert text.endswith(shown.removesuffix("end"))


def test_styles() -> None:
    terminal = Terminal()
    pen(terminal, color_system="standard").write("red", "red")
    assert terminal.getvalue() == "\x1b[31mred\x1b[0m"


def test_markup_is_text() -> None:
    terminal = Terminal()
    pen(terminal).write("[bold]x[/bold] :smile: [/nothing] 12 http://x", "")
    assert terminal.getvalue() == "[bold]x[/bold] :smile: [/nothing] 12 http://x"


def test_a_spinner_comes_and_leaves_nothing() -> None:
    terminal = Terminal()
    writer = pen(terminal)
    writer.write("before\n")
    writer.wait(["look: half way", "listen"])
    wait_for(terminal, "look: half way")
    assert terminal.lines[0] == "before"
    assert [line[2:] for line in terminal.lines[1:3]] == ["look: half way", "listen"]
    writer.wait(["look"])
    writer.wait(["look"])
    writer.write("after")
    assert [line for line in terminal.lines if line] == ["before", "after"]
    assert terminal.screen.cursor.hidden is False


def test_a_spinner_with_more_rows_than_the_terminal() -> None:
    terminal = Terminal()
    writer = pen(terminal)
    writer.wait([f"[b]tool {n} {'x' * 100}\n\n" for n in range(100)])
    wait_for(terminal, "[b]tool 2")
    writer.rest()
    writer.rest()
    writer.write("after")
    assert [line for line in terminal.lines if line] == ["after"]


def test_what_a_program_prints_meanwhile_is_above(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    writer = pen(terminal)
    writer.wait(["thinking"])
    wait_for(terminal, "thinking")
    print("printed")
    writer.rest()
    assert [line for line in terminal.lines if line] == ["printed"]
    assert sys.stdout is terminal


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"TERM": "unknown"}])
def test_a_dumb_terminal_gets_no_spinner(environment: dict[str, str]) -> None:
    terminal = Terminal()
    writer = RichPen(rich.console.Console(file=terminal, force_terminal=True, _environ=environment))
    writer.wait(["thinking"])
    writer.write("x", "red")
    assert terminal.getvalue() == "x"
    assert not writer.live


def test_a_file_gets_plain_text() -> None:
    file = io.StringIO()
    writer = rich_pen(file)
    writer.wait(["thinking"])
    writer.write("a" * 500, "bold red")
    writer.write("\t[b]\n")
    writer.rest()
    assert file.getvalue() == "a" * 500 + "\t[b]\n"


def test_no_color_is_respected() -> None:
    terminal = Terminal()
    environment = {"TERM": "xterm-256color", "NO_COLOR": "1"}
    RichPen(rich.console.Console(file=terminal, force_terminal=True, _environ=environment)).write("x", "bold red")
    assert "31" not in terminal.getvalue()


def test_the_standard_output_is_looked_up_when_it_is_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    PlainPen().write("plain\n")
    rich_pen().write("rich\n")
    assert capsys.readouterr().out == "plain\nrich\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_an_encoding_lacks(encoding: str) -> None:
    assert encodable("→ 你 …", encoding) == "-> ? ..."


@pytest.mark.parametrize("encoding", ["utf-8", None])
def test_half_a_character_is_none(encoding: str | None) -> None:
    assert encodable("→ 你 …", encoding) == "→ 你 …"
    assert encodable("a\ud83d", encoding) == "a?"


@pytest.mark.parametrize("make", [PlainPen, rich_pen])
def test_a_file_of_another_encoding(make: Any) -> None:
    buffer = io.BytesIO()
    with io.TextIOWrapper(buffer, encoding="ascii") as file:
        make(file).write("→ 你好\n")
        assert buffer.getvalue() == b"-> ??\n"


def test_rich_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.delitem(sys.modules, "assistream.recording.screen", raising=False)
    with pytest.raises(ConfigurationError, match=r"assistream\[cli\]"):
        Console()


def test_in_a_notebook_pieces_join_and_nothing_spins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")  # as notebooks do
    file = io.StringIO()
    writer = rich_pen(file)
    assert not writer.live
    writer.write("Hel")
    writer.wait(["thinking"])
    writer.write("lo\n")
    assert file.getvalue() == "Hello\n"
