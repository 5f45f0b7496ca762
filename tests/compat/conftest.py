"""Clients in environments of their own, run as programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.compat import EARLY, VERSIONS, python

HERE = Path(__file__).resolve().parent
OURS = "assistream"


def run(version: str, program: str, *arguments: str) -> list[str]:
    """What a program of this directory prints, run with this version of openai, or with assistream.

    The process sees its environment's packages and nothing beside them, not even the program's own directory.
    """
    interpreter, client = (sys.executable, OURS) if version == OURS else (str(python(version)), "openai")
    options = ["-I", "-W", "ignore::DeprecationWarning"]  # the reference warns that this API is going away
    command = [interpreter, *options, str(HERE / program), client, *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.fail(f"{program} with {version} failed:\n{done.stderr}", pytrace=False)
    return done.stdout.splitlines()


def pytest_configure() -> None:
    missing = [version for version in [*VERSIONS, EARLY] if not python(version).exists()]
    if missing:
        pytest.exit(f"no environment with openai {' and '.join(missing)}: run `make compat`", returncode=1)
