"""A story that is shown in a notebook while it happens."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from .html import html
from .markdown import markdown
from .pens import PlainPen
from .printout import Printout
from .story import Story
from .view import View

__all__ = ["Page", "notebook_view"]

PACE: Final = 0.05
"""The least time between two pictures, in seconds."""
SHARE: Final = 10
"""A picture is drawn again after so many times as long as it took: drawing grows with the text, but never its share."""


Display: TypeAlias = Callable[[dict[str, str]], None]
"""One output of a cell, that each call replaces: what to show, by its type."""


class Page(Story):
    """Draws itself anew when something has changed: what is important at once, deltas at a bearable pace."""

    def __init__(self, display: Display, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._display, self._clock = display, clock
        self._due = 0.0

    def changed(self, *, at_once: bool = True) -> None:
        begun = self._clock()
        if at_once or begun >= self._due:
            self._display({"text/html": html(self), "text/plain": markdown(self)})
            ended = self._clock()
            self._due = ended + max(PACE, SHARE * (ended - begun))


class _Output:
    """The output of the cell that is being run."""

    def __init__(self, ipython: Any) -> None:
        self._ipython = ipython
        self._handle: Any = None

    def __call__(self, bundle: dict[str, str]) -> None:
        if self._handle is None:
            self._handle = self._ipython.display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def notebook_view() -> View:
    """A page in a notebook; where there is none, text on standard output."""
    try:
        shell = importlib.import_module("IPython").get_ipython()
    except ImportError:
        shell = None
    if not hasattr(shell, "kernel"):  # IPython on a terminal cannot replace what it has shown
        return Printout(PlainPen())
    return Page(_Output(importlib.import_module("IPython.display")))
