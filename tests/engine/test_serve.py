from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.shared import ROOT

FOREGROUND = """
from assistream.engine import Engine
from assistream.engine.serve import serve
serve(Engine('a.db'), started=lambda engine: print(engine.base_url, flush=True))
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground(tmp_path: Path, stop: signal.Signals) -> None:
    command = [sys.executable, "-W", "error", "-c", FOREGROUND]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        base_url = process.stdout.readline().strip()
        assert httpx.get(f"{base_url}/assistants").status_code == 400
        process.send_signal(stop)
        assert process.wait(30) == 0
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == [
        "a.db"
    ]  # closed properly: no journal is left
