"""A worker process, as whoever asks it sees it: blocking, to be used in a thread."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from .unreadable import Unreadable

# The worker gets this package alone, without the engine around it: importing that takes many times as long.
_PROGRAM = """
import json, sys, types
paths, here = json.loads(sys.argv[1])
sys.path[:] = paths
package = sys.modules["documents"] = types.ModuleType("documents")
package.__path__ = [here]
from documents.worker import main
main()
"""
# What Python may need to start at all. The program's keys are not for a process in which hostile files are read.
_ENVIRONMENT = ("DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")
_LINE = 4096


class Process:
    """Started when it is first asked. ``kill`` ends it from any thread, and ``stop`` leaves nothing of it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._asking = threading.Lock()
        self._over = False

    @property
    def lives(self) -> bool:
        return not self._over and (self._process is None or self._process.poll() is None)

    def parse(self, kind: str, data: bytes, seconds: float) -> str:
        """The text of the document; raises `Unreadable`, after which the process is better not asked again."""
        with self._asking:
            process = self._started()
            assert process.stdin
            assert process.stdout
            request = {"kind": kind, "size": len(data), "seconds": seconds}
            with suppress(OSError):  # it is gone, which its answer tells
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.write(data)
                process.stdin.flush()
            return _answer(process.stdout) or _raise(process)

    def kill(self) -> None:
        with self._starting:
            self._over = True
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """Returns when the process and its pipes are gone, and nobody waits for its answer."""
        self.kill()
        with self._asking:
            if self._process is not None:
                for pipe in (self._process.stdin, self._process.stdout):
                    with suppress(OSError):  # what it was not told any more
                        assert pipe
                        pipe.close()
                self._process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._over:
                raise Unreadable("server_error", "Reading was cancelled.")
            if self._process is None:
                self._process = _start()
            return self._process


def _start() -> subprocess.Popen[bytes]:
    paths = [os.path.abspath(path) for path in sys.path if path]
    program = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _PROGRAM]
    try:
        return subprocess.Popen(
            [*program, json.dumps([paths, str(Path(__file__).parent)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,  # an interrupt from the keyboard is for the program
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise Unreadable("server_error", f"The process that reads files cannot be started: {error}") from None


def _answer(pipe: IO[bytes]) -> str | None:
    """None if there is no whole one."""
    line = pipe.readline(_LINE)
    if not line.endswith(b"\n"):
        return None
    told = json.loads(line)
    answer = pipe.read(told["size"])
    if len(answer) < told["size"]:
        return None
    if "code" in told:
        raise Unreadable(told["code"], answer.decode())
    return answer.decode()


def _raise(process: subprocess.Popen[bytes]) -> str:
    if process.wait() == -getattr(signal, "SIGXCPU", 0):
        raise late()
    raise Unreadable("invalid_file", f"The process that read the file ended (status {process.returncode}).")


def late() -> Unreadable:
    return Unreadable("invalid_file", "Reading the file takes too long.")
