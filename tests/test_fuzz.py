from __future__ import annotations

from contextlib import nullcontext

import pytest

from scripts import fuzz
from scripts.environments import CannotInstall
from tests.fuzzing.targets import TARGETS, Target


def broken(data: bytes) -> None:
    if len(data) > 3:
        raise ValueError("long")
    assert data[:1] != b"\0"


def test_inputs_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main(["decoder", "parser", "--count", "50", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "decoder: 50 inputs (seed 3)" in said
    assert "parser: 50 inputs" in said
    assert said.count("0 findings") == 2


def test_what_fails_is_said_once_for_each_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TARGETS, "broken", Target(lambda: nullcontext(broken), 8))
    assert fuzz.main(["broken", "--count", "3000"]) == 1
    said = capsys.readouterr().out
    assert said.count("found: --input") == 2
    assert "3,000 inputs" in said
    found = next(line.split()[-1] for line in said.splitlines() if line.startswith("found"))
    with pytest.raises((ValueError, AssertionError)):
        fuzz.main(["broken", "--input", found])


def test_for_a_time() -> None:
    assert fuzz.main(["decoder", "--random", "--minutes", "0.001"]) == 0


def test_without_atheris_inputs_are_random(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def cannot(*_: object) -> None:
        raise CannotInstall("no wheel")

    monkeypatch.setattr(fuzz, "prepare_python", cannot)
    assert fuzz.main(["decoder", "--minutes", "0.001"]) == 0
    assert "atheris cannot be installed (no wheel); random inputs instead" in capsys.readouterr().out


def test_an_unknown_target(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fuzz.main(["nothing"])
    assert "no target is called nothing" in capsys.readouterr().err
