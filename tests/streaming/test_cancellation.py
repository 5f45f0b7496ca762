"""CONTRACT section 4, E6: what stops a program from outside is never swallowed, and on_end still runs. And E16."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import anyio
import pytest

from assistream import AsyncClient, Client, StreamUsageError
from assistream.types import Text, TextDelta

from ..frames import DM, MC, RC
from ..recording import AsyncTracer, Tracer, async_play, async_streaming, play, streaming
from ..wire import Exchange, Step, Wire, async_until, hang, head, script, send, stream, until

TOLD = ["event thread.run.created", "run_changed queued", "run_created queued"]


class Tidy(AsyncTracer):
    """Its on_end needs the event loop, as one that writes to a database does."""

    async def on_end(self) -> None:
        self.log.append("ending")
        await anyio.sleep(0.01)
        await super().on_end()


@pytest.mark.anyio
async def test_e6_a_cancelled_scope(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tidy()
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(async_play, async_client, handler)
            await async_until(lambda: handler.log == TOLD)
            scope.cancel()
    assert scope.cancelled_caught
    assert handler.log == [*TOLD, "stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_a_scope_that_runs_out_of_time(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tidy()
    with pytest.raises(TimeoutError):
        with anyio.fail_after(30) as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(async_play, async_client, handler)
                await async_until(lambda: handler.log == TOLD)
                scope.deadline = anyio.current_time()
    assert handler.log == [*TOLD, "stream_cancelled", "ending", "end"]
    assert "timeout" not in handler.log
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_cancelled_while_opening(server: Wire, async_client: AsyncClient) -> None:
    server.add(hang())
    handler = Tidy()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(async_play, async_client, handler)
        await async_until(lambda: server.requests)
        tasks.cancel_scope.cancel()
    assert handler.log == ["stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_cancelled_while_reading_an_http_error(server: Wire, async_client: AsyncClient) -> None:
    server.add(head(500), send(b'{"error": '), hang())
    handler = Tidy()
    with anyio.move_on_after(0.2) as scope:
        await async_play(async_client, handler)
    assert scope.cancelled_caught
    assert handler.log == ["stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


class Waits(Tidy):
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.log.append("waiting")
        await anyio.sleep_forever()


@pytest.mark.anyio
async def test_e6_cancelled_inside_a_hook(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=hang()))
    handler = Waits()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(async_play, async_client, handler)
        await async_until(lambda: "waiting" in handler.log)
        tasks.cancel_scope.cancel()
    assert handler.log[-3:] == ["stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_cancelled_in_the_body(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tidy()
    with anyio.CancelScope() as scope:
        async with async_streaming(async_client, handler) as target:
            await target.__anext__()
            scope.cancel()
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert handler.log == [*TOLD, "stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_an_on_end_that_never_returns_does_not_hold_the_program(
    server: Wire, async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(AsyncTracer):
        async def on_end(self) -> None:
            await super().on_end()
            await anyio.sleep_forever()

    monkeypatch.setattr("assistream.streaming._async.LAST_HOOKS_SECONDS", 0.05)
    server.add(stream(RC(), then=hang()))
    handler = Endless()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(async_play, async_client, handler)
        await async_until(lambda: handler.log == TOLD)
        tasks.cancel_scope.cancel()
    assert handler.log[-1] == "end"
    await async_until(lambda: not server.open)


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
@pytest.mark.anyio
async def test_e6_a_cancelled_task(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tidy()
    task = asyncio.create_task(async_play(async_client, handler))
    await async_until(lambda: handler.log == TOLD)
    task.cancel("mine")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert handler.log == [*TOLD, "stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
@pytest.mark.anyio
async def test_e6_wait_for(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tidy()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(async_play(async_client, handler), 1)
    assert handler.log == [*TOLD, "stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_e6_a_bare_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    with anyio.move_on_after(0.2) as scope:
        async for _ in await async_client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True):
            pass
    assert scope.cancelled_caught
    await async_until(lambda: not server.open)


@contextmanager
def interruptible() -> Generator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ctrl_c(when: Callable[[], object]) -> Step:
    """What Ctrl-C does to the main thread, which by then waits for the next bytes."""

    def step(exchange: Exchange) -> None:
        until(when)
        exchange.closing.wait(0.05)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    return step


def test_e6_ctrl_c_while_reading(server: Wire, client: Client) -> None:
    handler = Tracer()
    server.add(stream(RC(), then=script(ctrl_c(lambda: handler.log == TOLD), hang())))
    with interruptible(), pytest.raises(KeyboardInterrupt):
        play(client, handler)
    assert handler.log == [*TOLD, "stream_cancelled", "end"]
    until(lambda: not server.open)


def test_e6_ctrl_c_while_opening(server: Wire, client: Client) -> None:
    server.add(ctrl_c(lambda: server.requests), hang())
    handler = Tracer()
    with interruptible(), pytest.raises(KeyboardInterrupt):
        play(client, handler)
    assert handler.log == ["stream_cancelled", "end"]
    until(lambda: not server.open)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_e6_inside_a_hook(server: Wire, client: Client, kind: type[BaseException]) -> None:
    class Stops(Tracer):
        def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise kind

    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=hang()))
    handler = Stops()
    with pytest.raises(kind):
        play(client, handler)
    assert handler.log[-1] == "end"
    assert not [line for line in handler.log if "exception" in line]
    until(lambda: not server.open)


def test_e6_in_the_body(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tracer()
    with pytest.raises(KeyboardInterrupt), streaming(client, handler):
        raise KeyboardInterrupt
    assert handler.log[-1] == "end"
    assert handler.log.count("end") == 1
    until(lambda: not server.open)


def test_e6_an_on_end_that_raises_does_not_hide_it(server: Wire, client: Client) -> None:
    class BadEnd(Tracer):
        def on_end(self) -> Any:
            raise LookupError("mine")

    server.add(stream(RC(), then=hang()))
    with pytest.raises(KeyboardInterrupt), streaming(client, BadEnd()):
        raise KeyboardInterrupt
    until(lambda: not server.open)


@pytest.mark.anyio
async def test_two_tasks_cannot_read_one_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    async with async_streaming(async_client, AsyncTracer()) as handler:
        await handler.__anext__()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(handler.until_done)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(StreamUsageError, match="at once"):
                await handler.__anext__()
            assert "end" not in handler.log
            await handler.close()
    assert handler.log[-1] == "end"


@pytest.mark.anyio
async def test_e16_closed_by_another_task(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = AsyncTracer()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(async_play, async_client, handler)
        await async_until(lambda: handler.log == TOLD)
        await handler.close()
    assert handler.log == [*TOLD, "end"]
    await async_until(lambda: not server.open)


def test_e16_closed_by_another_thread(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tracer()
    thread = threading.Thread(target=play, args=(client, handler))
    thread.start()
    until(lambda: handler.log == TOLD)
    handler.close()
    thread.join()
    assert handler.log == [*TOLD, "end"]
    until(lambda: not server.open)
