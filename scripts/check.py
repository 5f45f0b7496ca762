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
    quiet: bool = False  # what it says matters only if it fails


# A worker for each processor, and not only for each core: the tests wait much. One that runs out takes from the others.
PARALLEL = ("-n", "logical", "--dist", "worksteal")

STEPS = [
    Step("format", ("-m", "ruff", "format", "--check", ".")),
    Step("lint", ("-m", "ruff", "check", ".")),
    Step("types (mypy)", ("-m", "mypy")),
    Step("types (pyright)", ("-m", "pyright")),
    Step("types others see", ("-m", "pyright", "--verifytypes", "assistream", "--ignoreexternal"), quiet=True),
    Step("generated twins", ("scripts/unasync.py", "--check")),
    Step("generated type paths", ("scripts/type_paths.py", "--check")),
    Step("tests", ("-m", "pytest", "-q", *PARALLEL)),
    Step("compat", ("scripts/compat.py",), needs=".venv-compat"),
]

ENVIRONMENT = {
    **os.environ,
    # pyright would otherwise ask the network whether there is a newer one.
    "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    # It looks for an installed package with the `python` that it finds.
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
}


def main(steps: list[Step], root: Path = ROOT) -> int:
    started = time.monotonic()
    for step in steps:
        if step.needs and not (root / step.needs).exists():
            say(f"== {step.title}: not run, {step.needs} is not there (`make {step.title}` makes it)")
            continue
        say(f"== {step.title}")
        command = [sys.executable, *step.command]
        output = subprocess.PIPE if step.quiet else None
        result = subprocess.run(
            command, cwd=root, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output, text=True, check=False
        )
        if result.returncode:
            if step.quiet:
                say(result.stdout)
            say(f"== FAILED: {step.title} (python {' '.join(step.command)})")
            return 1
    say(f"== all passed, in {time.monotonic() - started:.0f} s")
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # before what the step itself prints


if __name__ == "__main__":
    sys.exit(main(STEPS))
