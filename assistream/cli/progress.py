"""How far long work is, for who watches: on a terminal, and never on standard output, which may be data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

__all__ = ["counted", "progress"]


@contextmanager
def progress(what: str, *, unit: str = "") -> Generator[Callable[[int, int | None], None]]:
    """A bar that is told how much is done, and of how much; nothing is shown where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield _to_nobody
        return
    from rich import progress as rich
    from rich.console import Console

    amount = rich.DownloadColumn() if unit == "bytes" else rich.MofNCompleteColumn()
    columns = (rich.TextColumn("{task.description}"), rich.BarColumn(), amount, rich.TimeRemainingColumn())
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _to_nobody(done: int, total: int | None) -> None:
    """Where nobody watches."""


def counted(pieces: Iterable[bytes], total: int | None, tell: Callable[[int, int | None], None]) -> Iterator[bytes]:
    """The pieces, while it is told how many bytes have gone by."""
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        tell(done, total)
