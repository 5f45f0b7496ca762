"""Every place at which a streamed run can be cancelled, each in its turn, on asyncio and trio.

A run is played once to count how often it is suspended, and then once for each of those places, with a cancellation
exactly there. It always arrives, `on_end` comes once, and what the run has opened is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from assistream import AsyncAssistantEventHandler, AsyncClient, function_tool

from ..frames import ASSISTANT, RUN, THREAD, answers, asks, call, hello, run
from ..wire import Step, Wire, answer, async_until, end, head, pause, send, stream
from ..wire import script as steps

pytestmark = pytest.mark.anyio


class Stepped:
    """An awaitable that counts where another one is suspended, and does something at one of those places."""

    def __init__(self, inner: Awaitable[None], at: int = 0, act: Callable[[], object] = lambda: None) -> None:
        self.inner, self.at, self.act, self.count = inner, at, act, 0

    def __await__(self) -> Generator[Any, Any, None]:
        steps: Any = self.inner.__await__()
        send, value = steps.send, None
        while True:
            try:
                asked = send(value)
            except StopIteration:
                return
            self.count += 1
            if self.count == self.at:
                self.act()
            try:
                send, value = steps.send, (yield asked)
            except BaseException as error:
                send, value = steps.throw, error


class Ends(AsyncAssistantEventHandler):
    """Waits in some hooks, as programs do, and counts the last ones."""

    def __init__(self) -> None:
        self.ends = self.cancelled = self.exceptions = 0

    async def on_text_delta(self, delta: object, snapshot: object) -> None:
        await checkpoint()

    async def on_exception(self, exception: Exception) -> None:
        self.exceptions += 1

    async def on_stream_cancelled(self) -> None:
        assert not self.ends
        self.cancelled += 1
        await checkpoint()

    async def on_end(self) -> None:
        self.ends += 1
        await checkpoint()


@function_tool
async def look() -> str:
    """Looks."""
    await checkpoint()
    return "42"


async def text(client: AsyncClient, handlers: list[Ends]) -> None:
    handlers.append(Ends())
    async with client.beta.threads.runs.stream(THREAD, assistant_id=ASSISTANT, event_handler=handlers[-1]) as events:
        await events.until_done()
        await events.get_final_messages()


async def iterated(client: AsyncClient, handlers: list[Ends]) -> None:
    handlers.append(Ends())
    async with client.beta.threads.runs.stream(THREAD, assistant_id=ASSISTANT, event_handler=handlers[-1]) as events:
        async for _ in events:
            await checkpoint()


async def tools(client: AsyncClient, handlers: list[Ends]) -> None:
    handlers.append(Ends())
    async with client.beta.threads.runs.stream(
        THREAD, assistant_id=ASSISTANT, event_handler=handlers[-1], tools=[look]
    ) as events:
        await events.until_done()


async def bare(client: AsyncClient, handlers: list[Ends]) -> None:
    async with await client.beta.threads.runs.create(THREAD, assistant_id=ASSISTANT, stream=True) as events:
        async for _ in events:
            await checkpoint()


PROGRAMS = {"text": text, "iterated": iterated, "tools": tools, "bare": bare}
RUNS, SUBMIT = f"/threads/{THREAD}/runs", f"/threads/{THREAD}/runs/{RUN}/submit_tool_outputs"
EVERY = 100_000


def told(frames: list[bytes], pace: str) -> Step:
    """All at once, so that one read has many events; or slowly, so that each of them is waited for."""
    if pace == "at once":
        return stream(b"".join(frames))
    return steps(head(), *(step for frame in frames for step in (send(frame), pause(0.001))), end())


def script(server: Wire, program: str, pace: str) -> None:
    """The same answers whenever a request comes, and however often."""
    made = call(arguments="{}")
    first = asks(made) if program == "tools" else hello()
    server.add(told(first, pace), method="POST", path=RUNS, times=EVERY)
    server.add(told(answers(made), pace), method="POST", path=SUBMIT, times=EVERY)
    server.add(answer(run("cancelled")), method="POST", path=f"{RUNS}/{RUN}/cancel", times=EVERY)
    server.add(answer(run("cancelled")), method="GET", path=f"{RUNS}/{RUN}", times=EVERY)


async def play(server: Wire, program: str, at: int, how: str) -> tuple[int, bool, list[Ends]]:
    """How many places there were, whether the cancellation arrived, and the handlers."""
    handlers: list[Ends] = []
    async with AsyncClient(base_url=server.url, api_key="test") as client:
        await client.beta.threads.runs.retrieve(RUN, thread_id=THREAD)  # the connection is there, as mostly
        if how == "task":
            task: asyncio.Task[None]
            stepped = Stepped(PROGRAMS[program](client, handlers), at, lambda: task.cancel())
            task = asyncio.create_task(_awaited(stepped))
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()
            return stepped.count, task.cancelled(), handlers
        scope = anyio.CancelScope()
        stepped = Stepped(PROGRAMS[program](client, handlers), at, scope.cancel)
        with scope:
            await stepped
        return stepped.count, scope.cancelled_caught, handlers


async def _awaited(stepped: Stepped) -> None:
    await stepped


@pytest.mark.parametrize("how", ["scope", "task"])
@pytest.mark.parametrize("pace", ["at once", "slowly"])
@pytest.mark.parametrize("program", PROGRAMS)
async def test_cancelled_at_every_place(anyio_backend: str, program: str, pace: str, how: str) -> None:
    if how == "task" and anyio_backend == "trio":
        return  # it has scopes only
    with Wire() as server:
        script(server, program, pace)
        places, was_cancelled, _ = await play(server, program, 0, how)
        assert places > 5
        assert not was_cancelled
        missed = 0
        for at in range(1, places + 1):
            with anyio.fail_after(20):
                _, was_cancelled, handlers = await play(server, program, at, how)
            missed += not was_cancelled
            for handler in handlers:
                assert handler.exceptions == 0, at
                assert handler.ends == 1, at
                assert handler.cancelled <= 1, at
                assert was_cancelled or not handler.cancelled, at
        assert missed < places
        await async_until(lambda: not server.open)


async def test_places_are_counted_and_reached() -> None:
    reached: list[int] = []

    async def program() -> None:
        for number in range(3):
            await checkpoint()
            reached.append(number)

    stepped = Stepped(program())
    await stepped
    places = stepped.count
    assert places >= 3
    with anyio.CancelScope() as scope:
        await Stepped(program(), 1, scope.cancel)
    assert scope.cancelled_caught
    assert len(reached) < 6
