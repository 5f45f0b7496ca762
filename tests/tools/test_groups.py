"""Rule 9, async: tools are tasks in a group of the stream's own, of which the program sees nothing."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from assistream import AsyncAssistantEventHandler, AsyncClient, ToolContext, function_tool
from assistream.engine import calls, says
from assistream.tools.workers import AsyncWorkers
from assistream.types import PendingCall

from ..frames import RC, asks, run
from ..recording import async_streaming
from ..wire import Wire, answer, async_until, hang, pause, script, send, stream
from .programs import LOOK, AsyncHooks, AsyncProgram

pytestmark = pytest.mark.anyio


async def look() -> int:
    return 42


class Slow:
    """A tool that runs until it is cancelled."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.tool: Any = function_tool(self._slow, name="slow")

    async def _slow(self) -> str:
        self.log.append("begun")
        try:
            await anyio.sleep_forever()
        finally:
            self.log.append("stopped")
        return ""


@asynccontextmanager
async def slowly(handler: AsyncAssistantEventHandler) -> AsyncGenerator[tuple[AsyncProgram, Slow, Any]]:
    slow = Slow()
    async with AsyncProgram([calls(slow={}), says("Done.")]) as program:
        yield program, slow, program.stream(handler, tools=[slow.tool])


async def test_rule_9_tools_run_side_by_side() -> None:
    met = anyio.Event()

    async def first() -> str:
        await met.wait()
        return "first"

    async def second() -> str:
        met.set()
        return "second"

    async with AsyncProgram([calls(first={}, second={}), says("Done.")]) as program:
        async with program.stream(tools=[first, second]) as stream:
            await stream.until_done()
        assert program.told == [["first", "second"]]


async def test_rule_9_plain_functions_run_in_threads() -> None:
    met = threading.Barrier(2, timeout=5)
    places: list[int] = []

    def first() -> None:
        met.wait()
        places.append(threading.get_ident())

    async def second() -> None:
        await anyio.to_thread.run_sync(met.wait)
        places.append(threading.get_ident())

    async with AsyncProgram([calls(first={}, second={}), says("Done.")]) as program:
        async with program.stream(tools=[first, second]) as stream:
            await stream.until_done()
        assert program.told == [["null", "null"]]
    assert threading.get_ident() in places
    assert len(set(places)) == 2


async def test_rule_9_a_plain_function_that_returns_something_to_await() -> None:
    async def later() -> int:
        return 7

    def now() -> Any:
        return later()

    async with AsyncProgram([calls(now={}), says("Done.")]) as program:
        async with program.stream(tools=[now]) as stream:
            await stream.until_done()
        assert program.told == [["7"]]


async def test_rule_9_without_functions_there_is_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(self: AsyncWorkers) -> None:
        raise AssertionError

    monkeypatch.setattr(AsyncWorkers, "enter", never)
    async with AsyncProgram([says("Done."), calls(look={})], declared=[LOOK]) as program:
        for _ in range(2):
            async with program.stream() as stream:
                await stream.until_done()
        with pytest.raises(AssertionError):
            async with program.stream(functions=[look]):
                pass


async def test_rule_9_a_tool_begins_when_its_event_was_taken() -> None:
    begun: list[str] = []

    async def first() -> None:
        begun.append("first")

    async def second() -> None:
        begun.append("second")

    async with AsyncProgram([calls(first={}, second={}), says("Done.")]) as program:
        async with program.stream(tools=[first, second]) as stream:
            async for event in stream:
                if event.event == "tool.started":
                    await anyio.sleep(0.02)  # a tool that was let loose would begin now
                    assert event.data.call.name not in begun
    assert sorted(begun) == ["first", "second"]


async def test_rule_9_the_bodys_error_comes_out_as_it_is() -> None:
    handler = AsyncHooks()
    async with slowly(handler) as (program, slow, manager):
        error = LookupError("mine")
        with pytest.raises(LookupError) as raised:
            async with manager as stream, anyio.create_task_group() as group:
                group.start_soon(_read, stream)
                await async_until(lambda: slow.log)
                group.cancel_scope.cancel()
            raise error
        assert raised.value is error
        assert slow.log == ["begun", "stopped"]
        assert (await program.run()).status == "cancelled"


async def _read(stream: AsyncAssistantEventHandler) -> None:
    await stream.until_done()


async def test_rule_9_outer_cancellation_is_intact() -> None:
    handler = AsyncHooks()
    async with slowly(handler) as (program, slow, manager):
        with anyio.CancelScope() as scope:
            async with manager as stream:
                async for event in stream:
                    if event.event == "tool.started":
                        scope.deadline = anyio.current_time() + 0.05
            raise AssertionError("not cancelled")
        assert scope.cancelled_caught
        assert slow.log == ["begun", "stopped"]
        assert handler.log[-1] == "end"
        assert (await program.run()).status == "cancelled"
        await anyio.lowlevel.checkpoint()  # and nothing of it lingers


@pytest.mark.parametrize("late", ["answer", "event"])
async def test_rule_8_cancelled_before_the_run_is_known(server: Wire, async_client: AsyncClient, late: str) -> None:
    """The request was sent, so there is a run; it is stopped when its name is known, which is waited for."""
    says = stream(RC(), then=hang())
    later = stream(b": soon\n\n", then=script(pause(0.1), send(RC()), hang()))
    server.add(script(pause(0.1), says) if late == "answer" else later)
    server.add(answer(run("cancelled")), path="/threads/thread_1/runs/run_1/cancel")
    handler = AsyncHooks()
    with anyio.move_on_after(0.05) as scope:
        async with async_streaming(async_client, handler, functions=[look]):
            await handler.until_done()
    assert scope.cancelled_caught
    assert server.requests[-1].path == "/threads/thread_1/runs/run_1/cancel"
    assert handler.log == ["end"]


async def test_rule_8_cancelled_before_the_run_is_known_and_it_fails(server: Wire, async_client: AsyncClient) -> None:
    server.add(script(pause(0.1), answer({"error": {"message": "No."}}, 400)))
    with anyio.move_on_after(0.05) as scope:
        async with async_streaming(async_client, AsyncHooks(), functions=[look]):
            raise AssertionError
    assert scope.cancelled_caught
    assert len(server.requests) == 1


async def test_rule_8_cancelled_while_outputs_are_sent(server: Wire, async_client: AsyncClient) -> None:
    """They may have arrived, but the run is not wanted any more."""
    server.add(stream(*asks()))
    server.add(hang(), path="/threads/thread_1/runs/run_1/submit_tool_outputs")
    server.add(answer(run("cancelled")), path="/threads/thread_1/runs/run_1/cancel")
    handler = AsyncHooks()
    with anyio.CancelScope() as scope:
        async with async_streaming(async_client, handler, functions=[look]):
            async for event in handler:
                if event.event == "tool.output":
                    scope.deadline = anyio.current_time() + 0.1
    assert scope.cancelled_caught
    assert [request.path.split("/")[-1] for request in server.requests[1:]] == ["submit_tool_outputs", "cancel"]
    assert handler.log[-1] == "end"


async def test_rule_9_move_on_after_around_a_wait_in_the_body() -> None:
    """Giving up on one wait is no reason to cancel what the program does next."""
    handler = AsyncHooks()
    async with slowly(handler) as (_, slow, manager):
        async with manager as stream:
            with anyio.move_on_after(0.3) as scope:
                await stream.until_done()
            assert scope.cancelled_caught
            await anyio.lowlevel.checkpoint()
            with anyio.CancelScope(shield=True):
                await anyio.lowlevel.checkpoint()
        assert slow.log == ["begun", "stopped"]
        assert handler.log[-1] == "end"


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_rule_9_a_cancelled_task() -> None:
    handler = AsyncHooks()
    async with slowly(handler) as (program, slow, manager):

        async def play() -> None:
            async with manager as stream:
                await stream.until_done()

        task = asyncio.create_task(play())
        await async_until(lambda: slow.log)
        task.cancel("mine")
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()
        assert slow.log == ["begun", "stopped"]
        assert (await program.run()).status == "cancelled"


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_rule_9_asyncio_timeouts() -> None:
    handler = AsyncHooks()
    async with slowly(handler) as (program, slow, manager):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                async with manager as stream:
                    await stream.until_done()
        assert slow.log == ["begun", "stopped"]
        assert (await program.run()).status == "cancelled"
        assert not asyncio.current_task().cancelling()  # type: ignore[union-attr]  # there is one


async def test_rule_9_tools_that_fail_together_are_no_group() -> None:
    async def one() -> None:
        raise LookupError("one")

    async def two() -> None:
        raise KeyError("two")

    async with AsyncProgram([calls(one={}, two={})]) as program:
        with pytest.raises((LookupError, KeyError)) as raised:
            async with program.stream(tools=[one, two], errors="raise") as stream:
                await stream.until_done()
        assert not isinstance(raised.value, BaseExceptionGroup)
        assert raised.value.__cause__ is None


async def test_rule_9_a_tool_that_raises_while_it_is_cancelled() -> None:
    async def bad() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            raise LookupError("late")

    async with AsyncProgram([calls(bad={}, look={})]) as program:
        async with program.stream(tools=[bad, look]) as stream:
            async for event in stream:
                if event.event == "tool.output":
                    break
        assert (await program.run()).status == "cancelled"


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_a_tool_that_waited_for_something_cancelled() -> None:
    async def unlucky() -> str:
        task = asyncio.create_task(asyncio.sleep(60))
        task.cancel()
        await task
        return ""

    async with AsyncProgram([calls(unlucky={}), says("Done.")]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[unlucky]) as stream:
            await stream.until_done()
        assert program.told == [["RuntimeError: it waited for something that was cancelled"]]


async def test_progress_of_a_program_that_does_not_read_is_bounded() -> None:
    talked = anyio.Event()

    async def talk(ctx: ToolContext) -> str:
        for number in range(1000):
            ctx.progress(str(number))
        talked.set()
        return "done"

    async with AsyncProgram([calls(talk={}), says("Done.")]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[talk]) as stream:
            await stream.until_done()
        assert talked.is_set()
        heard = [line for line in handler.log if line.startswith("progress")]
        assert len(heard) == 100
        assert heard[-1] == "progress talk 999"


async def test_tools_see_the_context_of_the_program() -> None:
    who = contextvars.ContextVar("who", default="nobody")

    def plain() -> str:
        return who.get()

    async def task() -> str:
        return who.get()

    async with AsyncProgram([calls(plain={}, task={}), says("Done.")]) as program:
        who.set("me")
        async with program.stream(tools=[plain, task]) as stream:
            await stream.until_done()
        assert program.told == [["me", "me"]]


async def test_another_task_closes_the_stream_while_tools_run() -> None:
    handler = AsyncHooks()
    async with slowly(handler) as (program, slow, manager):
        async with manager as stream, anyio.create_task_group() as group:
            group.start_soon(_read, stream)
            await async_until(lambda: slow.log)
            await stream.close()
        assert slow.log == ["begun", "stopped"]
        assert handler.log == ["started slow", "end"]
        assert (await program.run()).status == "cancelled"


async def test_a_stream_that_could_not_be_opened_leaves_its_group() -> None:
    async with AsyncProgram([]) as program:
        program.assistant = "asst_none"
        handler = AsyncHooks()
        for _ in range(2):
            with pytest.raises(Exception, match="asst_none"):
                async with program.stream(handler, tools=[look]):
                    pass
        await anyio.lowlevel.checkpoint()
    assert handler.log == ["exception NotFoundError", "end"] * 2


async def test_a_hook_may_wait_while_tools_run() -> None:
    class Waits(AsyncHooks):
        async def on_tool_output(self, call: PendingCall, output: str) -> None:
            await anyio.sleep(0.01)
            self.log.append(output)

    async with AsyncProgram([calls(("look", {}), ("look", {}), ("look", {})), says("Done.")]) as program:
        handler = Waits()
        async with program.stream(handler, tools=[look]) as stream:
            await stream.until_done()
        assert program.told == [["42"] * 3]
