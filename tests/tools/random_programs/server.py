"""The server of all programs, and their functions, both colours side by side."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

import anyio

from assistream import ToolContext, ToolError, function_tool
from assistream.engine import Engine, Scripted, calls, fails, says
from assistream.engine.models import ModelRequest, Turn

from .drawn import Boom, Drawn, Interrupt

PATIENCE: Final = 10.0
"""Seconds after which a function that should have been given up ends nevertheless, as a failure."""


def _perform(ctx: ToolContext, does: str) -> object:
    match does:
        case "progresses":
            for number in range(3):
                ctx.progress(f"{number}")
        case "tells":
            raise ToolError("It is not so.")
        case "fails":
            raise Boom("in a function")
        case "is no JSON":
            return object()
        case "interrupts":
            raise Interrupt
        case "stops iteration":
            raise StopIteration
        case _:
            pass
    return f"{ctx.call.id} {does}"


def _takes_time(ctx: ToolContext, does: str) -> str:
    until = time.monotonic() + (0.01 if does == "takes time" else 0.0 if does != "never ends" else PATIENCE)
    while not ctx.cancelled and time.monotonic() < until:
        time.sleep(0.001)
    return does


async def _async_takes_time(ctx: ToolContext, does: str) -> None:
    await anyio.sleep(0.01 if does == "takes time" else 0.0 if does != "never ends" else PATIENCE)


def plain(ctx: ToolContext, does: str, allowed: bool | str | None) -> object:
    _takes_time(ctx, does)
    return _perform(ctx, does)


async def async_task(ctx: ToolContext, does: str, allowed: bool | str | None) -> object:
    await _async_takes_time(ctx, does)
    try:
        return _perform(ctx, does)
    except StopIteration:  # a coroutine cannot raise it
        raise StopAsyncIteration from None


HURRY: Final = 0.02
ELSEWHERE: Final = {"type": "function", "function": {"name": "elsewhere", "parameters": {"type": "object"}}}


def functions() -> list[Any]:
    hurry = function_tool(plain, name="hurry", timeout=HURRY)
    return [plain, function_tool(plain, name="task"), hurry, function_tool(plain, name="pay", needs_approval=True)]


def async_functions() -> list[Any]:
    hurry = function_tool(async_task, name="hurry", timeout=HURRY)
    task, pay = function_tool(async_task, name="task"), function_tool(async_task, name="pay", needs_approval=True)
    return [plain, task, hurry, pay]


def elsewhere() -> str:
    return "here after all"


class Server:
    """One engine for all programs; each has its own turns, found by what its user says."""

    def __init__(self) -> None:
        self._turns: dict[str, deque[Turn]] = {}
        self._names = map(str, itertools.count())
        self._engine = Engine(model=Scripted(self._turn))

    def _turn(self, request: ModelRequest) -> Turn:
        (*_, name) = (message.text for message in request.messages if message.role == "user")
        return self._turns[name].popleft() if name in self._turns else says("It is free.")

    def learn(self, drawn: Drawn) -> str:
        """Its turns, under a new name."""
        name = next(self._names)
        turns = [calls(*((call.tool, call.arguments) for call in turn)) for turn in drawn.turns]
        self._turns[name] = deque([*turns, says("Done.") + fails() if drawn.fails else says("Done.")])
        return name

    @contextmanager
    def running(self) -> Generator[str]:
        with self._engine:
            yield self._engine.base_url
