"""Modules as attributes of the package they are in, imported when a program asks for one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType


def submodules(package: str) -> Callable[[str], ModuleType]:
    """What a package has as its ``__getattr__``, so that ``package.module.Name`` works without another import."""

    def find(name: str) -> ModuleType:
        wanted = f"{package}.{name}"
        if not name.startswith("_"):
            try:
                return import_module(wanted)
            except ModuleNotFoundError as exc:
                if exc.name != wanted:
                    raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
