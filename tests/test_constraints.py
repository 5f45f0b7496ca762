from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import constraints
from scripts.constraints import CONSTRAINTS, EXTRAS, HEAD, lines, main, oldest_python
from tests.shared import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXT = CONSTRAINTS.read_text(encoding="utf-8")
PINS = dict(line.split("==") for line in TEXT.splitlines() if not line.startswith("#"))


def requirements() -> list[Requirement]:
    """All that development needs, other extras of ours apart, which are looked into themselves."""
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    found = [Requirement(line) for each in (PROJECT["dependencies"], *extras.values()) for line in each]
    return [one for one in found if one.name != "assistream" and (one.marker is None or one.marker.evaluate())]


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_requirement_has_a_version_that_it_allows(requirement: Requirement) -> None:
    pinned = PINS.get(canonicalize_name(requirement.name))
    assert pinned is not None, f"constraints.txt has no {requirement.name}: make update"
    assert requirement.specifier.contains(pinned, prereleases=True), f"{requirement} and {pinned}: make update"


def test_every_extra_is_looked_into() -> None:
    inside = re.findall(r"\w+", str(PROJECT["optional-dependencies"]["dev"][0]).partition("[")[2])
    assert {*inside, *EXTRAS} == set(PROJECT["optional-dependencies"])


def test_there_are_names_and_versions_only() -> None:
    assert TEXT.startswith(HEAD)
    body = TEXT.removeprefix(HEAD).splitlines()
    assert [line for line in body if not re.fullmatch(r"[a-z0-9-]+==[\w.!+]+", line)] == []
    assert list(PINS) == sorted(PINS)


def test_a_report_becomes_lines() -> None:
    packages = [("Typing_Extensions", "4.16"), ("assistream", "0.1"), ("anyio", "4.9")]
    report = {"install": [{"metadata": {"name": name, "version": version}} for name, version in packages]}
    assert lines(report) == ["anyio==4.9", "typing-extensions==4.16"]


def test_which_python_is_the_oldest() -> None:
    assert oldest_python(PROJECT) == (3, 11)
    with pytest.raises(ValueError, match="does not name"):
        oldest_python({"requires-python": "~=3.11"})


def is_oldest(monkeypatch: pytest.MonkeyPatch, minor: int) -> None:
    """The oldest Python that is supported is said to be this one."""

    def oldest(_: object) -> tuple[int, int]:
        return sys.version_info[0], minor

    monkeypatch.setattr(constraints, "oldest_python", oldest)


def test_only_the_oldest_python_writes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    is_oldest(monkeypatch, sys.version_info[1] - 1)
    assert main() == 1
    assert "FAILED: update" in capsys.readouterr().out


def test_what_is_new_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packages = [{"metadata": {"name": name, "version": "2"}} for name in ("one", "two")]

    def run(command: Sequence[str], **options: Any) -> None:
        Path(command[command.index("--report") + 1]).write_text(json.dumps({"install": packages}))

    written = tmp_path / "constraints.txt"
    written.write_text("one==2\ntwo==1\n")
    is_oldest(monkeypatch, sys.version_info[1])
    monkeypatch.setattr(constraints, "CONSTRAINTS", written)
    monkeypatch.setattr(subprocess, "run", run)
    assert main() == 0
    assert written.read_text() == f"{HEAD}one==2\ntwo==2\n"
    assert capsys.readouterr().out.splitlines()[0] == "two==2"
