"""Compare assistream with openai-python, each of its versions in an environment of its own: `make compat`.

The environments are made in .venv-compat when they are not there yet, which takes a minute; the newest 3.x is the one
that was newest then (`make clean` forgets it). The comparisons are the tests of tests/compat, and openai's own.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import environments

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-compat"

# The last version before 3, the newest one, and one of the weeks in which streaming began.
VERSIONS = ["1.109.1", "3.x"]
EARLY = "1.16.2"
REQUIREMENTS = {
    "1.109.1": ["openai==1.109.1"],
    "3.x": ["openai>=3,<4"],
    EARLY: ["openai==1.16.2", "httpx<0.28"],  # it passes httpx an option that 0.28 took away
}

# What openai's own tests need, which run on assistream: see compat_suite.py.
SUITE = "suite"
REQUIREMENTS[SUITE] = ["pytest>=8.4", "pytest-asyncio>=1", "respx", "rich", "httpx-aiohttp", "sniffio"]


def python(version: str) -> Path:
    """The interpreter that imports this version of openai."""
    return environments.python(PLACE / version)


def prepare(version: str) -> None:
    """Make this version's environment, unless it is ready."""
    environments.prepare_python(PLACE / version, _packages(version))


def _packages(version: str) -> list[str]:
    """What the environment holds: also what assistream needs, so that the two can be measured in one process."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*REQUIREMENTS[version], *project["dependencies"], "trio"]


def installed(version: str) -> str:
    """The exact version in this environment."""
    command = [str(python(version)), "-c", "from importlib.metadata import version; print(version('openai'))"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.strip()


def main() -> int:
    try:
        for version in REQUIREMENTS:
            prepare(version)
    except environments.CannotInstall as error:
        print(f"== FAILED: compat, {error}")
        return 1
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/compat"], cwd=ROOT, check=False)
    suite = subprocess.run([sys.executable, "scripts/compat_suite.py"], cwd=ROOT, check=False)
    failed = tests.returncode or suite.returncode
    said = "FAILED: compat, with" if failed else "compat: assistream agrees with"
    print(f"== {said} openai {', '.join(map(installed, [*VERSIONS, EARLY]))}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
