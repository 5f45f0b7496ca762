from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scripts import compat, environments
from tests.shared import ROOT


def test_an_environment_has_what_assistream_needs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Path, list[str]]] = []

    def prepare(place: Path, packages: list[str]) -> None:
        made.append((place, packages))

    monkeypatch.setattr(compat, "PLACE", tmp_path)
    monkeypatch.setattr(environments, "prepare_python", prepare)
    compat.prepare("3.x")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert made == [(tmp_path / "3.x", ["openai>=3,<4", *needed, "trio"])]


def test_what_cannot_be_installed_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(version: str) -> None:
        raise environments.CannotInstall(f"no {version}")

    monkeypatch.setattr(compat, "prepare", failing)
    assert compat.main() == 1
    assert capsys.readouterr().out == "== FAILED: compat, no 1.109.1\n"
