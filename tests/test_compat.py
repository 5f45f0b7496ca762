from __future__ import annotations

from pathlib import Path

import pytest

from scripts import compat


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that was made for now and here."""
    monkeypatch.setattr(compat, "PLACE", tmp_path)
    (tmp_path / "3.x").mkdir()
    stamp = tmp_path / "3.x" / "assistream-ready"
    stamp.write_text(compat._made_for("3.x"), encoding="utf-8")
    return stamp


def test_what_is_ready_is_left_as_it_is(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.stat()
    compat.prepare("3.x")
    assert made.stat() == before
    assert not capsys.readouterr().out


def test_what_was_never_finished_is_not_ready(made: Path) -> None:
    made.unlink()
    assert not compat.is_ready("3.x")


def test_what_was_moved_is_not_ready(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    made.parent.rename(tmp_path / "elsewhere" / "3.x")
    monkeypatch.setattr(compat, "PLACE", tmp_path / "elsewhere")
    assert not compat.is_ready("3.x")


@pytest.mark.usefixtures("made")
def test_what_needs_something_else_now_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(compat.REQUIREMENTS, "3.x", ["openai>=3.60,<4"])
    assert not compat.is_ready("3.x")
