"""A short version of what scripts/crash.py does, and that it would see what goes wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from scripts import crash

from .shared import ROOT


def test_nothing_is_lost_when_engines_are_killed() -> None:
    command = [sys.executable, "scripts/crash.py", "--kills", "3", "--runs", "10", "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    table = dict(line.rsplit(None, 1) for line in done.stdout.splitlines())
    assert table["kills"] == "3"
    assert int(table["events told"]) > 100
    assert {table[name] for name in crash.MUST_BE_ZERO} == {"0"}


def test_a_run_that_is_stuck_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE runs (body TEXT)")
        for status in ("in_progress", "completed", "completed"):
            body = f'{{"id": "run_1", "status": "{status}", "metadata": {{"marker": "{status}"}}}}'
            database.execute("INSERT INTO runs VALUES (?)", (body,))
    known = crash.Known()
    crash.inspect(path, known)
    crash.inspect_at_end(path, known)
    assert known.counts["runs stuck"] == 1
    assert known.counts["runs there twice"] == 1
    assert known.counts["files broken"] == 0
