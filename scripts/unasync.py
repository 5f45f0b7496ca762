"""Write the sync twin of every async shell and of its tests; with `--check`, only compare (`make test` does).

    assistream/**/_async.py      ->  _sync.py
    tests/**/test_async_*.py     ->  test_sync_*.py

The text is changed by RULES, one after the other, never by understanding it: the shells are written so that this is
enough. What has a colour and is spelled by no rule lives in assistream/transport/concurrency.py, as `async_x` and `x`.

A twin must equal, character by character, what this script would write. A twin whose source is gone is reported (and
removed when not checking), and so is a rule that no source needs.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by scripts/unasync.py from {}; edit that file instead.\n"
SOURCES = {"assistream/**/_async.py": "assistream/**/_sync.py", "tests/**/test_async_*.py": "tests/**/test_sync_*.py"}

RULES = [
    (re.compile(pattern, re.MULTILINE), replacement)
    for pattern, replacement in [
        # Lines without a twin.
        (r"^pytestmark = pytest\.mark\.anyio\n", ""),
        (r"^    aclose = close\n", ""),
        # The language: statements, `await`, the names of protocols.
        (r"\basync (def|with|for)\b", r"\1"),
        (r"\bawait +", ""),
        (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
        (r"\bStopAsyncIteration\b", "StopIteration"),
        # httpx; its classes, and those of the standard library, are spelled as ours are.
        (r"\ba(close|read|iter_bytes)\b", r"\1"),
        # Our own names: modules, functions, classes.
        (r"\b_async\b", "_sync"),
        (r"\basync_(\w+)", r"\1"),
        (r"\bAsync([A-Z]\w*)", r"\1"),
    ]
]


def twin_text(source: Path, used: Counter[str]) -> str:
    """What the twin of `source` must hold; counts in `used` how often each rule applied."""
    text = source.read_text(encoding="utf-8")
    for pattern, replacement in RULES:
        text, times = pattern.subn(replacement, text)
        used[pattern.pattern] += times
    twin = str(twin_path(source))
    text = _ruff(text, "check", "--select=F401,I", "--fix-only", "--quiet", "--stdin-filename", twin)
    return _ruff(HEADER.format(source.name) + text, "format", "--quiet", "--stdin-filename", twin)


def twin_path(source: Path) -> Path:
    return source.with_name(source.name.replace("async", "sync", 1))


def _ruff(text: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "ruff", *arguments, "-"]
    return subprocess.run(command, input=text, stdout=subprocess.PIPE, encoding="utf-8", check=True, cwd=ROOT).stdout


def write_twins(root: Path, *, check: bool) -> list[str]:
    """Bring the twins below `root` up to date, or with `check` leave them; returns what is (or was) wrong."""
    wrong: list[str] = []
    used: Counter[str] = Counter()
    twins: set[Path] = set()
    for source in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        twin, text = twin_path(source), twin_text(source, used)
        twins.add(twin)
        if not twin.exists() or twin.read_text(encoding="utf-8") != text:
            wrong.append(f"stale: {twin.relative_to(root)}")
            if not check:
                twin.write_text(text, encoding="utf-8")
    for orphan in sorted({path for pattern in SOURCES.values() for path in root.glob(pattern)} - twins):
        wrong.append(f"without a source: {orphan.relative_to(root)}")
        if not check:
            orphan.unlink()
    return wrong + [f"rule never used: {pattern}" for pattern, times in used.items() if not times]


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    wrong = write_twins(ROOT, check=check)
    for line in wrong:
        print(line if check or line.startswith("rule") else f"{line}: done")
    if check and wrong:
        print("`make fix` writes the twins again; a rule never used is deleted in scripts/unasync.py")
    return int(check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
