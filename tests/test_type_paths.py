from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from assistream import types
from scripts import type_paths

from .shared import ROOT


def test_what_is_committed_is_what_the_script_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert type_paths.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", type_paths.PATHS)
def test_each_path_offers_its_names(path: str) -> None:
    module = importlib.import_module(f"assistream.types.{path}")
    entries = [entry.partition("=") for entry in type_paths.PATHS[path].split()]
    assert sorted(module.__all__) == sorted(theirs for theirs, _, _ in entries)
    for theirs, _, ours in entries:
        assert getattr(module, theirs) is getattr(types, ours or theirs)
    package = importlib.import_module(f"assistream.types.{path}".rpartition(".")[0])
    assert getattr(package, entries[0][0]) is getattr(types, entries[0][2] or entries[0][0])


def test_packages_offer_their_modules_as_attributes() -> None:
    """In a process of its own: what was imported once is an attribute anyway."""
    program = """
import assistream as openai
assert openai.types.beta.threads.runs.run_step.RunStep is openai.types.RunStep
assert openai.types.shared_params.FunctionDefinition is openai.types.FunctionDefinitionParam
assert openai.lib.streaming.AssistantStreamManager is openai.AssistantStreamManager
assert openai.lib.azure.AzureOpenAI is openai.AzureOpenAI
assert openai.resources.beta.threads.runs.steps.Steps is openai.resources.Steps
assert not hasattr(openai.types.beta, "nonsense") and not hasattr(openai.types.beta, "_nonsense")
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, cwd=ROOT)


@pytest.mark.parametrize("path", type_paths.RESOURCES)
def test_each_path_offers_the_classes_of_its_resources(path: str) -> None:
    module = importlib.import_module(f"assistream.resources.beta.{path}".rstrip("."))
    for theirs, ours in type_paths.pairs(type_paths.RESOURCES[path]):
        for name in (theirs, f"Async{theirs}WithRawResponse"):
            cls = getattr(module, name)
            assert cls.__name__ == name.replace(theirs, ours.rpartition(".")[2])
            assert cls.__module__.startswith("assistream.resources")


def test_stale_and_left_over_files_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = type_paths.TYPES
    copy = tmp_path / "assistream" / "types"
    copy.mkdir(parents=True)
    for module in type_paths.MODULES.split():
        (copy / f"{module}.py").write_bytes((source / f"{module}.py").read_bytes())
    monkeypatch.setattr(type_paths, "TYPES", copy)
    monkeypatch.setattr(type_paths, "BETA", tmp_path / "assistream" / "resources" / "beta")
    monkeypatch.setattr(type_paths, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_bytes((source.parents[1] / "pyproject.toml").read_bytes())
    assert type_paths.main([]) == 0
    assert type_paths.main(["--check"]) == 0
    assert (copy / "beta/threads/run.py").read_bytes() == (source / "beta/threads/run.py").read_bytes()

    (copy / "beta/threads/run.py").write_text("", encoding="utf-8")
    (copy / "beta/gone.py").write_text(type_paths.HEADER, encoding="utf-8")
    capsys.readouterr()
    assert type_paths.main(["--check"]) == 1
    out = capsys.readouterr().out
    assert "stale: assistream/types/beta/threads/run.py" in out
    assert "not in the table: assistream/types/beta/gone.py" in out
    assert type_paths.main([]) == 0
    assert not (copy / "beta/gone.py").exists()
