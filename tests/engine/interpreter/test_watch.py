from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistream.engine.interpreter.watch import Clock, Usage, shared_once, usage

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


def spent(seconds: float, **own: float) -> Usage:
    return Usage(0, seconds, 0, 0, {(1, name): time for name, time in own.items()})


def test_time_is_counted_from_a_look_on() -> None:
    clock = Clock(spent(10, a=10))
    assert clock.look(spent(12, a=11, b=1)) == 2
    assert clock.look(spent(12, a=11)) == 2  # b's is with a now, as that of a child
    assert clock.look(spent(13, a=12)) == 3


def test_time_of_who_has_vanished_is_not_given_back() -> None:
    clock = Clock(spent(10, a=10))
    for child in "bcde":
        clock.look(spent(11, a=10, **{child: 1}))
        clock.look(spent(10, a=10))
    assert clock.seconds == 4


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
