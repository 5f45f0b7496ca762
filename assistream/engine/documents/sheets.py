"""The values of a workbook, one sheet after the other, as rows with the names of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, cast

import openpyxl

from .rows import named


def workbook(data: bytes) -> Iterator[str]:
    """The lines of all sheets. Of a formula it is the value that was saved with it."""
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a file says of them need not be so
        rows: Iterable[Iterable[object]] = cast("Any", sheet).iter_rows(values_only=True)
        lines = named(["" if value is None else str(value) for value in row] for row in rows)
        if (first := next(lines, None)) is not None:
            yield f"# {sheet.title}"
            yield ""
            yield first
            yield from lines
            yield ""
