"""CONTRACT section 4, E24: a burst that is already buffered does not keep the event loop to itself."""

from __future__ import annotations

import time
from itertools import groupby

import anyio
import anyio.lowlevel
import pytest

from assistream import AsyncClient
from assistream.types import AssistantStreamEvent

from ..frames import DM, DONE, MC, RC, RD
from ..recording import AsyncTracer, async_play, async_streaming
from ..wire import Wire, stream

pytestmark = pytest.mark.anyio

BURST = [RC(), MC(), *(DM("msg_1", "x") for _ in range(100)), RD(), DONE]


# A turn at least every 10 ms is every six events of 2 ms at the latest; and trio, which shuffles what is ready to run,
# may give one task the last turn of a round and the first of the next.
LONGEST = 20


def longest(order: list[str]) -> int:
    """The most events the stream had in a row."""
    return max(len(list(turn)) for who, turn in groupby(order) if who == "stream")


class Works(AsyncTracer):
    """Each event costs two milliseconds of the loop's time, by the clock the promise is made in."""

    def __init__(self, name: str, order: list[str]) -> None:
        super().__init__()
        self.name, self.order = name, order

    async def on_event(self, event: AssistantStreamEvent) -> None:
        self.order.append(self.name)
        until = time.perf_counter() + 0.002
        while time.perf_counter() < until:
            pass


async def test_e24_another_task_runs_during_a_burst(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"".join(BURST)))
    order: list[str] = []

    async def tick() -> None:
        while order.count("stream") < 100:
            order.append("tick")
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tick)
        await async_play(async_client, Works("stream", order))
    assert longest(order) <= LONGEST


async def test_e24_streams_take_turns(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"".join(BURST)), times=3)
    order: list[str] = []
    begun: set[str] = set()
    all_have_begun = anyio.Event()

    class Waits(Works):
        """Works when all have their answer; a connection may be slow to come."""

        async def on_event(self, event: AssistantStreamEvent) -> None:
            begun.add(self.name)
            if len(begun) == 3:
                all_have_begun.set()
            await all_have_begun.wait()
            await super().on_event(event)

    async with anyio.create_task_group() as tasks:
        for name in "abc":
            tasks.start_soon(async_play, async_client, Waits(name, order))
    firsts = [order.index(name) for name in "abc"]
    lasts = [len(order) - order[::-1].index(name) for name in "abc"]
    assert max(firsts) < min(lasts) / 2


async def test_e24_plain_iteration_takes_turns_too(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"".join(BURST)))
    order: list[str] = []
    async with anyio.create_task_group() as tasks:

        async def tick() -> None:
            while True:
                order.append("tick")
                await anyio.lowlevel.checkpoint()

        tasks.start_soon(tick)
        async for _ in await async_client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True):
            order.append("stream")
            time.sleep(0.002)  # noqa: ASYNC251 -- the point: a body that keeps the loop busy
        tasks.cancel_scope.cancel()
    assert longest(order) <= LONGEST


async def test_e24_a_handler_that_is_quick_pays_nothing(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"".join(BURST)))
    async with async_streaming(async_client, AsyncTracer()) as target:
        assert len([event async for event in target]) == 103
