"""Feeds what reads streams, and the engine, with what nobody should send, for as long as it is told to.

`make fuzz` gives each target its share of MINUTES (60). What reads streams is fuzzed with atheris, which looks for
inputs that reach new code; where that cannot be installed (it has wheels for some systems only), and for the engine,
inputs are plain random ones, as with --count::

    python scripts/fuzz.py decoder --count 10000000    # random inputs, counted
    python scripts/fuzz.py events --input 1f00ab       # one input again

The targets are in tests/fuzzing; `make test` runs them too, for a moment. Exit code 1 if anything was found.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.environments import CannotInstall, prepare_python, python  # noqa: E402  # needs the line above

if TYPE_CHECKING:
    from tests.fuzzing.targets import Target

ATHERIS = ROOT / ".venv-fuzz"
PACKAGES = ("atheris", "anyio", "docstring-parser", "httpx<1", "httpx-sse<0.5", "pydantic<3")
ENOUGH = 5
"""After so many different findings there is enough to do."""
REPORT = 1_000_000


class Findings:
    """What was found, each place in the code once."""

    def __init__(self) -> None:
        self.known: set[tuple[str, str, int | None]] = set()

    def add(self, data: bytes, error: BaseException) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = (type(error).__name__, last.filename, last.lineno)
        if what not in self.known:
            self.known.add(what)
            print(f"found: --input {data.hex()}", flush=True)
            traceback.print_exception(error, limit=-6)


def feed(name: str, target: Target, *, count: int | None, seconds: float | None, seed: int) -> int:
    """Random inputs until so many were tried, or for so long; returns how many different findings there were."""
    numbers, findings = random.Random(f"{name} {seed}"), Findings()
    started, cpu, tried = time.monotonic(), time.process_time(), 0
    with target.opened() as check:
        while tried != count and (seconds is None or time.monotonic() - started < seconds):
            data = numbers.randbytes(numbers.randint(1, target.size))
            tried += 1
            try:
                check(data)
            except Exception as error:
                findings.add(data, error)
                if len(findings.known) >= ENOUGH:
                    break
            if tried % REPORT == 0:
                print(f"{name}: {tried:,} ...", flush=True)
    cpu = time.process_time() - cpu
    print(f"{name}: {tried:,} inputs (seed {seed}), {tried / cpu:,.0f} per CPU second, {len(findings.known)} findings")
    return len(findings.known)


def guided(name: str, seconds: int, folder: Path) -> None:
    """In the environment of atheris: inputs that reach new code, until one fails. Ends the process."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["assistream", "tests"]):
        from tests.fuzzing.targets import TARGETS
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    target = TARGETS[name]
    limits = [f"-max_total_time={seconds}", f"-max_len={target.size * 4}", "-timeout=30", "-print_final_stats=1"]
    with target.opened() as check:
        atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/{name}-", str(corpus)], check)
        atheris.Fuzz()


def run_guided(name: str, seconds: float) -> int:
    print(f"== {name}, {seconds / 60:.0f} minutes", flush=True)
    command = [str(python(ATHERIS)), __file__, name, "--guided", str(round(seconds))]
    return subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}).returncode != 0


def has_atheris() -> bool:
    try:
        prepare_python(ATHERIS, PACKAGES)
    except CannotInstall as error:
        print(f"atheris cannot be installed ({error}); random inputs instead", flush=True)
        return False
    return True


def main(arguments: list[str]) -> int:
    from tests.fuzzing.targets import TARGETS

    parser = argparse.ArgumentParser(description="Fuzzes what reads streams, and the engine.")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)}; all unless told")
    parser.add_argument("--minutes", type=float, default=60, help="altogether (default: 60)")
    parser.add_argument("--count", type=int, help="so many random inputs for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=bytes.fromhex, help="this one only")
    parser.add_argument("--random", action="store_true", help="random inputs, without atheris")
    given = parser.parse_args(arguments)
    names: list[str] = given.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target is called {', '.join(unknown)}")
    if given.input is not None:
        for name in names:
            with TARGETS[name].opened() as check:
                check(given.input)
        return 0
    seconds = None if given.count else 60 * given.minutes / len(names)
    by_chance = given.random or given.count is not None or not has_atheris()
    findings = 0
    for name in names:
        if seconds is None or by_chance or not TARGETS[name].guided:
            findings += feed(name, TARGETS[name], count=given.count, seconds=seconds, seed=given.seed)
        else:
            findings += run_guided(name, seconds)
    return int(findings > 0)


if __name__ == "__main__":
    if "--guided" in sys.argv:
        guided(sys.argv[1], int(sys.argv[3]), ATHERIS / "inputs")
    else:
        sys.exit(main(sys.argv[1:]))
