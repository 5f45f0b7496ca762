"""The data recorded from real servers, kept beside the project in `../shared`.

A clone may stand alone: a test that reads recorded data then skips and says so. On CI nothing is skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def require_shared(name: str) -> Path:
    """The file or directory `../shared/name`; skips the test (or the module) when it is absent, fails it on CI."""
    path = SHARED / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(_absent(name), pytrace=False)
        pytest.skip(_absent(name), allow_module_level=True)
    return path


def shared_files(pattern: str) -> list[ParameterSet]:
    """One test parameter for each file `../shared/pattern`, named after the file, for `pytest.mark.parametrize`.

    With no such file, one parameter that skips; on CI it is run, and fails because it cannot read its file.
    """
    found = sorted(SHARED.glob(pattern))
    if found:
        return [pytest.param(path, id=path.name) for path in found]
    skips = [] if os.environ.get("CI") == "true" else [pytest.mark.skip(reason=_absent(pattern))]
    return [pytest.param(SHARED / pattern, id="absent", marks=skips)]


def _absent(name: str) -> str:
    return f"../shared/{name} is absent: it holds recorded data that is not part of the project"
