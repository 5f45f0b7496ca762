"""However an engine ends, nothing that it runs stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ENGINE = """
import asyncio, sys
from assistream.engine.interpreter.bubblewrap import Recipe
from assistream.engine.interpreter.kernel import Kernel
from assistream.engine.interpreter.limits import CodeInterpreter

async def main():
    kernel = await Kernel.open(Recipe.on_this_machine(CodeInterpreter()))
    print(kernel.sandbox.root, flush=True)
    with kernel.running("import os, signal\\nsignal.signal(2, signal.SIG_IGN)\\nos.fork()\\nwhile True: pass") as call:
        async for output in call:
            pass

asyncio.run(main())
"""


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _in_space(space: str) -> int:
    found = 0
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += os.readlink(f"/proc/{process}/ns/pid") == space and _runs(int(process))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_all_ends_with_the_engine(sandbox: None, how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ENGINE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as engine:
        try:
            assert engine.stdout
            root = int(engine.stdout.readline())
            space = os.readlink(f"/proc/{root}/ns/pid")
            while _in_space(space) < 3:  # the program, the kernel, and its child
                time.sleep(0.02)
            engine.send_signal(how)
            engine.wait()
        finally:
            engine.kill()
    while _in_space(space) or _runs(root):
        time.sleep(0.02)
