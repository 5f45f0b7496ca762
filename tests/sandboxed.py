"""Kernels for tests, where this machine has a sandbox. Where it has none they skip and say why; on CI they fail."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import cache
from typing import Any, TypeAlias

import pytest

from assistream.engine.interpreter.bubblewrap import Recipe
from assistream.engine.interpreter.kernel import Image, Kernel, Logs
from assistream.engine.interpreter.limits import CodeInterpreter
from assistream.engine.interpreter.sandbox import Broken, Sandbox
from assistream.errors import ConfigurationError

Opened: TypeAlias = Callable[..., Awaitable[Kernel]]


@cache
def _missing() -> str:
    async def tried() -> None:
        sandbox = await Sandbox.open(Recipe.on_this_machine(CodeInterpreter()))
        sandbox.close()
        await sandbox.over.wait()

    try:
        asyncio.run(tried())
    except (ConfigurationError, Broken) as error:
        return str(error)
    return ""


@pytest.fixture
def sandbox() -> None:
    """Skips the test where there is none."""
    if reason := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


async def outputs(kernel: Kernel, code: str) -> list[Logs | Image]:
    with kernel.running(code) as call:
        return [output async for output in call]


async def said(kernel: Kernel, code: str) -> str:
    """The text alone."""
    return "".join(output.text for output in await outputs(kernel, code) if isinstance(output, Logs))


async def gone(kernel: Kernel) -> None:
    """Closes it, and returns when nothing of it runs."""
    kernel.close()
    await kernel.settled()
    await kernel.sandbox.over.wait()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def opened(anyio_backend: str, sandbox: None) -> AsyncIterator[Opened]:
    """``await opened(seconds=2)``: a kernel with such limits, until the end of the test."""
    async with AsyncExitStack() as stack:

        async def open_one(**limits: Any) -> Kernel:
            kernel = await Kernel.open(Recipe.on_this_machine(CodeInterpreter(**limits)))
            stack.push_async_callback(gone, kernel)
            return kernel

        yield open_one


@pytest.fixture
async def kernel(opened: Opened) -> Kernel:
    return await opened(seconds=30)
