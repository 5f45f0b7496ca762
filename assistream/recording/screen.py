"""The console of rich that views are written to. Needs rich, so it is imported late."""

from __future__ import annotations

from rich.console import Console

__all__ = ["Screen"]


class Screen(Console):
    """Leaves it to the program what a reader that has gone away means."""

    def on_broken_pipe(self) -> None:
        """Rich, which calls this for a BrokenPipeError, would turn standard output off and raise SystemExit."""
        raise
