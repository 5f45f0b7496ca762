"""ARCHITECTURE.md states who may import whom; this holds it true."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

PACKAGE = ROOT / "assistream"


def block(name: str) -> list[str]:
    """The lines of the fenced block ```name of ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return text.split(f"```{name}\n")[1].split("```")[0].splitlines()


def never(lines: list[str]) -> set[str]:
    return set(lines[-1].removeprefix("never:").split())


LAYERS = {name: number for number, line in enumerate(block("layers")) for name in line.split(" · ")}
NO_IO = block("no-io")[:-1]
MODULES = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in sorted(PACKAGE.rglob("*.py"))]


def imports(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that `source`, the text of assistream/`module`, imports."""
    package = ["assistream", *module.split("/")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def room(dotted: str) -> str:
    """The name in the layer table that `dotted`, something inside our package, belongs to."""
    name = dotted.split(".")[1]
    return name if name in LAYERS or (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists() else "__init__"


def violations(source: str, module: str) -> list[str]:
    """What is wrong with the imports of `source`, the text of assistream/`module`, one sentence each."""
    home = module.split("/")[0]
    if home not in LAYERS:
        return [f"{module} has no place in the layers of ARCHITECTURE.md"]
    found: list[str] = []
    for line, dotted in imports(source, module):
        top = dotted.split(".")[0]
        if module in NO_IO and top in never(block("no-io")):
            found.append(f"{module}:{line} imports {top}, and does no I/O")
        if top != "assistream":
            continue
        other = room(dotted) if "." in dotted else "__init__"
        if home == "engine" and other in never(block("engine")):
            found.append(f"{module}:{line} imports {other}: the engine is the other side of the wire")
        elif other not in LAYERS or (other != home and LAYERS[other] >= LAYERS[home]):
            found.append(f"{module}:{line} imports {other}, which is not above {home}")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_module_keeps_the_rules(module: str) -> None:
    assert violations((PACKAGE / f"{module}.py").read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "streaming/_async",
            "from ..handlers._async import AsyncEventHandler\nfrom . import sse\nfrom .. import errors",
        ),
        ("streaming/deeper/thing", "from ...errors import APIError\nfrom ..sse import SSEDecoder"),
        ("client", "import httpx\nimport assistream.resources.runs"),
        ("engine/app", "from ..streaming.sse import encode\nfrom ..types import Run"),
        ("__init__", "from .client import Client"),
        ("streaming/__init__", "from .sse import SSEDecoder"),
    ],
)
def test_allowed(module: str, source: str) -> None:
    assert violations(source, module) == []


@pytest.mark.parametrize(
    ("module", "source", "says"),
    [
        ("types/runs", "from ..errors import APIError", "types/runs:1 imports errors"),
        ("handlers/console", "from ..transport import call", "handlers/console:1 imports transport"),
        ("transport/call", "def f():\n    from assistream.client import Client", "transport/call:2 imports client"),
        ("types/runs", "if TYPE_CHECKING:\n    from .. import resources", "types/runs:2 imports resources"),
        ("types/beta/threads/run", "from ....streaming import sse", "types/beta/threads/run:1 imports streaming"),
        ("client", "import assistream", "client:1 imports __init__"),
        ("client", "from . import Client", "client:1 imports __init__"),
        ("streaming/__init__", "from ..tools import function_tool", "streaming/__init__:1 imports tools"),
        ("engine/app", "from ..handlers import console", "other side of the wire"),
        ("engine/app", "from ..resources import runs", "other side of the wire"),
        ("engine/lifecycle", "from time import monotonic", "imports time, and does no I/O"),
        ("streaming/sse", "import asyncio.events", "imports asyncio, and does no I/O"),
        ("shed/tools", "", "shed/tools has no place"),
    ],
)
def test_violation(module: str, source: str, says: str) -> None:
    (violation,) = violations(source, module)
    assert says in violation


def test_every_room_is_drawn_once() -> None:
    assert len(LAYERS) == sum(len(line.split(" · ")) for line in block("layers"))


def test_paths_without_io_are_in_known_rooms() -> None:
    assert {Path(path).parts[0] for path in NO_IO} <= LAYERS.keys()
