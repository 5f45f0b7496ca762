"""Bad input: a typed error that says what was seen and where, and a connection that is closed."""

from __future__ import annotations

import pytest

from assistream import AsyncClient, StreamProtocolError

from ..frames import DM, DS, MC, RC, SC, event, function, run, text
from ..recording import AsyncTracer, async_play
from ..wire import Wire, async_until, flood, hang, head, send, stream

pytestmark = pytest.mark.anyio

HUGE_INDEX = 4_294_967_294
BAD = {
    "invalid json": (event("thread.run.in_progress", '{"id": "run_1"'), "run.in_progress"),
    "a brace too many": (event("thread.run.in_progress", '{"id": "run_1"}}'), "run.in_progress"),
    "a list": (event("thread.message.delta", "[1, 2]"), "message.delta"),
    "a number": (event("thread.run.in_progress", "42"), "run.in_progress"),
    "a string": (event("thread.run.in_progress", '"run_1"'), "run.in_progress"),
    "null": (event("thread.run.in_progress", "null"), "run.in_progress"),
    "html": (event("thread.run.in_progress", "<html>"), "run.in_progress"),
    "nested too deeply": (event("thread.run.in_progress", '{"metadata": ' + '{"a":' * 100_000), "run.in_progress"),
    "a run without an id": (event("thread.run.in_progress", {"object": "thread.run"}), "id"),
    "an id that is no string": (event("thread.run.in_progress", run(id=["x"])), "id"),  # type: ignore[arg-type]  # hostile
    "a hostile block index": (DM("msg_1", text("x", HUGE_INDEX)), "4294967294"),
    "a hostile call index": (DS("step_1", function("{", HUGE_INDEX)), "4294967294"),
    "a negative index": (DM("msg_1", text("x", -1)), "-1"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_frame_that_cannot_be(server: Wire, async_client: AsyncClient, kind: str) -> None:
    frame, seen = BAD[kind]
    server.add(stream(RC(), SC(calls=[]), MC(), frame, then=hang()))
    handler = AsyncTracer()
    with pytest.raises(StreamProtocolError) as raised:
        await async_play(async_client, handler)
    assert seen in str(raised.value)
    assert raised.value.frame in (4, None)
    assert handler.log[-2:] == ["exception StreamProtocolError", "end"]
    await async_until(lambda: not server.open)


@pytest.mark.parametrize("kind", ["invalid json", "a list"])
async def test_a_frame_that_cannot_be_in_a_bare_stream(server: Wire, async_client: AsyncClient, kind: str) -> None:
    server.add(stream(RC(), BAD[kind][0], then=hang()))
    events = await async_client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True)
    with pytest.raises(StreamProtocolError, match="frame 2") as raised:
        async for _ in events:
            pass
    assert raised.value.frame == 2
    assert raised.value.offset is not None
    await async_until(lambda: not server.open)


async def test_where_it_was(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), BAD["invalid json"][0], then=hang()))
    with pytest.raises(StreamProtocolError) as raised:
        await async_play(async_client, AsyncTracer())
    assert (raised.value.frame, raised.value.offset) == (2, len(RC() + BAD["invalid json"][0]))
    assert '{"id": "run_1"' in str(raised.value)
    assert "frame 2" in str(raised.value)


@pytest.mark.parametrize("piece", [b"x" * 65536, b"\ndata: " + b"x" * 65530], ids=["one line", "many lines"])
async def test_an_event_without_end(server: Wire, async_client: AsyncClient, piece: bytes) -> None:
    server.add(head(), send(RC() + b"event: thread.message.delta\ndata: "), flood(piece))
    handler = AsyncTracer()
    with pytest.raises(StreamProtocolError) as raised:
        await async_play(async_client, handler)
    assert raised.value.frame == 2
    assert handler.log[-3:] == ["run_created queued", "exception StreamProtocolError", "end"]
    await async_until(lambda: not server.open)


async def test_a_field_name_without_end(server: Wire, async_client: AsyncClient) -> None:
    server.add(head(), flood(b"x" * 65536))
    with pytest.raises(StreamProtocolError):
        await async_play(async_client, AsyncTracer())
    await async_until(lambda: not server.open)
