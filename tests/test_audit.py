from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from scripts import audit
from scripts.audit import findings, main
from scripts.environments import CannotInstall

Package = dict[str, object]

CLEAN: Package = {"name": "anyio", "version": "4", "vulns": []}
SKIPPED: Package = {"name": "trio", "skip_reason": "Dependency not found on PyPI"}
BAD: Package = {"name": "httpx", "version": "0.1", "vulns": [{"id": "CVE-1", "fix_versions": ["0.2", "1.0"]}]}
HOPELESS: Package = {"name": "h11", "version": "0.1", "vulns": [{"id": "CVE-2", "fix_versions": []}]}


def report(*packages: Package) -> dict[str, Any]:
    return {"dependencies": list(packages), "fixes": []}


Answers = Callable[[Mapping[str, str]], list[str]]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What pip-audit prints for each service; the services that were asked are listed."""

    def install(*_: object) -> None: ...

    def given(printed: Mapping[str, str]) -> list[str]:
        asked: list[str] = []

        def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
            asked.append(command[command.index("--vulnerability-service") + 1])
            return subprocess.CompletedProcess(command, 1, printed[asked[-1]], "Traceback\nno such host")

        monkeypatch.setattr(audit, "prepare_python", install)
        monkeypatch.setattr(subprocess, "run", run)
        return asked

    return given


def test_what_a_report_says() -> None:
    known, unknown, clean = findings(report(CLEAN, SKIPPED, BAD, HOPELESS))
    assert known == ["httpx 0.1: CVE-1, fixed in 0.2, 1.0", "h11 0.1: CVE-2, fixed in no version"]
    assert (unknown, clean) == (["trio"], 1)


def test_clean(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    asked = answers({"pypi": json.dumps(report(CLEAN))})
    assert main() == 0
    assert asked == ["pypi"]
    assert "1 packages, no known vulnerability" in capsys.readouterr().out


@pytest.mark.parametrize("package", [BAD, SKIPPED])
def test_what_is_known_bad_or_not_known_fails(
    answers: Answers, capsys: pytest.CaptureFixture[str], package: Package
) -> None:
    answers({"pypi": json.dumps(report(CLEAN, package))})
    assert main() == 1
    assert str(package["name"]) in capsys.readouterr().out


def test_a_service_that_knows_nothing_is_not_the_last(answers: Answers) -> None:
    asked = answers({"pypi": json.dumps(report(SKIPPED)), "osv": json.dumps(report(CLEAN))})
    assert main() == 0
    assert asked == ["pypi", "osv"]


def test_no_service_is_no_success(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    answers({"pypi": json.dumps(report(SKIPPED)), "osv": ""})
    assert main() == 1
    *_, why, last = capsys.readouterr().out.splitlines()
    assert why == "osv: no such host"
    assert last == "== FAILED: audit, no service of vulnerabilities answers from here, so nothing is known"


def test_without_pip_audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def prepare(*_: object) -> None:
        raise CannotInstall("no index")

    monkeypatch.setattr(audit, "prepare_python", prepare)
    assert main() == 1
    assert "cannot be installed: no index" in capsys.readouterr().out
