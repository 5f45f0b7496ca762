from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistream._version import __version__
from scripts import dist
from scripts.release import changelog_faults, git_faults, main, notes, version, version_faults

GOOD = "# Changelog\n\n## 1.2.3 (2026-12-31)\n\n- Better.\n\n## 1.2.2 (2026-01-31)\n\n- Good.\n"


def test_the_version() -> None:
    assert version() == __version__


@pytest.mark.parametrize(
    ("number", "fine"), [("1.2.3", True), ("1.2.3rc1", True), ("1.2.3.dev0", False), ("1.2", False)]
)
def test_what_a_version_is(number: str, fine: bool) -> None:
    assert (not list(version_faults(number))) is fine


def test_a_changelog_that_is_ready() -> None:
    assert list(changelog_faults(GOOD, "1.2.3")) == []
    assert notes(GOOD, "1.2.3") == "- Better."
    assert notes(GOOD, "1.2.2") == "- Good."


@pytest.mark.parametrize(
    ("changelog", "says"),
    [
        (GOOD.replace("## 1.2.3", "## Unreleased\n\n- More.\n\n## 1.2.3"), "Unreleased"),
        (GOOD.replace("## 1.2.3 (2026-12-31)", "## 1.2.4 (2026-12-31)"), "no section"),
        ("# Changelog\n", "no section"),
        (GOOD.replace(" (2026-12-31)", ""), "when 1.2.3 was released"),
        (GOOD.replace("- Better.", ""), "nothing about 1.2.3"),
        ("## 1.2.3 (2026-12-31)\n", "nothing about 1.2.3"),
    ],
)
def test_a_changelog_that_is_not(changelog: str, says: str) -> None:
    (fault,) = changelog_faults(changelog, "1.2.3")
    assert says in fault


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "assistream").mkdir()
    (tmp_path / "assistream" / "_version.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(GOOD)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "ready"]):
        git(tmp_path, *command)
    return tmp_path


def git(place: Path, *command: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "tag.gpgsign=false"]
    subprocess.run(["git", "-C", str(place), *identity, *command], check=True)


def test_a_checkout_that_is_ready(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built: list[Sequence[str] | None] = []

    def build(arguments: Sequence[str] | None = None) -> int:
        built.append(arguments)
        return len(built) - 1

    monkeypatch.setattr(dist, "main", build)
    assert main(checkout) == 0
    assert built == [["--directory", str(checkout / "dist")]]
    assert "git tag -a v1.2.3" in capsys.readouterr().out
    assert main(checkout) == 1  # it cannot be built


def test_a_checkout_that_is_not(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(checkout, "tag", "v1.2.3")
    (checkout / "new.py").touch()
    changed, tagged = git_faults("1.2.3", checkout)
    assert changed.endswith("?? new.py")
    assert "v1.2.3 already" in tagged
    assert main(checkout) == 1
    assert "== FAILED: release" in capsys.readouterr().out
