"""Every row of the callback order and of the state rules, over the wire."""

from __future__ import annotations

import pytest

from assistream import AsyncAssistantEventHandler, AsyncClient, StreamTruncatedError

from ..frames import DONE
from ..recording import async_streaming
from ..wire import Wire, hang_up, stream
from .rows import ROWS, Row
from .rows.row import CALL_A, HEL, MSG, STEP
from .traces import async_attach, done, told

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_row(server: Wire, async_client: AsyncClient, row: Row) -> None:
    server.add(stream(*row.frames, DONE))
    handler = AsyncAssistantEventHandler()
    trace = async_attach(handler)
    async with async_streaming(async_client, handler) as events:
        yielded = [event async for event in events]
        messages = await events.get_final_messages()
        steps = await events.get_final_run_steps()
    assert trace.text == row.hooks
    assert yielded == trace.events
    assert trace.extra == ["on_end"]
    if row.ends is not None:
        assert [*map(told, messages), *map(done, steps)] == list(row.ends)


async def test_a11_on_a_lost_connection_nothing_is_done(server: Wire, async_client: AsyncClient) -> None:
    row = [STEP, CALL_A, MSG, HEL]
    server.add(stream(*(frame for frame, _ in row), then=hang_up()))
    handler = AsyncAssistantEventHandler()
    trace = async_attach(handler)
    with pytest.raises(StreamTruncatedError):
        async with async_streaming(async_client, handler) as events:
            await events.until_done()
    assert trace.text == [hooks for _, hooks in row]
    assert trace.extra == ["on_exception", "on_end"]


async def test_a11_on_an_allowed_truncation_nothing_is_done(server: Wire, async_client: AsyncClient) -> None:
    row = [STEP, CALL_A, MSG, HEL]
    server.add(stream(*(frame for frame, _ in row), then=hang_up()))
    handler = AsyncAssistantEventHandler()
    trace = async_attach(handler)
    async with async_streaming(async_client, handler, allow_truncated=True) as events:
        await events.until_done()
    assert trace.text == [hooks for _, hooks in row]
    assert trace.extra == ["on_end"]
