from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scripts import pythons
from scripts.check import PARALLEL
from scripts.environments import CannotInstall, python
from scripts.pythons import candidates, found, main, supported, version_of

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_what_is_claimed_is_what_is_tested() -> None:
    assert supported() == ["3.11", "3.12", "3.13", "3.14"]


def test_where_interpreters_are_looked_for(tmp_path: Path) -> None:
    on_path = program(tmp_path / "bin" / "python3.98", "")
    pyenv = program(tmp_path / ".pyenv" / "versions" / "3.98.1" / "bin" / "python", "")
    uv = program(tmp_path / ".local/share/uv/python" / "cpython-3.98.0-linux" / "bin" / "python3.98", "")
    program(tmp_path / ".pyenv" / "versions" / "3.9.18" / "bin" / "python", "")
    environment = {"PATH": str(on_path.parent), "HOME": str(tmp_path), "PYTHONS": "/one /other"}
    wanted = ["/one", "/other", sys.executable, *map(str, (on_path, pyenv, uv))]
    assert list(candidates(["3.98"], environment)) == wanted


def test_which_of_them_work(tmp_path: Path) -> None:
    assert version_of(sys.executable) == HERE
    assert version_of(str(program(tmp_path / "shim", "echo 3.98 cpython; exit 127"))) is None
    assert version_of(str(program(tmp_path / "other", "echo 3.98 pypy"))) is None
    assert version_of(str(tmp_path / "nowhere")) is None


def test_one_for_each_version(tmp_path: Path) -> None:
    first, second, other = (
        str(program(tmp_path / name, f"echo {version} cpython"))
        for name, version in (("a", "3.98"), ("b", "3.98"), ("c", "3.97"))
    )
    environment = {"PYTHONS": f"{first} {second} {other}", "HOME": str(tmp_path), "PATH": ""}
    assert found(["3.97", "3.98", "3.99"], environment) == {"3.97": other, "3.98": first}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Sequence[str], object]]:
    """Environments that are made, with their constraints, and commands that are run; these fail on Python 3.98."""
    log: list[tuple[Sequence[str], object]] = []

    def prepare(place: Path, packages: Sequence[str], constraints: Path | None) -> None:
        log.append((["prepare", place.name], constraints and constraints.name))

    def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        log.append((command, options.get("env", {}).get("PYTHONPATH")))
        return subprocess.CompletedProcess(command, "3.98" in command[0])

    monkeypatch.setattr(pythons, "PLACE", tmp_path)
    monkeypatch.setattr(pythons, "prepare_python", prepare)
    monkeypatch.setattr(subprocess, "run", run)
    return log


@pytest.mark.parametrize(
    ("flag", "place", "versions"), [("--here", HERE, "constraints.txt"), ("--newest", f"{HERE}-newest", None)]
)
def test_on_this_one(
    ran: list[tuple[Sequence[str], object]], tmp_path: Path, flag: str, place: str, versions: str | None
) -> None:
    assert main([flag, "tests/test_errors.py"]) == 0
    prepared, (tests, path) = ran
    assert prepared == (["prepare", place], versions)
    assert tests == [str(python(tmp_path / place)), "-m", "pytest", "-q", *PARALLEL, "tests/test_errors.py"]
    assert path == str(pythons.ROOT)


def are_here(monkeypatch: pytest.MonkeyPatch, interpreters: dict[str, str]) -> None:
    def here(*_: object) -> dict[str, str]:
        return interpreters

    monkeypatch.setattr(pythons, "found", here)


def test_on_all(
    ran: list[tuple[Sequence[str], object]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    are_here(monkeypatch, {"3.11": "/bin/python3.11", "3.12": "/bin/python3.12"})
    assert main(["-x"]) == 0
    assert [command[0] for command, _ in ran] == ["/bin/python3.11", "/bin/python3.12"]
    assert all(command[2:] == ["--here", "-x"] for command, _ in ran)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "== not on this machine: 3.13, 3.14",
        "== test-pythons: all is well on 3.11, 3.12",
    ]


def test_one_that_fails_does_not_hold_up_the_others(
    ran: list[tuple[Sequence[str], object]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    are_here(monkeypatch, {"3.98": "/bin/python3.98", "3.12": "/bin/python3.12"})
    assert main([]) == 1
    assert len(ran) == 2
    assert "== FAILED: 3.98" in capsys.readouterr().out


def test_without_packages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def prepare(*_: object) -> None:
        raise CannotInstall("no index")

    monkeypatch.setattr(pythons, "PLACE", tmp_path)
    monkeypatch.setattr(pythons, "prepare_python", prepare)
    assert main(["--here"]) == 1
    assert f"== FAILED: {HERE}, no index" in capsys.readouterr().out


def test_this_machine_has_one() -> None:
    assert HERE in found(supported(), os.environ)
