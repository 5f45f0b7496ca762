from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistream.transport.written import attributes
from assistream.types.params import MessageCreateParams, RequestOptions

SOURCE = '''
"""Text of the module: not an attribute."""
from typing import TypedDict

class Base(TypedDict, total=False):
    """Text of the class."""

    first: int  # a remark
    """About it,
    in two lines."""
    silent: "str | None" = None
    long: dict[
        str, int
    ]
    """After several lines."""

def function() -> None:
    """Text of a function: not an attribute."""

class Other(Base, total=False):
    silent: bytes
    """Now it says something."""
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    path = tmp_path / "written_sample.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("written_sample", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "written_sample", module)
    spec.loader.exec_module(module)
    return module


def test_hints_and_docstrings(module: ModuleType) -> None:
    found = attributes(module.Base)
    assert list(found) == ["first", "silent", "long"]
    assert found["first"] == ("int", "About it,\n        in two lines.")
    assert found["silent"] == ('"str | None"', "")
    assert found["long"] == ("", "After several lines.")


def test_what_is_inherited(module: ModuleType) -> None:
    found = attributes(module.Other)
    assert found["first"] == attributes(module.Base)["first"]
    assert found["silent"] == ("bytes", "Now it says something.")


def test_across_modules() -> None:
    found = attributes(MessageCreateParams)
    assert {"role", "content", *RequestOptions.__annotations__} <= found.keys()
    assert all(each.doc for each in found.values())


def test_without_a_source_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = ModuleType("bare_sample")
    monkeypatch.setitem(sys.modules, "bare_sample", bare)
    assert attributes(type("Sample", (), {"__module__": "bare_sample"})) == {}
