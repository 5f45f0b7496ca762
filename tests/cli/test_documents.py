"""The commands in docs/cli.md write what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from assistream import Client, Recorder
from assistream.engine import Scripted, says, uses

from ..shared import ROOT

DOCUMENT = ROOT / "docs" / "cli.md"
SHELL = 'assistream() { "$PYTHON" -W error -m assistream "$@"; }\nexec 2>&1\n'


OPERATIONS = ROOT / "docs" / "operations.md"


def fences(language: str, text: str | None = None) -> list[str]:
    text = DOCUMENT.read_text(encoding="utf-8") if text is None else text
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def record(path: Path) -> None:
    with Client.embedded(model=Scripted([says("Hello.") + uses(1, 1)])) as client:
        assistant = client.beta.assistants.create(model="any")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        runs = client.beta.threads.runs
        with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=Recorder(path)) as stream:
            stream.until_done()


def test_commands_write_what_is_said(elsewhere: Path) -> None:
    (elsewhere / "tools.py").write_text("".join(fences("python")), encoding="utf-8")
    record(elsewhere / "run.sse")
    carry_out(fences("console"))


def test_keys_are_made_as_is_said(elsewhere: Path) -> None:
    [section] = re.findall(r"^## Keys and projects$.*?(?=^## )", OPERATIONS.read_text("utf-8"), re.M | re.S)
    carry_out(fences("console", section))


def carry_out(blocks: list[str]) -> None:
    """Runs the commands of these blocks, which must write what is below them."""
    steps = [step.split("\n", 1) for block in blocks for step in re.split(r"^\$ ", block, flags=re.M)[1:]]
    script = SHELL + "".join(f"printf '\\0'\n{command}\n" for command, _ in steps)
    done = subprocess.run(
        ["sh", "-c", script],
        env={**os.environ, "PYTHON": sys.executable, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    for (command, shown), written in zip(steps, done.stdout.split("\0")[1:], strict=True):
        wanted = "".join(".*" if part == "…" else re.escape(part) for part in re.split("(…)", shown))
        assert re.fullmatch(wanted, written), (command, written)
