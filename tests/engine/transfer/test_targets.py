from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from assistream.engine.transfer.targets import written_whole
from assistream.errors import ConfigurationError


def test_the_name_is_there_when_the_file_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a"
    with written_whole(target) as part:
        part.write_text("all of it")
        assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert target.read_text() == "all of it"
    assert os.name != "posix" or stat.S_IMODE(target.stat().st_mode) == 0o600


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), written_whole(tmp_path / "a") as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_written_over(tmp_path: Path, early: bool, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "a"
    if early:
        target.write_text("old")
    with pytest.raises(ConfigurationError, match=r"There is a file .*a' already"), written_whole(target) as part:
        part.write_text("new")
        target.write_text("old")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def refuse(source: Path, target: Path) -> None:
    raise PermissionError("no links here")


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse)
    with written_whole(tmp_path / "a") as part:
        part.write_text("new")
    assert (tmp_path / "a").read_text() == "new"


def test_a_link_that_leads_nowhere_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    with pytest.raises(ConfigurationError, match="already"), written_whole(tmp_path / "a"):
        pass


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written: No such file or directory"):
        with written_whole(tmp_path / "b" / "a"):
            pass
