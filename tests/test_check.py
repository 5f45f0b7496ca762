from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.check import Step, main


def says(text: str, code: int = 0) -> tuple[str, ...]:
    return ("-c", f"print({text!r}); raise SystemExit({code})")


def test_all_steps_run_in_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([Step("first", says("one")), Step("second", says("two"))], tmp_path) == 0
    *lines, last = capfd.readouterr().out.splitlines()
    assert lines == ["== first", "one", "== second", "two"]
    assert last.startswith("== all passed")


def test_a_quiet_step_speaks_when_it_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([Step("fine", says("much"), quiet=True)], tmp_path) == 0
    assert "much" not in capfd.readouterr().out
    assert main([Step("broken", says("much", code=1), quiet=True)], tmp_path) == 1
    assert "much" in capfd.readouterr().out.splitlines()


def test_programs_find_this_environments_python_first(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    step = Step("which", ("-c", "import shutil; print(shutil.which('python'))"))
    assert main([step], tmp_path) == 0
    assert Path(capfd.readouterr().out.splitlines()[1]).parent == Path(sys.executable).parent


def test_the_first_failure_is_the_last_step(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([Step("first", says("why", code=3)), Step("second", says("two"))], tmp_path) == 1
    heading, output, last = capfd.readouterr().out.splitlines()
    assert (heading, output) == ("== first", "why")
    assert last.startswith("== FAILED: first (python -c")


def test_a_part_whose_program_is_absent_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([Step("compat", says("never"), needs=".venv-compat")], tmp_path) == 0
    first, _ = capfd.readouterr().out.splitlines()
    assert first == "== compat: not run, .venv-compat is not there (`make compat` makes it)"


def test_a_part_whose_program_exists_is_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".venv-compat").mkdir()
    assert main([Step("compat", says("ran"), needs=".venv-compat")], tmp_path) == 0
    assert "ran" in capfd.readouterr().out.splitlines()
