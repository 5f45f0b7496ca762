from __future__ import annotations

import datetime
import io

import openpyxl

from assistream.engine.documents.sheets import workbook

from . import hostile


def test_sheets_with_their_names() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    people = book.create_sheet("People", 0)
    for row in (["Name", "Born", "Score"], ["Ada", datetime.date(1815, 12, 10), 1.5], [None, None, None], ["Bob"]):
        people.append(row)
    numbers = book.create_sheet("Numbers", 1)
    numbers.append([1, 2])
    book.save(out)
    assert list(workbook(out.getvalue())) == [
        "# People",
        "",
        "Name; Born; Score",
        "Name: Ada; Born: 1815-12-10 00:00:00; Score: 1.5",
        "Name: Bob",
        "",
        "# Numbers",
        "",
        "1; 2",
        "",
    ]


def test_cells_that_are_far_apart() -> None:
    assert list(workbook(hostile.far_cell())) == ["# Notes", "", "1", "2", ""]
