from __future__ import annotations

import subprocess
import sys

import assistream
from assistream import recording

from ..shared import ROOT

PROGRAM = """
import sys
for name in ("rich", "IPython", "opentelemetry"):
    sys.modules[name] = None
import assistream
assistream.Transcript(), assistream.Notebook(), assistream.Recorder("nowhere.sse")
for cls in (assistream.Console, assistream.AsyncConsole, assistream.OpenTelemetry, assistream.AsyncOpenTelemetry):
    try:
        cls()
    except assistream.ConfigurationError as error:
        print(error)
"""


def test_what_is_optional_is_named_when_it_is_needed() -> None:
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count('pip install "assistream[cli]"') == 2
    assert done.stdout.count('pip install "assistream[otel]"') == 2


def test_everything_is_exported() -> None:
    assert set(recording.__all__) <= set(assistream.__all__)
    assert [name for name in recording.__all__ if getattr(assistream, name) is not getattr(recording, name)] == []
