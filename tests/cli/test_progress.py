from __future__ import annotations

from pathlib import Path

import pytest

from assistream.cli.progress import counted, progress

from .terminal import on_terminal


def test_nothing_is_shown_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Working") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal(elsewhere: Path) -> None:
    source = """
from assistream.cli.progress import progress
for unit, total in (("", 300), ("bytes", 3_000_000), ("bytes", None)):
    with progress("Working", unit=unit) as tell:
        tell(0, total)
        tell(total or 500_000, total)
print("data")
"""
    (elsewhere / "bar.py").write_text(source, encoding="utf-8")
    with on_terminal("bar.py") as terminal:
        assert terminal.end() == 0
        assert terminal.text.strip() == "data"
        assert "300/300" in terminal.written
        assert "3.0/3.0 MB" in terminal.written
        assert "500.0/? kB" in terminal.written


def test_bytes_are_counted() -> None:
    told: list[tuple[int, int | None]] = []
    assert list(counted([b"ab", b"c"], None, lambda done, total: told.append((done, total)))) == [b"ab", b"c"]
    assert told == [(2, None), (3, None)]
