"""How answers are shown: as tables for people, as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ..types.base import BaseModel

__all__ = ["console", "moment", "print_event", "print_fields", "print_json", "print_table", "write"]


def console() -> Console:
    """Standard output; into a pipe, lines are as long as they are."""
    from ..recording.screen import Screen

    return Screen(highlight=False, width=None if sys.stdout.isatty() else 10_000)


def print_json(*things: BaseModel) -> None:
    """The objects as the server sent them, each in a line."""
    for thing in things:
        print(thing.to_json(indent=None), flush=True)


def print_event(event: Any) -> None:
    """An event of a stream in a line: its name, and its data as the server sent it."""
    data: Any = event.data
    written = json.dumps(data) if not hasattr(data, "to_json") else data.to_json(indent=None)
    print(f'{{"event":{json.dumps(event.event)},"data":{written}}}', flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows below their heads. The first of each row, its id, is never cut: it is there to be copied."""
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for row in rows:
        cells = [_cell(value).replace("\n", " ") for value in row]
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in cells))
    _print(table)


def print_fields(thing: BaseModel) -> None:
    """The fields of an object that have a value, each with its name."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for name, value in thing.to_dict(mode="json", exclude_none=True).items():
        if value not in ({}, [], ""):
            table.add_row(Text(name, "bold"), Text(moment(value) if name.endswith("_at") else _cell(value)))
    _print(table)


def _print(table: Table) -> None:
    """Without the blanks that fill the last column up."""
    screen = console()
    with screen.capture() as captured:
        screen.print(table)
    write("".join(f"{line.rstrip()}\n" for line in captured.get().split("\n")[:-1]))


def write(text: str) -> None:
    """Write to standard output, as far as its encoding can hold it."""
    from ..recording.pens import encodable

    sys.stdout.write(encodable(text, sys.stdout.encoding))


def moment(seconds: object) -> str:
    """A time of the API as people here read it."""
    if not isinstance(seconds, int | float) or not seconds:
        return ""
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M:%S}"


def _cell(value: object) -> str:
    from ..recording.words import clean

    if value is None:
        return ""
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
