from __future__ import annotations

from pathlib import Path

import pytest

from tests import shared


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shared, "SHARED", tmp_path)
    (tmp_path / "streams").mkdir()
    return tmp_path / "streams"


def test_what_is_there_is_found(recorded: Path) -> None:
    (recorded / "b.sse").touch()
    (recorded / "a.sse").touch()
    assert shared.require_shared("streams") == recorded
    assert [(param.id, *param.values) for param in shared.shared_files("streams/*.sse")] == [
        ("a.sse", recorded / "a.sse"),
        ("b.sse", recorded / "b.sse"),
    ]


@pytest.mark.usefixtures("recorded")
def test_what_is_absent_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"\.\./shared/openapi is absent"):
        shared.require_shared("openapi")
    (param,) = shared.shared_files("openapi/*.json")
    assert [mark.name for mark in param.marks] == ["skip"]


@pytest.mark.usefixtures("recorded")
def test_what_is_absent_on_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"\.\./shared/openapi is absent"):
        shared.require_shared("openapi")
    (param,) = shared.shared_files("openapi/*.json")
    assert not param.marks
