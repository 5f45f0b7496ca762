from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from importlib import metadata

import pytest

from assistream._version import __version__
from tests.shared import ROOT
from tests.test_architecture import MODULES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

SOURCES = [
    path
    for directory in ("assistream", "benchmarks", "examples", "scripts", "tests")
    for path in sorted((ROOT / directory).rglob("*.py"))
]
IGNORE = re.compile(r"#.*(?:(?:type|pyright): ignore\[[^]]*\]|noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)(?P<reason>.*)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_stated_once() -> None:
    assert PROJECT["dynamic"] == ["version"]
    assert metadata.version("assistream") == __version__


def test_the_core_is_small() -> None:
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in PROJECT["dependencies"]}
    assert names == {"anyio", "docstring-parser", "httpx", "httpx-sse", "pydantic"}


def test_types_are_shipped() -> None:
    assert (ROOT / "assistream" / "py.typed").exists()


@pytest.mark.parametrize("module", [module for module in MODULES if not module.endswith("__main__")])
def test_everything_exported_is_there(module: str) -> None:
    name = "assistream." + module.replace("/", ".").removesuffix("__init__").rstrip(".")
    imported = importlib.import_module(name.rstrip("."))
    exported = list(getattr(imported, "__all__", []))
    assert [name for name in exported if not hasattr(imported, name)] == []
    assert len(exported) == len(set(exported))


def without_reason(line: str) -> bool:
    found = IGNORE.search(line)
    return found is not None and not re.search(r"\w{3}", found["reason"])


def test_every_ignore_says_why() -> None:
    lines = [(path, line) for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    assert [f"{path.relative_to(ROOT)}: {line.strip()}" for path, line in lines if without_reason(line)] == []


def test_an_ignore_without_a_reason_is_found() -> None:
    assert without_reason("f()  # type: " + "ignore[arg-type]")
    assert without_reason("f()  # type: ignore[arg-type]  # pyright: " + "ignore[reportCallIssue]")
    assert without_reason("import x  # no" + "qa: F401")
    assert not without_reason("f()  # type: ignore[arg-type]  # it is checked at run time")
    assert not without_reason("import x  # noqa: F401 -- for its side effect")


ENTRY_POINTS = [
    target
    for group in (PROJECT["scripts"], *PROJECT["entry-points"].values())  # where installers and pytest look
    for target in group.values()
]


@pytest.mark.parametrize("target", ENTRY_POINTS)
def test_every_entry_point_is_there(target: str) -> None:
    assert pkgutil.resolve_name(target) is not None


def test_all_kinds_of_entry_points_are_known() -> None:
    assert len(ENTRY_POINTS) >= 2
    assert set(PROJECT["entry-points"]) == {"pytest11"}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_command_named_exists(document: str) -> None:
    commands = set(re.findall(r"\bmake ([a-z]+)(?=[` ]|$)", read(document), re.MULTILINE))
    assert {"demo", "test"} <= commands
    assert commands <= set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def test_help_names_every_target() -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"help", "setup"}
    assert targets == set(re.findall(r"echo 'make ([a-z]+) ", makefile))
