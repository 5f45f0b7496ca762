from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from assistream.engine.interpreter.python import find
from assistream.errors import ConfigurationError


def test_the_engines_own() -> None:
    python = find(None)
    assert os.path.samefile(python.executable, sys.executable)
    assert any(os.path.realpath(os.__file__).startswith(f"{os.path.realpath(path)}/") for path in python.paths)


def test_no_environment_is_shown_whole() -> None:
    """It may be a project, or somebody's home."""
    roots = {sys.prefix, sys.base_prefix, str(Path.home()), "/", os.getcwd()}
    assert not roots & set(find(None).paths)


def test_nothing_is_named_twice() -> None:
    paths = find(None).paths
    assert not [path for path in paths if any(path.startswith(f"{other}/") for other in paths)]


def test_one_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="code_interpreter cannot use '/not/python' as its Python"):
        find("/not/python")


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true", "/bin/ls"])
def test_what_is_no_python(program: str) -> None:
    says = f"code_interpreter cannot use '{program}' as its Python: it is no Python, or it is broken."
    with pytest.raises(ConfigurationError, match=f"^{says}$"):
        find(Path(program))


def test_one_without_a_kernel(tmp_path: Path) -> None:
    import venv

    venv.create(tmp_path / "bare", with_pip=False)
    with pytest.raises(ConfigurationError, match="code_interpreter needs ipykernel and jupyter_client and zmq for"):
        find(tmp_path / "bare" / "bin" / "python")
