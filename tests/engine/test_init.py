from __future__ import annotations

import subprocess
import sys

import pytest

from assistream import engine


def test_every_name_is_there() -> None:
    assert all(hasattr(engine, name) for name in engine.__all__)


@pytest.mark.parametrize("absent", ["uvicorn", "sqlalchemy", "greenlet", "python_multipart"])
def test_without_the_extra_it_says_what_to_install(absent: str) -> None:
    program = f"""
import importlib.util as util
find = util.find_spec
util.find_spec = lambda name: None if name == {absent!r} else find(name)
import assistream.engine
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = ended.stderr.splitlines()[-1]
    assert last == f'ImportError: The embedded engine needs {absent}: pip install "assistream[engine]"'
