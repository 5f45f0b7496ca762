from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistream.engine.interpreter.watch import shared_once, usage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

TREE = """
import os, sys
memory = bytearray(50_000_000)
if not os.fork():
    while True: pass
print(flush=True)
sys.stdin.read()
os.kill(0, 9)
"""


def test_a_process_and_those_below() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TREE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as tree:
        try:
            assert tree.stdout
            tree.stdout.readline()
            while (used := usage(tree.pid, ())).cpu_seconds < 0.1:
                pass
            assert used.memory > 90_000_000
            assert 45_000_000 < shared_once(tree.pid) < 90_000_000
        finally:
            os.killpg(tree.pid, 9)


def test_nothing_is_used_by_who_is_not_there() -> None:
    used = usage(2**30, ())
    assert (used.memory, used.cpu_seconds, used.sockets, used.files) == (0, 0, 0, 0)


def test_sockets_are_counted() -> None:
    assert usage(os.getpid(), ()).sockets > 0


def test_files_are_counted(tmp_path: Path) -> None:
    end = os.open("/dev/shm", os.O_RDONLY)
    try:
        before = usage(os.getpid(), [end]).files
        name = f"/dev/shm/assistream-{os.getpid()}"
        Path(name).touch()
        assert usage(os.getpid(), [end]).files >= before
        os.unlink(name)
    finally:
        os.close(end)
