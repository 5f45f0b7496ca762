"""Environments of programs that are compared with us, or that test us: each made once, with what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


class CannotInstall(Exception):
    """What is needed is neither here nor can be fetched; the text says what."""


def python(place: Path) -> Path:
    return program(place, "python")


def program(place: Path, name: str) -> Path:
    """A program of an environment of Python."""
    if os.name == "nt":
        return place / "Scripts" / f"{name}.exe"
    return place / "bin" / name


def prepare_python(place: Path, packages: Sequence[str], constraints: Path | None = None) -> None:
    """Make the environment, unless it is ready. `constraints` is a file of versions, those of other packages too."""
    if is_ready(place, packages, constraints):
        return
    _announce(place, packages)
    venv.create(place, clear=True, with_pip=True)
    limits = ["--constraint", str(constraints)] if constraints else []
    # Quiet twice: where an index of packages does not have them all, pip warns of each one.
    _install([str(python(place)), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *limits, *packages])
    _stamp(place).write_text(_made_for(place, packages, constraints), encoding="utf-8")


def prepare_node(place: Path, packages: Sequence[str]) -> None:
    """The same for packages of npm."""
    if is_ready(place, packages):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise CannotInstall("there is no Node.js with npm")
    _announce(place, packages)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    _install([npm, "install", "--prefix", str(place), "--no-audit", "--no-fund", "--loglevel=error", *packages])
    _stamp(place).write_text(_made_for(place, packages), encoding="utf-8")


def is_ready(place: Path, packages: Sequence[str], constraints: Path | None = None) -> bool:
    wanted = _made_for(place, packages, constraints)
    return _stamp(place).exists() and _stamp(place).read_text(encoding="utf-8") == wanted


def _announce(place: Path, packages: Sequence[str]) -> None:
    print(f"== making {place.name} with {', '.join(packages)}", flush=True)


def _install(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        code = f"exit code {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else error
        raise CannotInstall(f"`{Path(command[0]).name} ... {command[-1]}`: {code}") from error


def _stamp(place: Path) -> Path:
    return place / "assistream-ready"


def _made_for(place: Path, packages: Sequence[str], constraints: Path | None = None) -> str:
    """What an environment depends on. It holds its own path, so one that was moved with its checkout is of no use."""
    limits = [constraints.read_text(encoding="utf-8")] if constraints else []
    return "\n".join([str(place), sys.version, *packages, *limits])
