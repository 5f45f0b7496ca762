"""The Python that the code runs in: where it is, and whether it has what is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import ConfigurationError

_NEEDED = ("ipykernel", "jupyter_client", "zmq")
_ASKED = f"""
import importlib.util, json, sys, sysconfig
missing = [name for name in {_NEEDED!r} if importlib.util.find_spec(name) is None]
roots = {{sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}}
paths = {{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}}
print(json.dumps([sys.executable, sorted(roots), sorted(paths), missing]))
"""
_PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "share", "pyvenv.cfg")
"""What of an environment is shown. The rest may be a project that it was made in."""


@dataclass(frozen=True, slots=True)
class Python:
    executable: str
    paths: tuple[str, ...]
    """What of the file system it needs."""


def find(python: str | Path | None) -> Python:
    """Raises `ConfigurationError` if it cannot run a kernel."""
    command = os.fspath(python) if python is not None else sys.executable
    try:
        # -I: not what lies around where the engine runs, or in the user's home directory.
        said = subprocess.run(
            [command, "-I", "-c", _ASKED], env={"PATH": os.defpath}, capture_output=True, check=True, timeout=60
        )
        executable, roots, paths, missing = json.loads(said.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ConfigurationError(f"code_interpreter cannot use {command!r} as its Python: {_why(error)}.") from error
    if missing:
        raise ConfigurationError(
            f"code_interpreter needs {' and '.join(missing)} for {command}: {command} -m pip install ipykernel, or for"
            " the engine's own Python pip install 'assistream[interpreter]'."
        )
    return Python(executable, tuple(_shown([*roots, *_links(executable)], paths)))


def _why(error: Exception) -> str:
    """What `subprocess` says of a program has the whole of ours in it."""
    if isinstance(error, OSError):
        return str(error)
    if isinstance(error, subprocess.TimeoutExpired):
        return "it does not answer"
    return "it is no Python, or it is broken"


def _links(executable: str) -> Iterator[str]:
    """The environments that a chain of symbolic links to the program leads through."""
    path = executable
    while os.path.islink(path):
        path = os.path.join(os.path.dirname(path), os.readlink(path))
        yield os.path.dirname(os.path.dirname(os.path.abspath(path)))
    yield os.path.dirname(os.path.dirname(os.path.realpath(executable)))


def _shown(roots: list[str], paths: list[str]) -> Iterator[str]:
    found = [*(os.path.join(root, part) for root in roots for part in _PARTS), *paths]
    found = sorted({os.path.abspath(path) for path in found if os.path.exists(path)})
    # What is below another one is there already.
    return (path for path in found if not any(path.startswith(f"{other}/") for other in found))
