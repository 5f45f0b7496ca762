"""A pytest plugin: the reference client's own tests, run on assistream. `scripts/compat_suite.py` starts it.

Their ``import openai`` gives assistream. Only what their helpers take from private modules of openai, to look into type
annotations, comes from the same sources as the tests.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = Path(os.environ["OPENAI_SOURCES"])
HELPERS = {"_utils", "_types", "_compat", "_constants", "_files"}

# There is none: every test of the resources in scope passes. One that could not would stand here as
# "test_files.py::TestFiles::test_name": "which private name it is about".
EXPECTED_TO_FAIL: dict[str, str] = {}


class Private:
    """Finds openai's private helpers in its sources."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        package, _, rest = name.partition(".")
        if package != "openai" or rest.partition(".")[0] not in HELPERS:
            return None
        file = SOURCES.joinpath("src", *name.split("."))
        if file.is_dir():
            return importlib.util.spec_from_file_location(
                name, file / "__init__.py", submodule_search_locations=[str(file)]
            )
        return importlib.util.spec_from_file_location(name, file.with_suffix(".py"))


def pytest_load_initial_conftests() -> None:
    """Before the first conftest is imported: it imports openai."""
    sys.path.append(str(ROOT))
    import assistream.compat

    assistream.compat.install()
    sys.meta_path.insert(0, Private())  # pyright: ignore[reportArgumentType]  # a finder by its shape, as importlib has it


@pytest.fixture(autouse=True)
def silent_about_deprecation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference warns that this API is going away. Here it stays, so nothing warns and nobody has to."""
    warns: Any = pytest.warns

    def warned(expected: type[Warning], **options: Any) -> Any:
        return contextlib.nullcontext() if expected is DeprecationWarning else warns(expected, **options)

    monkeypatch.setattr(pytest, "warns", warned)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        reason = EXPECTED_TO_FAIL.get(item.nodeid.partition("[")[0].removeprefix("tests/api_resources/"))
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line for each file of theirs."""
    counts: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "error", "skipped", "xfailed"):
        for report in terminalreporter.getreports(outcome):
            counts.setdefault(report.nodeid.partition("::")[0], Counter())[outcome] += 1
    for file, count in sorted(counts.items()):
        told = ", ".join(f"{number} {outcome}" for outcome, number in count.items())
        terminalreporter.write_line(f"{file.removeprefix('tests/api_resources/'):42} {told}")
