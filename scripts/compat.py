"""Compare assistream with openai-python, each of its versions in an environment of its own: `make compat`.

The environments are made in .venv-compat when they are not there yet, which takes a minute; the newest 3.x is the one
that was newest then (`make clean` forgets it). The comparisons are the tests of tests/compat, and openai's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

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
    return PLACE / version / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(version: str) -> None:
    """Make this version's environment, unless it is ready."""
    if is_ready(version):
        return
    place = PLACE / version
    print(f"== making {place.relative_to(PLACE.parent)} with {', '.join(REQUIREMENTS[version])}", flush=True)
    venv.create(place, clear=True, with_pip=True)
    # Quiet twice: where an index of packages does not have them all, pip warns of each one.
    pip = [str(python(version)), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *_packages(version)], check=True)
    _stamp(version).write_text(_made_for(version), encoding="utf-8")


def is_ready(version: str) -> bool:
    stamp = _stamp(version)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _made_for(version)


def _stamp(version: str) -> Path:
    return PLACE / version / "assistream-ready"


def _made_for(version: str) -> str:
    """What an environment depends on. It holds its own path, so one that was moved with its checkout is of no use."""
    return "\n".join([str(PLACE / version), sys.version, *_packages(version)])


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
    except subprocess.CalledProcessError as error:
        print(f"== FAILED: compat, pip could not install what it needs (exit code {error.returncode})")
        return 1
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/compat"], cwd=ROOT, check=False)
    suite = subprocess.run([sys.executable, "scripts/compat_suite.py"], cwd=ROOT, check=False)
    failed = tests.returncode or suite.returncode
    said = "FAILED: compat, with" if failed else "compat: assistream agrees with"
    print(f"== {said} openai {', '.join(map(installed, [*VERSIONS, EARLY]))}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
