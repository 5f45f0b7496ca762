from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistream.engine.filelock import FileLock, Taken

HOLD = """
import sys, time
from assistream.engine.filelock import FileLock
lock = FileLock(sys.argv[1])
print("held", flush=True)
time.sleep(600)
"""


def test_one_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    lock = FileLock(path)
    with pytest.raises(Taken):
        FileLock(path)
    lock.release()
    FileLock(path).release()


def test_a_link_is_the_same_database(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
    lock = FileLock(str(tmp_path / "a.db"))
    with pytest.raises(Taken):
        FileLock(str(tmp_path / "link.db"))
    lock.release()


def test_a_process_that_is_killed_lets_go(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Taken):
            FileLock(path)
        process.kill()
    FileLock(path).release()


def test_who_waits_for_it_never_has_it_twice(tmp_path: Path) -> None:
    path, held = str(tmp_path / "a.db"), list[int]()

    def compete(number: int) -> None:
        for _ in range(50):
            try:
                lock = FileLock(path)
            except Taken:
                continue
            held.append(number)
            assert held == [number]
            held.remove(number)
            lock.release()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(compete, range(4)))
