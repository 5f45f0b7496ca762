"""A short version of what scripts/soak.py does, and that it would see what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .shared import ROOT


def test_an_engine_under_a_mixed_load(tmp_path: Path) -> None:
    data, plot = tmp_path / "data.json", tmp_path / "plots" / "soak.svg"
    # Seconds are not enough to tell whether anything grows: the exit code may be 1 for that.
    command = [sys.executable, "scripts/soak.py", "--minutes", "0.07", "--actors", "3", "--pause", "0.01"]
    command += ["--plot", str(plot), "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Wrong: 0." in done.stdout, done.stdout + done.stderr
    assert not done.stderr
    assert plot.read_text().startswith("<svg")
    series = json.loads(data.read_text())
    times, values = series["engine: memory, MiB"]
    assert len(times) == len(values) > 1
    assert min(values) > 10
    for whose in ("engine", "clients"):
        assert max(series[f"{whose}: descriptors"][1]) > 10


def test_clients_tell_what_is_wrong() -> None:
    """Against an address where nobody is: each of their programs fails, says so, and they end when they are told to."""
    command = [sys.executable, "scripts/soak_load.py", "http://127.0.0.1:9/v1", "1", "0.01"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, input="", env={"PYTHONPATH": "."}
    )
    assert done.returncode != 0
    assert "Connection" in done.stderr
