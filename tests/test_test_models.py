from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import test_models as script


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that was made for now and here."""
    monkeypatch.setattr(script, "PLACE", tmp_path)
    (tmp_path / script.LITELLM).mkdir()
    stamp = tmp_path / script.LITELLM / "assistream-ready"
    stamp.write_text(script._made_for(script.LITELLM), encoding="utf-8")
    return stamp


def test_what_is_ready_is_left_as_it_is(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.stat()
    script.prepare(script.LITELLM)
    assert made.stat() == before
    assert not capsys.readouterr().out


@pytest.mark.usefixtures("made")
def test_other_versions_are_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(script.REQUIREMENTS, script.LITELLM, ["litellm[proxy]==1.0"])
    assert not script.is_ready(script.LITELLM)


@pytest.mark.usefixtures("made")
def test_what_cannot_be_installed_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(server: str) -> None:
        raise subprocess.CalledProcessError(2, "pip")

    monkeypatch.setattr(script, "prepare", failing)
    assert script.main() == 1
    assert capsys.readouterr().out == "== FAILED: test-models, pip could not install litellm (exit code 2)\n"


@pytest.mark.parametrize(("code", "said"), [(0, "all is well with"), (1, "FAILED: test-models, with")])
def test_it_ends_as_the_tests_do(
    code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ready: list[str] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        assert command[-1] == "tests/models_live"
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(script, "REQUIREMENTS", {script.LITELLM: ["litellm[proxy]==1.0"]})
    monkeypatch.setattr(script, "prepare", ready.append)
    monkeypatch.setattr(subprocess, "run", run)
    assert script.main() == code
    assert ready == [script.LITELLM]
    assert f"{said} litellm[proxy]==" in capsys.readouterr().out
