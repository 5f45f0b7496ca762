from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import environments
from scripts import test_models as script


@pytest.fixture(autouse=True)
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was asked to be installed, of which nothing is."""
    asked: list[list[str]] = []

    def prepare(place: Path, packages: list[str]) -> None:
        assert place.parent == tmp_path
        asked.append(packages)

    monkeypatch.setattr(script, "PLACE", tmp_path)
    monkeypatch.setattr(environments, "prepare_python", prepare)
    monkeypatch.setenv("CMAKE_ARGS", "")
    return asked


def test_what_cannot_be_installed_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(place: Path, packages: list[str]) -> None:
        raise environments.CannotInstall(f"no {place.name}")

    monkeypatch.setattr(environments, "prepare_python", failing)
    assert script.main() == 1
    assert capsys.readouterr().out == "== FAILED: test-models, no litellm\n"


@pytest.mark.parametrize(("code", "said"), [(0, "all is well with"), (1, "FAILED: test-models, with")])
def test_it_ends_as_the_tests_do(
    code: int,
    said: str,
    ready: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        assert command[-1] == "tests/models_live"
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", run)
    assert script.main() == code
    assert ready == list(script.REQUIREMENTS.values())
    assert f"{said} litellm[proxy]==" in capsys.readouterr().out
