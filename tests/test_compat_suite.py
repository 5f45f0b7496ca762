from __future__ import annotations

from pathlib import Path

import pytest

from scripts import compat_suite
from scripts.environments import CannotInstall


@pytest.fixture(autouse=True)
def nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compat_suite, "PLACE", tmp_path)
    monkeypatch.delenv("OPENAI_V1_SOURCES", raising=False)


def test_without_npm_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert compat_suite.main() == 1
    assert capsys.readouterr().out == "== FAILED: compat-suite, there is no Node.js with npm\n"


def test_sources_that_are_there_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources/openai-1.2.3").mkdir(parents=True)
    assert compat_suite.source_distribution("1.2.3") == tmp_path / "sources/openai-1.2.3"
    monkeypatch.setenv("OPENAI_V1_SOURCES", str(tmp_path))
    assert compat_suite.tagged("1.2.3") == tmp_path


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotInstall, match=r"none\.json is not there"):
        with compat_suite.serving(tmp_path / "prism", tmp_path / "none.json"):
            pass
