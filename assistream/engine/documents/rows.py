"""Tables as lines of text in which each value has the name of its column, so that a chunk can be understood alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

_DELIMITERS = ",;\t|"
_HEAD = 20
_NAME = 80
_NUMBER = re.compile(r"[\s\d.,:/%+-]*")

csv.field_size_limit(2**31 - 1)  # the file has a limit of its own


def table(text: str) -> Iterator[str]:
    """The lines for a text whose values stand between commas, semicolons, tabs or bars."""
    lines = text.splitlines(keepends=True)
    return named(csv.reader(lines, delimiter=_delimiter(lines)))


def named(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """``name: value; name: value`` for each row, if the first row can be names, and else ``value; value``."""
    filled = (cells for cells in map(_cells, rows) if any(cells))
    names: list[str] = []
    for first in islice(filled, 1):
        names = [name[:_NAME] for name in first] if _are_names(first) else []
        yield "; ".join(name for name in first if name)
    for row in filled:
        yield "; ".join(
            f"{names[place]}: {cell}" if place < len(names) and names[place] else cell
            for place, cell in enumerate(row)
            if cell
        )


def _cells(row: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _are_names(row: Sequence[str]) -> bool:
    """Different from each other, and none of them a number; a column may have none."""
    names = [name for name in row if name]
    return len(names) > 1 and len(set(names)) == len(names) and not any(_NUMBER.fullmatch(name) for name in names)


def _delimiter(lines: Iterable[str]) -> str:
    """What most of the first lines have equally often."""
    head = list(islice((line for line in lines if line.strip()), _HEAD))

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in head]
        usual = max(counts, key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=agreement)
