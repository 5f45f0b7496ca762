"""The commands of docs/migrating.md do what it says: they are taken from there and run on programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .shared import ROOT

pytestmark = pytest.mark.skipif(
    not shutil.which("perl") and os.environ.get("CI") != "true", reason="the command is for machines with perl"
)

CONVERT, FIND = re.findall(
    r"^```sh\n(.*?)^```$", (ROOT / "docs" / "migrating.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)

# Lines of programs: as they were, and as they are then.
LINES = [
    ("from openai import OpenAI", "from assistream import OpenAI"),
    ("from openai import (\n    OpenAI,\n)", "from assistream import (\n    OpenAI,\n)"),
    ("from openai.types.beta.threads import Run as R", "from assistream.types.beta.threads import Run as R"),
    ("from openai.lib.streaming import *", "from assistream.lib.streaming import *"),
    ("import openai", "import assistream as openai"),
    ("import openai  # the client", "import assistream as openai  # the client"),
    ("import openai as oai", "import assistream as oai"),
    ("import openai.types.beta as beta", "import assistream.types.beta as beta"),
    ("import openai.pagination", "import assistream as openai, assistream.pagination"),
    ("if 0:\n    from openai._types import NOT_GIVEN", "if 0:\n    from assistream._types import NOT_GIVEN"),
    ("if True:\n    import openai", "if True:\n    import assistream as openai"),
    ("def f():\n\tfrom openai import OpenAI", "def f():\n\tfrom assistream import OpenAI"),
]
# What stays as it is and is found by `FIND`, for the reader to change; and what is none of its business.
BY_HAND = [
    "import os, openai",
    "try: import openai\nexcept ImportError: pass",
    "from unittest import mock; mock.patch('openai.OpenAI')",
    'import importlib; importlib.import_module("openai")',
]
LEFT_ALONE = ["import openai_mock", "from openai_mock import x", "print(openai.__version__)", "# import the client"]


def convert(directory: Path) -> None:
    subprocess.run(["sh", "-c", CONVERT], cwd=directory, check=True)


@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["unix", "windows", "no end"])
@pytest.mark.parametrize(("before", "after"), LINES, ids=[line for line, _ in LINES])
def test_a_line(before: str, after: str, end: str, tmp_path: Path) -> None:
    file = tmp_path / "a directory" / "program.py"
    file.parent.mkdir()
    file.write_bytes((before + end).replace("\n", end or "\n").encode())
    convert(tmp_path)
    assert file.read_bytes() == (after + end).replace("\n", end or "\n").encode()
    done = subprocess.run([sys.executable, "-W", "error", file], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    convert(tmp_path)
    assert file.read_bytes() == (after + end).replace("\n", end or "\n").encode()


@pytest.mark.parametrize("line", BY_HAND + LEFT_ALONE)
def test_what_stays(line: str, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(line, encoding="utf-8")
    convert(tmp_path)
    assert file.read_text(encoding="utf-8") == line
    found = subprocess.run(["sh", "-c", FIND], cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    assert bool(found) == (line in BY_HAND)


def test_what_was_converted_is_not_found_again(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("\n".join(before for before, _ in LINES), encoding="utf-8")
    convert(tmp_path)
    found = subprocess.run(["sh", "-c", FIND], cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    assert [line.partition("from ")[2] for line in found.splitlines()] == ["assistream._types import NOT_GIVEN"]


def test_what_is_not_the_programs_own_stays(tmp_path: Path) -> None:
    for place in (".venv", "lib/site-packages"):
        file = tmp_path / place / "other.py"
        file.parent.mkdir(parents=True)
        file.write_text("import openai\n", encoding="utf-8")
    (tmp_path / "program.py").write_text("import openai\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("import openai\n", encoding="utf-8")
    convert(tmp_path)
    changed = [file.name for file in tmp_path.rglob("*.*") if file.is_file() and "assistream" in file.read_text()]
    assert changed == ["program.py"]
