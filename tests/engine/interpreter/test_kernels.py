from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from assistream.engine.interpreter.bubblewrap import Recipe
from assistream.engine.interpreter.kernel import Kernel
from assistream.engine.interpreter.kernels import Kernels
from assistream.engine.interpreter.limits import CodeInterpreter
from tests.sandboxed import said

pytestmark = pytest.mark.anyio


class Pool:
    def __init__(self, kernels: Kernels) -> None:
        self.kernels = kernels
        self.made: list[Kernel] = []

    async def _made(self, kernel: Kernel) -> None:
        self.made.append(kernel)

    async def said(self, thread: str, code: str) -> str:
        async with self.kernels.kernel(thread, self._made) as kernel:
            return await said(kernel, code)


@pytest.fixture
async def stack(anyio_backend: str, sandbox: None) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def pool(stack: AsyncExitStack, **limits: Any) -> Pool:
    kernels = Kernels(Recipe.on_this_machine(CodeInterpreter(**limits)))
    stack.push_async_callback(kernels.close)
    return Pool(kernels)


async def test_a_thread_keeps_its_own(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    await threads.said("one", "x = 1")
    assert "NameError" in await threads.said("two", "x")
    assert await threads.said("one", "x") == "1"
    assert len(threads.made) == 2


async def test_one_that_died_is_replaced(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    assert "ended" in await threads.said("one", "import os; os._exit(1)")
    assert await threads.said("one", "1") == "1"
    assert len(threads.made) == 2


async def test_one_that_dies_while_idle_is_replaced(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    await threads.said("one", "1")
    threads.made[0].sandbox.kill()
    await threads.made[0].sandbox.over.wait()
    assert await threads.said("one", "1") in (
        "1",
        "[The Python process has ended. The next call gets a new one, without the variables of this one.]",
    )
    assert await threads.said("one", "1") == "1"


async def test_the_longest_idle_one_makes_room(stack: AsyncExitStack) -> None:
    threads = pool(stack, kernels=2)
    for thread in ("one", "two", "one", "three"):
        await threads.said(thread, "x = 1")
    assert len(threads.made) == 3
    assert [kernel.sandbox.over.is_set() for kernel in threads.made] == [False, True, False]
    assert await threads.said("one", "x") == "1"


async def test_who_finds_none_idle_waits(stack: AsyncExitStack) -> None:
    threads = pool(stack, kernels=1)
    one, two = await asyncio.gather(threads.said("one", "import time; time.sleep(0.3); 1"), threads.said("two", "2"))
    assert (one, two) == ("1", "2")
    assert len(threads.made) == 2


async def test_calls_of_one_thread_follow_each_other(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    told = await asyncio.gather(*(threads.said("one", "n = globals().get('n', 0) + 1; n") for _ in range(3)))
    assert sorted(told) == ["1", "2", "3"]
    assert len(threads.made) == 1


async def test_one_that_is_idle_for_long_goes(stack: AsyncExitStack) -> None:
    threads = pool(stack, idle_seconds=0.1)
    await threads.said("one", "1")
    await threads.made[0].sandbox.over.wait()
    assert await threads.said("one", "2") == "2"


async def test_one_that_is_forgotten_goes(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    threads.kernels.forget("one")
    await threads.said("one", "x = 1")
    threads.kernels.forget("one")
    await threads.made[0].sandbox.over.wait()
    assert "NameError" in await threads.said("one", "x")


async def test_one_that_is_forgotten_at_work_goes_when_its_call_is_over(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    await threads.said("one", "x = 1")
    task = asyncio.create_task(threads.said("one", "import time; time.sleep(0.5); x"))
    await asyncio.sleep(0.1)
    threads.kernels.forget("one")
    assert await task == "1"
    await threads.made[0].sandbox.over.wait()
    assert "NameError" in await threads.said("one", "x")
    assert await threads.said("one", "x = 2; x") == "2"
    assert len(threads.made) == 2


async def test_who_gives_up_while_waiting_holds_no_place(stack: AsyncExitStack) -> None:
    threads = pool(stack, kernels=1)
    first = asyncio.create_task(threads.said("one", "import time; time.sleep(0.5); 1"))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(threads.said("two", "2"))
    await asyncio.sleep(0.1)
    second.cancel()
    assert await first == "1"
    assert await threads.said("three", "3") == "3"


async def test_who_gives_up_at_work_leaves_a_kernel_that_works(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    await threads.said("one", "x = 1")
    task = asyncio.create_task(threads.said("one", "import time; time.sleep(1000)"))
    await asyncio.sleep(0.3)
    task.cancel()
    assert await threads.said("one", "x") == "1"
    assert len(threads.made) == 1


async def test_a_kernel_that_cannot_be_prepared_is_closed(stack: AsyncExitStack) -> None:
    threads = pool(stack)

    async def fails(kernel: Kernel) -> None:
        threads.made.append(kernel)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        async with threads.kernels.kernel("one", fails):
            pass
    await threads.made[0].sandbox.over.wait()
    assert await threads.said("one", "1") == "1"


async def test_the_first_one_is_ready(stack: AsyncExitStack) -> None:
    threads = pool(stack, kernels=1)
    await threads.kernels.warm()
    assert await threads.said("one", "1") == "1"
    assert await threads.said("two", "2") == "2"
    assert len(threads.made) == 2


async def test_closing_waits_for_one_that_was_given_up(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    task = asyncio.create_task(threads.said("one", "1"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await threads.kernels.close()


async def test_closing_ends_those_at_work(stack: AsyncExitStack) -> None:
    threads = pool(stack)
    task = asyncio.create_task(threads.said("one", "import time; time.sleep(1000)"))
    while not threads.made:  # noqa: ASYNC110 -- a kernel is being made
        await asyncio.sleep(0.05)
    await threads.kernels.close()
    assert "ended" in await task
