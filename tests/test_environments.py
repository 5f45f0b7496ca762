from __future__ import annotations

import shutil
import subprocess
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scripts.environments import CannotInstall, is_ready, prepare_node, prepare_python

PACKAGES = ["one==1", "two==2"]
Prepare = Callable[[Path, Sequence[str]], None]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What is called to install packages, which does nothing."""
    called: list[Sequence[str]] = []

    def create(place: Path, **options: Any) -> None:
        place.mkdir()

    def run(command: Sequence[str], **options: Any) -> None:
        called.append(command)

    def which(name: str) -> str:
        return f"/bin/{name}"

    monkeypatch.setattr(venv, "create", create)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", which)
    return called


@pytest.fixture(params=[prepare_python, prepare_node])
def prepare(request: pytest.FixtureRequest) -> Prepare:
    found: Prepare = request.param
    return found


def test_it_is_made_once(commands: list[Sequence[str]], prepare: Prepare, tmp_path: Path) -> None:
    place = tmp_path / "there"
    assert not is_ready(place, PACKAGES)
    for _ in range(2):
        prepare(place, PACKAGES)
        assert is_ready(place, PACKAGES)
    assert [command[-2:] for command in commands] == [PACKAGES]


@pytest.mark.usefixtures("commands")
def test_with_other_packages_or_elsewhere_it_is_not_ready(prepare: Prepare, tmp_path: Path) -> None:
    place = tmp_path / "there"
    prepare(place, PACKAGES)
    assert not is_ready(place, PACKAGES[:1])
    place.rename(tmp_path / "elsewhere")
    assert not is_ready(tmp_path / "elsewhere", PACKAGES)


def test_versions_are_limited(commands: list[Sequence[str]], tmp_path: Path) -> None:
    limits, place = tmp_path / "constraints.txt", tmp_path / "there"
    limits.write_text("one==1\n")
    prepare_python(place, PACKAGES, limits)
    assert commands[-1][-4:] == ["--constraint", str(limits), *PACKAGES]
    assert is_ready(place, PACKAGES, limits)
    assert not is_ready(place, PACKAGES)
    limits.write_text("one==2\n")
    assert not is_ready(place, PACKAGES, limits)


@pytest.mark.usefixtures("commands")
def test_what_failed_is_told_and_not_ready(prepare: Prepare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: Sequence[str], **options: Any) -> None:
        raise subprocess.CalledProcessError(2, command)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CannotInstall, match=r"two==2`: exit code 2"):
        prepare(tmp_path / "there", PACKAGES)
    assert not is_ready(tmp_path / "there", PACKAGES)


def test_without_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotInstall, match="npm"):
        prepare_node(tmp_path / "there", PACKAGES)
