"""Whether this commit can be released, and then what to type: `make release` (RELEASING.md).

It looks only: nothing is changed, tagged or uploaded.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import dist

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
HEADING = re.compile(r"^## (\S+)(?: \((\d{4}-\d\d-\d\d)\))?$", re.MULTILINE)


def version(root: Path = ROOT) -> str:
    source = (root / "assistream" / "_version.py").read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    return str(found)


def version_faults(number: str) -> Iterator[str]:
    if not VERSION.fullmatch(number):
        yield f"assistream/_version.py says {number}, and a release is 1.2.3 or 1.2.3rc1"


def changelog_faults(changelog: str, number: str) -> Iterator[str]:
    """The newest section is that of the release, with its date, and has something to say."""
    sections = [found for found in HEADING.finditer(changelog) if found[1] != "Unreleased"]
    if "## Unreleased" in changelog.splitlines():
        yield "CHANGELOG.md has an Unreleased section: give it the version and the date"
    if not sections or sections[0][1] != number:
        yield f"CHANGELOG.md has no section `## {number} (2026-12-31)` at its top"
    elif not sections[0][2]:
        yield f"CHANGELOG.md does not say when {number} was released: `## {number} (2026-12-31)`"
    elif not re.match(r"\s*(?!## )\S", changelog[sections[0].end() :]):
        yield f"CHANGELOG.md says nothing about {number}"


def git_faults(number: str, root: Path = ROOT) -> Iterator[str]:
    if changed := _git(root, "status", "--porcelain"):
        yield "there is something that is not committed:\n" + changed
    if _git(root, "tag", "--list", f"v{number}"):
        yield f"there is a tag v{number} already: a version is released once"


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.rstrip()


def notes(changelog: str, number: str) -> str:
    """What the changelog says about a version."""
    after = re.split(rf"^## {re.escape(number)}(?: .*)?\n", changelog, flags=re.MULTILINE)[1]
    return re.split(r"^## ", after, flags=re.MULTILINE)[0].strip()


def main(root: Path = ROOT) -> int:
    number = version(root)
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    faults = [*version_faults(number), *changelog_faults(changelog, number), *git_faults(number, root)]
    if faults:
        print("\n".join([*faults, "== FAILED: release, it is not ready"]))
        return 1
    if dist.main(["--directory", str(root / "dist")]):
        return 1
    print("== ready; what the tag is to say is in the changelog. Then:")
    print(f"   git tag -a v{number} && git push origin v{number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
