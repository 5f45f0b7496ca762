"""What only one colour can do to a body: cancel a read, or shut it down from another thread."""

from __future__ import annotations

import gc
import socket
import threading
import time

import anyio
import httpx
import pytest

from assistream.errors import APIConnectionError, APIResponseValidationError
from assistream.transport._async import AsyncBody, AsyncTransport
from assistream.transport._sync import Transport
from assistream.transport.call import get, post
from assistream.transport.settings import Settings
from assistream.types import Thread

from ..wire import Wire, answer, async_until, end, hang, head, send, until

GET = get("/threads/thread_1", Thread, {})


@pytest.mark.anyio
@pytest.mark.parametrize("shielded_close", [True, False])
async def test_a_cancelled_read_leaves_a_body_that_can_be_closed(
    server: Wire, async_transport: AsyncTransport, shielded_close: bool
) -> None:
    server.add(head(), send(b"one"), hang())
    body = await async_transport.open(GET)
    with anyio.move_on_after(0.01) as scope:
        try:
            while True:
                await body.read()
        finally:
            with anyio.CancelScope(shield=shielded_close):
                await body.close()
    assert scope.cancelled_caught
    assert await body.read() == b""
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_a_request_that_is_cancelled_while_it_is_sent_leaves_nothing_to_the_garbage_collector() -> None:
    call = post("/threads", Thread, {"metadata": {"much": "x" * (16 << 20)}})
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        transport = AsyncTransport(Settings(base_url=f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", api_key="test"))
        async with anyio.create_task_group() as group:
            group.start_soon(transport.send, call)
            await anyio.wait_readable(deaf)
            with deaf.accept()[0] as connection:
                await anyio.wait_readable(connection)
                connection.recv(1 << 16)
                await anyio.wait_readable(connection)  # it has begun with the body, of which nobody reads more
                group.cancel_scope.cancel()
        await transport.aclose()
    gc.collect()


@pytest.mark.anyio
async def test_close_works_in_a_cancelled_scope(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(head(), send(b"one"), hang())
    body = await async_transport.open(GET)
    assert await body.read() == b"one"
    with anyio.CancelScope() as scope:
        scope.cancel()
        await body.close()
    assert body.response.is_closed
    await async_until(lambda: not server.open)


@pytest.mark.anyio
async def test_another_task_closes_a_body_that_is_being_read(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(head(), send(b"one"), hang())
    body = await async_transport.open(GET)
    chunks: list[bytes] = []

    async def read() -> None:
        while chunk := await body.read():
            chunks.append(chunk)

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        await async_until(lambda: chunks)
        await anyio.lowlevel.checkpoint()
        await body.close()
    assert chunks == [b"one"]
    await async_until(lambda: not server.open)


def test_another_thread_closes_a_body_that_is_being_read(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.open(GET)
    chunks: list[bytes] = []

    def read() -> None:
        while chunk := body.read():
            chunks.append(chunk)

    thread = threading.Thread(target=read)
    thread.start()
    until(lambda: chunks and body._reading)
    body.close()
    thread.join()
    assert chunks == [b"one"]
    until(lambda: not server.open)


def test_another_thread_interrupts_a_read(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.open(GET)
    assert body.read() == b"one"
    timer = threading.Timer(0.01, body.interrupt)
    timer.start()
    with pytest.raises(APIConnectionError):
        body.read()
    timer.join()
    body.close()


@pytest.mark.anyio
async def test_a_task_can_be_interrupted_too(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(head(), send(b"one"), hang())
    body: AsyncBody = await async_transport.open(GET)
    assert await body.read() == b"one"
    body.interrupt()
    with pytest.raises(APIConnectionError):
        await body.read()
    await body.close()


def test_nothing_is_interrupted_after_the_end(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), end(), times=2)
    for _ in range(2):
        body = transport.open(GET)
        while body.read():
            pass
        body.interrupt()
        body.close()
    assert len(server.connections) == 1


def test_a_body_that_cannot_be_decoded(server: Wire, transport: Transport) -> None:
    # On trio, httpx itself leaves generators behind here, and trio complains; streams ask for no encoding.
    server.add(head(headers={"content-encoding": "gzip"}), send(b"not gzip"), end())
    body = transport.open(GET)
    with pytest.raises(APIResponseValidationError, match="not gzip") as raised:
        body.read()
    assert isinstance(raised.value.__cause__, httpx.DecodingError)
    body.close()


def test_an_answer_that_cannot_be_decoded_is_asked_for_once(server: Wire, transport: Transport) -> None:
    for status in (200, 500):
        server.add(answer(b"not gzip", status, headers={"content-encoding": "gzip"}), times=9)
    with pytest.raises(APIResponseValidationError, match="not gzip"):
        transport.send(GET)
    body = transport.open(GET)
    with pytest.raises(APIResponseValidationError, match="not gzip"):
        body.whole()
    body.close()
    assert len(server.requests) == 2
    until(lambda: not server.open)


def test_closing_the_transport_wakes_who_reads(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.with_settings(transport.settings).open(GET)
    assert body.read() == b"one"
    raised: list[BaseException] = []

    def read() -> None:
        try:
            body.read()
        except APIConnectionError as error:
            raised.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.05)  # until it reads; if it does not yet, it is cut off all the same
    transport.close()
    reader.join(5)
    assert not reader.is_alive()
    body.close()


def test_a_client_that_is_forgotten_closes_itself(server: Wire) -> None:
    server.add(answer({}))
    transport = Transport(Settings(server.url))
    transport.send(GET)
    del transport
    gc.collect()  # a connection left open would be a ResourceWarning, and that an error
    until(lambda: not server.open)
