from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from assistream.cli.main import main

KIT = '''
import asyncio
import time

from assistream import ToolContext, function_tool
from assistream.engine import as_model
from assistream.engine.models import Finish, TextDelta


async def echo(request):
    """Repeats the last message; never ends if that is a request to count, and fails if it is to fail."""
    text = request.messages[-1].text
    if "count" in text:
        yield TextDelta("one ")
        await asyncio.sleep(3600)
    if "fail" in text:
        raise RuntimeError("asked to")
    first = request.messages[0]
    told = None if first.role == "user" else first.text
    yield TextDelta(f"heard {text!r} from {request.model}, told {told}")
    yield Finish("stop")


async def shout(request):
    return request.messages[-1].text.upper()


class Shouting:
    def generate(self, request):
        return as_model(shout).generate(request)


def get_weather(city: str) -> str:
    """Today's weather in a city."""
    return f"rain in {city}"


@function_tool(needs_approval=True)
def refund(order: str) -> str:
    """Refund an order."""
    return f"refunded {order}"


def sleep(ctx: ToolContext, seconds: int) -> str:
    """Sleep for some seconds."""
    ctx.progress("zzz")
    time.sleep(3600)


@function_tool(timeout=5, description="Add two numbers.")
async def add(a: int, b: int) -> int:
    await asyncio.sleep(0)
    return a + b


class Adding:
    async def method(self, a: int) -> int:
        return a + 1


adding = Adding().method
number = 1
'''


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of the test's own, with models and functions in it, and no settings in the environment."""
    for name in [name for name in os.environ if name.startswith(("ASSISTREAM_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "kit.py").write_text(KIT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    yield tmp_path
    sys.modules.pop("kit", None)


@dataclass
class Outcome:
    """What came of a command."""

    code: int
    out: str
    err: str


Command: TypeAlias = Callable[..., Outcome]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Carries out a command line in this process, between pipes; `stdin` is what comes through the first."""

    def carry_out(*arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(arguments)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return carry_out


def said(outcome: Outcome) -> str:
    """What a command that worked wrote."""
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def complaint(outcome: Outcome, code: int = 2) -> str:
    """The one line on stderr of a command that did not work."""
    assert (outcome.code, outcome.err.count("\n"), outcome.err[-1:]) == (code, 1, "\n"), outcome
    return outcome.err
