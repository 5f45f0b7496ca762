"""How long a model's code takes to begin: the first call of a thread, which starts a kernel, and a further one."""

from __future__ import annotations

import asyncio
import statistics
import time

from assistream.engine.interpreter.bubblewrap import Recipe
from assistream.engine.interpreter.kernel import Kernel
from assistream.engine.interpreter.limits import CodeInterpreter
from assistream.engine.interpreter.watch import usage
from assistream.errors import ConfigurationError

ROUNDS = 10


async def measure() -> None:
    recipe = Recipe.on_this_machine(CodeInterpreter())
    opened, first, further, memory = list[float](), list[float](), list[float](), list[int]()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        kernel = await Kernel.open(recipe)
        opened.append(time.perf_counter() - began)
        first.append(await _call(kernel))
        further += [await _call(kernel) for _ in range(ROUNDS)]
        memory.append(usage(kernel.sandbox.root, ()).memory)
        kernel.close()
        await kernel.sandbox.over.wait()
    print(f"a kernel is ready after   {statistics.median(opened) * 1000:7.0f} ms")
    print(f"first call on it          {statistics.median(first) * 1000:7.1f} ms")
    print(f"a further call            {statistics.median(further) * 1000:7.1f} ms")
    print(f"memory of an idle kernel  {statistics.median(memory) / 2**20:7.0f} MiB")


async def _call(kernel: Kernel) -> float:
    began = time.perf_counter()
    with kernel.running("6 * 7") as call:
        assert [getattr(output, "text", None) async for output in call] == ["42"]
    return time.perf_counter() - began


if __name__ == "__main__":
    try:
        asyncio.run(measure())
    except ConfigurationError as error:
        print(error)
