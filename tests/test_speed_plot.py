from __future__ import annotations

from pathlib import Path

import pytest

from scripts import speed_plot as script

TABLE = """
## Other

| a | 1 | 2 | 3 | 4 |

## Whole path

| | deltas | openai, µs | assistream, µs | times |
|---|---:|---:|---:|---:|
| text & more * | 1,000 | 1,100.0 | 10.0 | 110.0 |
| text | 5,000 | | 3.0 | |
| import | | 291 ms | 8 ms | 36 |

## Next

| text | 7 | 7 | 7 | 1 |
"""


def test_rows_are_those_with_figures_of_both() -> None:
    assert script.rows(TABLE) == [("text & more, 1,000", 1100.0, 10.0)]


def test_bars_are_as_long_as_the_figures_have_digits() -> None:
    drawn = script.drawing(script.rows(TABLE))
    unit = (script.WIDTH - script.LEFT - script.RIGHT) / 4
    assert f'width="{unit:.1f}" height="{script.BAR}" fill="{script.OURS}"' in drawn
    assert "text &amp; more, 1,000" in drawn
    assert "110 times" in drawn


def test_a_drawing_that_is_old_or_not_there_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, plot = tmp_path / "README.md", tmp_path / "speed.svg"
    table.write_text(TABLE, encoding="utf-8")
    assert script.main(["--check"], table, plot) == 1
    assert "run scripts/speed_plot.py" in capsys.readouterr().out
    assert script.main([], table, plot) == 0
    assert script.main(["--check"], table, plot) == 0
    table.write_text(TABLE.replace("10.0", "11.0"), encoding="utf-8")
    assert script.main(["--check"], table, plot) == 1


def test_the_drawing_in_the_documents_is_that_of_the_table() -> None:
    assert script.main(["--check"]) == 0
