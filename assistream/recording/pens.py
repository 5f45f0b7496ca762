"""What a printout is written with: a plain file, or a terminal through rich."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from ..errors import ConfigurationError

if TYPE_CHECKING:
    import rich.console
    import rich.live

__all__ = ["Pen", "PlainPen", "RichPen", "rich_pen"]

_ASCII: Final = str.maketrans({"→": "->", "←": "<-", "·": "-", "✗": "x", "…": "..."})

FRAMES_PER_SECOND: Final = 10


def encodable(text: str, encoding: str | None) -> str:
    """The text as far as a file of this encoding can hold it."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text


class Pen(Protocol):
    """Where a printout is written to."""

    @property
    def live(self) -> bool:
        """Whether `wait` shows anything."""
        ...

    def write(self, text: str, style: str = "") -> None:
        """Write on, where the last text ended. The text is clean; `style` is one of rich's."""

    def wait(self, rows: Sequence[str]) -> None:
        """Show that something is being waited for, until the next `write` or `rest`."""

    def rest(self) -> None:
        """Nothing is waited for."""


class PlainPen:
    """Writes nothing but text; into `sys.stdout`, as it is at that moment, unless told."""

    live = False

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file

    def write(self, text: str, style: str = "") -> None:
        file = self._file or sys.stdout
        file.write(encodable(text, file.encoding))
        file.flush()

    def wait(self, rows: Sequence[str]) -> None:
        """There is nobody to be entertained."""

    def rest(self) -> None:
        """As `wait`."""


def rich_pen(file: TextIO | None = None, console: rich.console.Console | None = None) -> RichPen:
    """A pen for this file, or this console; ConfigurationError where rich is not installed."""
    try:
        from .screen import Screen
    except ImportError as exc:
        raise ConfigurationError('Console needs rich: pip install "assistream[cli]"') from exc
    if console is not None:
        return RichPen(console)
    # In a notebook rich would make each piece of text an output of its own, and take it for a terminal besides.
    screen = Screen(file=file, highlight=False, force_jupyter=False)
    return RichPen(screen, spins=not Screen().is_jupyter)


class RichPen:
    """Writes in colours on a terminal, and plain text elsewhere; a spinner turns while something is waited for."""

    def __init__(self, console: rich.console.Console, *, spins: bool = True) -> None:
        self._console = console
        self._waiting: rich.live.Live | None = None
        self.live: bool = spins and console.is_terminal and not console.is_dumb_terminal

    def write(self, text: str, style: str = "") -> None:
        from rich.segment import Segment, Segments

        self.rest()
        # A segment is written as it is: nothing is wrapped, no tab expanded, no markup obeyed.
        segment = Segment(encodable(text, self._console.encoding), self._console.get_style(style) if style else None)
        self._console.print(Segments([segment]), end="", soft_wrap=True)

    def wait(self, rows: Sequence[str]) -> None:
        if not self.live:
            return
        if self._waiting is None:
            # It turns by itself, and appears with its first turn: not at all if the wait is shorter than that.
            self._waiting = self._spinner(rows)
            self._waiting.start()
        else:
            self._waiting.update(self._picture(rows))

    def rest(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.stop()

    def _spinner(self, rows: Sequence[str]) -> rich.live.Live:
        from rich.live import Live

        return Live(self._picture(rows), console=self._console, transient=True, refresh_per_second=FRAMES_PER_SECOND)

    def _picture(self, rows: Sequence[str]) -> rich.console.RenderableType:
        """A row for each thing that is waited for, never more than the terminal has."""
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        shown = rows[: max(1, self._console.height - 2)]
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, width=1)
        table.add_column(no_wrap=True, overflow="ellipsis")
        for row in shown:
            table.add_row(Spinner("dots"), Text(encodable(row.replace("\n", " "), self._console.encoding), "dim"))
        return table
