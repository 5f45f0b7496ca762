"""What code of a model may use, and what it runs on: `CodeInterpreter`."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

from ...errors import ConfigurationError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeInterpreter:
    """The options of an engine's code interpreter: ``Engine(code_interpreter=CodeInterpreter(memory=2**30))``.

    Raises `ConfigurationError` for what makes no sense.
    """

    python: str | Path | None = None
    """The Python that the code runs in, with ipykernel and what else is to be at hand; by default the engine's own."""
    paths: Sequence[str | Path] = ()
    """More files and directories of this machine that the code may read."""
    seconds: float = 120.0
    """What one call may take; then the code is interrupted, and what takes no notice of that is killed."""
    cpu_seconds: float = 120.0
    """The processor time of one call, of all its processes together."""
    memory: int = 1024 * MIB
    """Bytes of memory for all processes of a thread together."""
    disk: int = 256 * MIB
    """Bytes for files in ``/mnt/data``, which is in memory, too, and counted for itself."""
    processes: int = 128
    """Processes of a thread, and threads in them, at once."""
    output: int = 100_000
    """Characters of text that one call may say; then it is interrupted."""
    images: int = 20
    """Images that one call may show."""
    image_size: int = 8 * MIB
    """Bytes that each of them may have."""
    files: int = 50
    """New or changed files of one call that are kept."""
    kernels: int = 10
    """Threads that have a kernel at once; the one that was idle for longest makes room."""
    idle_seconds: float = 1200.0
    """How long a kernel, with its variables, is kept for the next call."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name not in _WHERE:
                _check(field.name, getattr(self, field.name), whole=field.type == "int")
        for name in ("memory", "disk"):
            if getattr(self, name) < _LEAST[name]:
                raise _wrong(name, getattr(self, name), f"at least {_LEAST[name]} bytes: a kernel needs that much")
        if self.processes < _LEAST["processes"]:
            raise _wrong("processes", self.processes, f"at least {_LEAST['processes']}: a kernel has that many threads")
        _check_place(self.python, self.paths)


_WHERE = frozenset({"python", "paths"})
_LEAST = {"memory": 128 * MIB, "disk": MIB, "processes": 32}


def _check(name: str, value: object, whole: bool) -> None:
    number = isinstance(value, (int,) if whole else (int, float)) and not isinstance(value, bool)
    if not number or not 0 < value < math.inf:  # type: ignore[operator] # a number by now, which mypy does not see
        raise _wrong(name, value, "a whole number above 0" if whole else "a number of seconds above 0")


def _check_place(python: object, paths: object) -> None:
    if python is not None and not isinstance(python, (str, Path)):
        raise _wrong("python", python, "the path of a Python interpreter")
    if not isinstance(paths, (list, tuple)):
        raise _wrong("paths", paths, "a list of paths")
    for path in cast("Sequence[object]", paths):
        if not isinstance(path, (str, Path)):
            raise _wrong("paths", path, "a list of paths")
        if not os.path.isabs(path) or os.path.normpath(path) == "/" or not os.path.exists(path):
            raise _wrong("paths", path, "absolute paths that are there, and not all of the machine")


def _wrong(name: str, value: object, right: str) -> ConfigurationError:
    return ConfigurationError(f"The code interpreter's {name} must be {right}, not {value!r}.")
