"""What `make test` runs, in order; stops at the first step that fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Step(NamedTuple):
    title: str
    command: tuple[str, ...]  # arguments of this environment's Python
    needs: str = ""  # runs only if this path exists; made by the target of the same name as the step


STEPS = [
    Step("format", ("-m", "ruff", "format", "--check", ".")),
    Step("lint", ("-m", "ruff", "check", ".")),
    Step("types (mypy)", ("-m", "mypy")),
    Step("types (pyright)", ("-m", "pyright")),
    Step("generated twins", ("scripts/unasync.py", "--check")),
    Step("generated type paths", ("scripts/type_paths.py", "--check")),
    Step("tests", ("-m", "pytest", "-q")),
    Step("compat", ("scripts/compat.py",), needs=".venv-compat"),
]

# pyright would otherwise ask the network whether there is a newer one.
ENVIRONMENT = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def main(steps: list[Step], root: Path = ROOT) -> int:
    started = time.monotonic()
    for step in steps:
        if step.needs and not (root / step.needs).exists():
            say(f"== {step.title}: not run, {step.needs} is not there (`make {step.title}` makes it)")
            continue
        say(f"== {step.title}")
        command = [sys.executable, *step.command]
        result = subprocess.run(command, cwd=root, env=ENVIRONMENT, stdin=subprocess.DEVNULL, check=False)
        if result.returncode:
            say(f"== FAILED: {step.title} (python {' '.join(step.command)})")
            return 1
    say(f"== all passed, in {time.monotonic() - started:.0f} s")
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # before what the step itself prints


if __name__ == "__main__":
    sys.exit(main(STEPS))
