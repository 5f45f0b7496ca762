"""What stops a program while a lost stream is being opened again."""

from __future__ import annotations

import threading

import anyio
import pytest

from assistream import AsyncClient, Client, StreamTruncatedError

from ...frames import RC, run
from ...recording import Tracer, async_play, async_streaming, streaming
from ...wire import Step, Wire, answer, async_until, hang, head, pause, reset, script, stream, until
from ..test_cancellation import Tidy

HEADERS = {"assistream-resume": "/rest"}
FIRST = b"id: 1\n" + RC()


@pytest.mark.anyio
async def test_cancelled_while_it_waits_for_the_answer(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(FIRST, then=reset(), headers=HEADERS))
    server.add(hang(), method="GET")
    handler = Tidy()
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(async_play, async_client, handler)
            await async_until(lambda: len(server.requests) == 2)
            scope.cancel()
    assert scope.cancelled_caught
    assert handler.log[-3:] == ["stream_cancelled", "ending", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_cancelled_while_it_waits_for_its_time(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"retry: 60000\n" + FIRST, then=reset(), headers=HEADERS))
    handler = Tidy()
    with anyio.move_on_after(1) as scope:
        await async_play(async_client, handler)
    assert scope.cancelled_caught
    assert handler.log[-3:] == ["stream_cancelled", "ending", "end"]
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_closed_by_another_task_meanwhile(server: Wire, async_client: AsyncClient) -> None:
    go = threading.Event()
    server.add(stream(FIRST, then=reset(), headers=HEADERS))
    server.add(_held(go), method="GET")
    runs = async_client.beta.threads.runs
    seen: list[str] = []
    stream_ = await runs.create("thread_1", assistant_id="asst_1", stream=True)

    async def read() -> None:
        seen.extend([event.event async for event in stream_])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        await async_until(lambda: len(server.requests) == 2)
        await stream_.close()
        go.set()
    assert seen in ([], ["thread.run.created"])
    await async_until(lambda: not server.open)


def test_closed_by_another_thread_meanwhile(server: Wire, client: Client) -> None:
    go = threading.Event()
    server.add(stream(FIRST, then=reset(), headers=HEADERS))
    server.add(_held(go), method="GET")
    handler = Tracer()
    with streaming(client, handler) as target:
        reader = threading.Thread(target=target.until_done)
        reader.start()
        until(lambda: len(server.requests) == 2)
        target.close()
        go.set()
        reader.join()
    assert handler.log[-1] == "end"
    assert not [line for line in handler.log if line.startswith("exception")]
    until(lambda: not server.open)


@pytest.mark.parametrize("how", ["close", "interrupt"])
def test_nothing_is_opened_for_who_has_left_meanwhile(server: Wire, client: Client, how: str) -> None:
    server.add(stream(b"retry: 60000\n" + FIRST, then=reset(), headers=HEADERS))
    runs = client.beta.threads.runs
    seen: list[object] = []
    with runs.create("thread_1", assistant_id="asst_1", stream=True) as events:

        def read() -> None:
            try:
                seen.extend(event.event for event in events)
            except StreamTruncatedError as error:
                seen.append(type(error))

        reader = threading.Thread(target=read)
        reader.start()
        until(lambda: events._rest is not None and events._body._closed)  # it waits for its time
        getattr(events, how)()
        reader.join()
    assert seen == (["thread.run.created"] if how == "close" else ["thread.run.created", StreamTruncatedError])
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_a_run_that_is_cancelled_meanwhile(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(b"retry: 60000\n" + FIRST, then=reset(), headers=HEADERS))
    server.add(answer(run("cancelled")), method="POST")
    handler = Tidy()
    async with async_streaming(async_client, handler) as target, anyio.create_task_group() as tasks:
        await target.__anext__()
        tasks.start_soon(target.until_done)
        await anyio.sleep(0.1)
        target.cancel()
    assert handler.log[-1] == "end"
    assert [request.method for request in server.requests] == ["POST", "POST"]
    assert server.requests[-1].path.endswith("/cancel")


def test_an_answer_that_comes_when_nobody_wants_it_any_more(server: Wire, client: Client) -> None:
    go = threading.Event()
    server.add(stream(FIRST, then=reset(), headers=HEADERS))
    server.add(_held(go), method="GET")
    seen: list[object] = []
    with client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True) as events:

        def read() -> None:
            try:
                seen.extend(event.event for event in events)
            except StreamTruncatedError as error:
                seen.append(type(error))

        reader = threading.Thread(target=read)
        reader.start()
        until(lambda: len(server.requests) == 2)
        events.interrupt()
        go.set()
        reader.join()
    assert seen == ["thread.run.created", StreamTruncatedError]
    until(lambda: not server.open)


def _held(go: threading.Event) -> Step:
    """An answer that comes late, and then says nothing."""
    return script(pause(go), head(), hang())
