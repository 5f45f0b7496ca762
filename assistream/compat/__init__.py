"""`import openai` gives assistream, for programs that one may not edit. Opt-in and reversible.

::

    import assistream.compat

    assistream.compat.install()     # before the program imports openai
    import openai                   # is assistream, and openai.types.beta is assistream.types.beta

or, without touching anything: ``python -m assistream.compat program.py its arguments``.

What assistream has not (`client.chat`, `client.responses`, `openai.types.chat`, ...) comes from the real openai where
that is installed: it is loaded under another name, with the settings of the client it is asked of, and raises our
errors.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from ..transport import elsewhere
from . import real

__all__ = ["install", "uninstall"]

ALIAS = "openai"
OURS = "assistream"

PRIVATE = {
    "_base_client": "names",
    "_client": "client",
    "_exceptions": "errors",
    "_legacy_response": "names",
    "_models": "types.base",
    "_response": "transport.streamed",
    "_streaming": "streaming",
    "_types": "types.base",
}
"""Modules that programs should not import from, and do: where their best-known names are here."""

THEIRS = {"cli"}
"""Modules of the real openai with whose name ours has nothing to do."""


def install() -> None:
    """From now on, `openai` and what is below it mean assistream. A second time does nothing.

    What was imported from the real openai before stays what it is, where it is held.
    """
    if _finder not in sys.meta_path:
        _before.update(_taken_out())
        sys.meta_path.insert(0, _finder)
        elsewhere.lender = real.attribute


def uninstall() -> None:
    """Undo `install`: `openai` is again what it was before."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        elsewhere.lender = None
        _taken_out()
        for parent, child in _lent:
            vars(sys.modules[parent]).pop(child, None)
        _lent.clear()
        for ours, own in _completed.items():
            vars(ours)["__getattr__"] = own
        _completed.clear()
        sys.modules.update(_before)
        _before.clear()


_before: dict[str, ModuleType] = {}
_lent: set[tuple[str, str]] = set()
"""Attributes of our modules that hold modules of the real openai."""
_completed: dict[ModuleType, Callable[[str], Any]] = {}
"""Our modules that give what they have not from the real ones, and how they look for it otherwise."""


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == ALIAS or name.startswith(f"{ALIAS}.")]
    return {name: sys.modules.pop(name) for name in names}


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, rest = fullname.partition(".")
        if package != ALIAS:
            return None
        ours, theirs = f"{OURS}.{PRIVATE.get(rest, rest)}".rstrip("."), f"{real.NAME}.{rest}"
        if rest not in THEIRS and _exists(ours):
            return ModuleSpec(fullname, _Alias(ours, theirs if rest else None))
        if real.package() is None or not _exists(theirs):
            if rest in THEIRS:  # else it would be found in the package that stands here for openai
                raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
            return None
        parent, _, child = ours.rpartition(".")
        if parent in sys.modules:
            _lent.add((parent, child))
        return ModuleSpec(fullname, _Alias(theirs))


_finder = _Finder()


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # not even what it would be in
        return False


class _Alias(Loader):
    """Gives a module that has another name; it keeps all it says about itself."""

    def __init__(self, source: str, completed_by: str | None = None) -> None:
        self._source, self._completed_by = source, completed_by

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._source)
        self._spec = module.__spec__
        if self._completed_by:
            _complete(module, self._completed_by)
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def _complete(ours: ModuleType, theirs: str) -> None:
    """From now on our module gives what it has not from one of the real openai."""
    own = vars(ours).get("__getattr__", _nothing_in(ours))
    _completed.setdefault(ours, own)

    def look(name: str) -> Any:
        try:
            return own(name)
        except AttributeError:
            if name.startswith("__") or real.package() is None or not _exists(theirs):
                raise
            module = importlib.import_module(theirs)
            if not hasattr(module, name):
                raise
            return getattr(module, name)

    vars(ours)["__getattr__"] = look


def _nothing_in(module: ModuleType) -> Callable[[str], Any]:
    def look(name: str) -> Any:
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    return look
