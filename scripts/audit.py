"""Ask whether a version in constraints.txt has a known vulnerability: `make audit`.

pip-audit is installed into .venv-audit when it is not there yet. It asks PyPI; where that does not know the packages,
as some mirrors do not, it asks OSV. What nobody could be asked about is a failure: it is not known to be clean.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.constraints import CONSTRAINTS
from scripts.environments import CannotInstall, prepare_python, program

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-audit"
PACKAGES = ["pip-audit"]
SERVICES = ("pypi", "osv")


class Findings(NamedTuple):
    known: list[str]
    """Vulnerabilities, a line for each."""
    unknown: list[str]
    """Packages that the service could not tell about."""
    clean: int


def ask(service: str) -> dict[str, Any] | None:
    """pip-audit's report, or None if the service was not there."""
    command = [
        *(str(program(PLACE, "pip-audit")), "--requirement", str(CONSTRAINTS), "--no-deps", "--disable-pip"),
        *("--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    # It ends with 1 if it found something, and if it failed; then there is no report.
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        *_, last = ["no answer", *done.stderr.strip().splitlines()]
        print(f"{service}: {last[:300]}")
        return None
    return report


def findings(report: dict[str, Any]) -> Findings:
    known: list[str] = []
    unknown: list[str] = []
    clean = 0
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
        elif package["vulns"]:
            known += [_line(package, found) for found in package["vulns"]]
        else:
            clean += 1
    return Findings(known, unknown, clean)


def _line(package: dict[str, Any], found: dict[str, Any]) -> str:
    fixed = ", ".join(found["fix_versions"]) or "no version"
    return f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}"


def main() -> int:
    try:
        prepare_python(PLACE, PACKAGES, CONSTRAINTS)
    except CannotInstall as error:
        print(f"== FAILED: audit, pip-audit cannot be installed: {error}")
        return 1
    reports = (report for service in SERVICES if (report := ask(service)) is not None)
    found = next((found for found in map(findings, reports) if found.clean or found.known), None)
    if found is None:
        print("== FAILED: audit, no service of vulnerabilities answers from here, so nothing is known")
        return 1
    print("\n".join([*found.known, *(f"{name}: not known there" for name in found.unknown)]))
    if found.known or found.unknown:
        print(f"== FAILED: audit, {len(found.known)} vulnerabilities, {len(found.unknown)} packages not asked about")
        return 1
    print(f"== audit: {found.clean} packages, no known vulnerability")
    return 0


if __name__ == "__main__":
    sys.exit(main())
