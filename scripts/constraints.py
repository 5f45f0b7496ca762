"""Write constraints.txt, the versions that development and CI use: `make update`.

They are the newest that pyproject.toml allows, of all that its extras need, on the oldest Python that is supported, to
its first patch release: so each of them exists for every one. Names and versions only, so that any index of packages
will do.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
EXTRAS = ("dev", "docs", "release")

HEAD = """\
# Written by scripts/constraints.py (`make update`); edit pyproject.toml instead.
# What development and CI use. Users get what pyproject.toml allows, and `make test-newest` tries that.
"""


def oldest_python(project: dict[str, Any]) -> tuple[int, int]:
    found = re.fullmatch(r">=(\d+)\.(\d+)", project["requires-python"])
    if found is None:
        raise ValueError(f"requires-python = {project['requires-python']!r} does not name the oldest one")
    return int(found[1]), int(found[2])


def resolved(oldest: tuple[int, int]) -> dict[str, Any]:
    """pip's report on what it would install into an empty environment of that Python, which is this one."""
    # Packages may need a later patch release than the first. pip takes another Python's word only for what is built.
    first = ("--python-version", "{}.{}.0".format(*oldest), "--only-binary", ":all:")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
                *("--dry-run", "--ignore-installed", "--report", str(report), "--target", folder, *first),
                f"{ROOT}[{','.join(EXTRAS)}]",
            ],
            stdin=subprocess.DEVNULL,
            check=True,
        )
        answer: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return answer


def lines(report: dict[str, Any]) -> list[str]:
    """A line for each package but our own, in the order of the alphabet."""
    packages = [one["metadata"] for one in report["install"]]
    pins = {_normal(one["name"]): one["version"] for one in packages if one["name"] != "assistream"}
    return [f"{name}=={pins[name]}" for name in sorted(pins)]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = oldest_python(project)
    if sys.version_info[:2] != wanted:
        version = ".".join(map(str, wanted))
        print(
            f"== FAILED: update, constraints.txt is made with Python {version}, and this is {sys.version.split()[0]}:"
        )
        print(f"   make clean update PYTHON=python{version}")
        return 1
    try:
        found = lines(resolved(wanted))
    except subprocess.CalledProcessError as error:
        print(f"== FAILED: update, pip's exit code is {error.returncode}")
        return 1
    before = set(CONSTRAINTS.read_text(encoding="utf-8").splitlines()) if CONSTRAINTS.exists() else set[str]()
    CONSTRAINTS.write_text(HEAD + "\n".join(found) + "\n", encoding="utf-8")
    for line in found:
        if line not in before:
            print(line)
    print(f"== update: {len(found)} packages in constraints.txt; those above are new. Next: make test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
