from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from assistream._lazy import submodules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    place = tmp_path / "lazy_sample"
    place.mkdir()
    (place / "__init__.py").write_text(
        "from assistream._lazy import submodules\n__getattr__ = submodules(__name__)\n", encoding="utf-8"
    )
    (place / "good.py").write_text("value = 1\n", encoding="utf-8")
    (place / "bad.py").write_text("import no_such_module_at_all\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name in ("lazy_sample", "lazy_sample.good", "lazy_sample.bad"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "lazy_sample"


def test_a_module_is_imported_when_it_is_asked_for(package: str) -> None:
    found = importlib.import_module(package)
    assert "lazy_sample.good" not in sys.modules
    assert found.good.value == 1
    assert sys.modules.pop("lazy_sample.good") is found.good


def test_what_is_not_there(package: str) -> None:
    find = submodules(package)
    for name in ("nonsense", "_private", "__path__"):
        with pytest.raises(AttributeError, match=f"^module 'lazy_sample' has no attribute '{name}'$"):
            find(name)


def test_what_a_module_itself_cannot_import_is_told(package: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        submodules(package)("bad")
