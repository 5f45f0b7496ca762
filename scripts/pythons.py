"""Run the tests on every supported Python that is on this machine: `make test-pythons`, or with the newest packages.

Those on PATH are found, and those of pyenv and uv; PYTHONS names others. Each gets an environment below .venv-pythons,
with the versions of constraints.txt. `--newest`, which is `make test-newest`, has instead what users get today, on this
Python only.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.check import PARALLEL
from scripts.constraints import CONSTRAINTS
from scripts.environments import CannotInstall, prepare_python, python

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-pythons"
PACKAGES = ["--editable", f"{ROOT}[dev]"]
ASK = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"


def supported() -> list[str]:
    """The versions that pyproject.toml claims, such as "3.11"."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    classifiers: list[str] = tomllib.loads(text)["project"]["classifiers"]
    return re.findall(r"^Programming Language :: Python :: (\d+\.\d+)$", "\n".join(classifiers), re.MULTILINE)


def candidates(versions: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Paths of interpreters that may be there, those that were asked for first."""
    yield from environment.get("PYTHONS", "").split()
    yield sys.executable
    home = Path(environment.get("HOME", "~")).expanduser()
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    uv = Path(environment.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python")
    for version in versions:
        if found := shutil.which(f"python{version}", path=environment.get("PATH")):
            yield found
        # Dots would match anything below pyenv's 3.1x: a version there is 3.12.1 or 3.13t.
        yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python")))
        yield from (str(path) for path in sorted(uv.glob(f"cpython-{version}.*/bin/python{version}")))


def version_of(interpreter: str) -> str | None:
    """Its version, if it works and can make environments; pyenv has programs that only say that they are not it."""
    try:
        done = subprocess.run([interpreter, "-c", ASK], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError:
        return None
    version, _, kind = done.stdout.strip().partition(" ")
    return version if done.returncode == 0 and kind == "cpython" else None


def found(versions: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """An interpreter for each version that is here."""
    here: dict[str, str] = {}
    for candidate in dict.fromkeys(candidates(versions, environment)):
        version = version_of(candidate)
        if version is not None and version in versions:
            here.setdefault(version, candidate)
    return {version: here[version] for version in versions if version in here}


def run_here(newest: bool, arguments: Sequence[str]) -> int:
    """On the interpreter that runs this."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    place = PLACE / (f"{version}-newest" if newest else version)
    place.parent.mkdir(exist_ok=True)
    try:
        prepare_python(place, PACKAGES, None if newest else CONSTRAINTS)
    except CannotInstall as error:
        print(f"== FAILED: {version}, {error}")
        return 1
    # What is installed is looked for beside this checkout's own package, and what is started finds it there, too.
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    tests = [str(python(place)), "-m", "pytest", "-q", *PARALLEL, *arguments]
    return subprocess.run(tests, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def run_all(arguments: Sequence[str]) -> int:
    versions = supported()
    here = found(versions, os.environ)
    failed: list[str] = []
    for version, interpreter in here.items():
        print(f"== Python {version} ({interpreter})", flush=True)
        command = [interpreter, str(Path(__file__).resolve()), "--here", *arguments]
        if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            failed.append(version)
    absent = [version for version in versions if version not in here]
    print(f"== not on this machine: {', '.join(absent) or 'none'}")
    print(f"== FAILED: {', '.join(failed)}" if failed else f"== test-pythons: all is well on {', '.join(here)}")
    return bool(failed)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--here", action="store_true", help="only the Python that runs this")
    parser.add_argument("--newest", action="store_true", help="the same, with the newest packages")
    options, tests = parser.parse_known_args(arguments)
    return run_here(options.newest, tests) if options.here or options.newest else run_all(tests)


if __name__ == "__main__":
    sys.exit(main())
