from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from assistream.engine import eventlog, objects
from assistream.engine.eventlog import END, PING, Change, Channel, EventLog
from assistream.engine.store import RUNS, Busy, Store, StoreError
from assistream.streaming.sse import SSEDecoder
from tests.engine.conftest import Json

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


@asynccontextmanager
async def a_run() -> AsyncGenerator[tuple[EventLog, Store, Channel, Json]]:
    """A log whose store holds one run, with its first event."""
    store = Store()
    await store.open()
    log = EventLog(store)
    thread = objects.thread({})
    run = objects.run(thread["id"], objects.assistant({"model": "any"}), {}, ttl=600)
    channel = Channel(run["id"])
    try:
        await log.commit(channel, [Change(thread, new=True), Change(run, ("thread.run.created",), new=True)])
        yield log, store, channel, run
    finally:
        await log.close()
        await store.close()


async def rows(store: Store, run: Json) -> list[tuple[int, str]]:
    async with store.transaction() as transaction:
        return [(row.number, row.name) for row in await transaction.events(run["id"])]


def ids(pieces: list[bytes]) -> list[str]:
    return [frame.id for frame in SSEDecoder().feed(b"".join(pieces)) if frame.event != "done"]


async def read(channel: Channel) -> list[bytes]:
    return [piece async for piece in channel.follow(math.inf)]


async def test_readers_see_everything_whenever_they_come() -> None:
    channel = Channel("run_1")
    early = asyncio.create_task(read(channel))
    for _ in range(3):
        await asyncio.sleep(0)
        channel.publish([channel.next("x", {})])
    late = asyncio.create_task(read(channel))
    await asyncio.sleep(0)
    channel.publish([channel.next("x", {}), channel.next("x", {})])
    channel.end()
    assert ids(await early) == ids(await late) == ids(await read(channel)) == ["1", "2", "3", "4", "5"]


async def test_each_event_goes_out_by_itself_to_a_reader_that_keeps_up() -> None:
    channel = Channel("run_1")
    reader = channel.follow(math.inf)
    for number in range(1, 4):
        channel.publish([channel.next("x", {})])
        assert ids([await anext(reader)]) == [str(number)]
    channel.end()
    assert await anext(reader) == END
    assert [piece async for piece in reader] == []


async def test_silence_is_filled_with_comments() -> None:
    channel = Channel("run_1")
    reader = channel.follow(0.01)
    assert await anext(reader) == await anext(reader) == PING
    channel.end()
    assert await anext(reader) == END
    assert SSEDecoder().feed(PING) == []


async def test_numbers_go_on_from_the_last_leg() -> None:
    channel = Channel("run_1", 41)
    assert channel.next("x", {}).number == 42


async def test_an_object_is_in_the_store_when_its_event_is_seen() -> None:
    async with a_run() as (log, store, channel, run):
        reader = channel.follow(math.inf)
        assert ids([await anext(reader)]) == ["1"]
        seen = asyncio.ensure_future(anext(reader))
        await log.commit(channel, [Change(run | {"status": "in_progress"}, ("thread.run.in_progress",))])
        assert ids([await seen]) == ["2"]
        async with store.transaction() as transaction:
            [stored] = await transaction.all(RUNS)
        assert stored["status"] == "in_progress"
        assert await rows(store, run) == [(1, "thread.run.created"), (2, "thread.run.in_progress")]


async def test_a_delta_is_seen_at_once_and_written_with_the_next_commit() -> None:
    async with a_run() as (log, store, channel, run):
        reader = channel.follow(math.inf)
        await anext(reader)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        assert ids([await anext(reader)]) == ["2"]
        assert len(await rows(store, run)) == 1
        await log.commit(channel, [Change(run, ("thread.run.in_progress",))])
        assert [number for number, _ in await rows(store, run)] == [1, 2, 3]


async def test_a_delta_without_a_commit_is_written_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "WRITE_AFTER", 0.001)
    async with a_run() as (log, store, channel, run):
        for _ in range(2):
            log.send(channel, "thread.message.delta", {"id": "msg_1"})
            while len(await rows(store, run)) < channel.number:
                pass


async def test_what_waits_is_written_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "WRITE_AFTER", 3600)
    async with a_run() as (log, store, channel, run):
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        await log.close()
        assert len(await rows(store, run)) == 2


async def test_nothing_is_published_that_could_not_be_written() -> None:
    async with a_run() as (log, store, channel, run):
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        second = objects.run(run["thread_id"], objects.assistant({"model": "any"}), {}, ttl=600)
        refused = Channel(second["id"])
        with pytest.raises(Busy):
            await log.commit(refused, [Change(second, ("thread.run.created",), new=True)])
        assert refused.number == 0
        refused.end()
        assert await read(refused) == [END]
        # What other runs were waiting to write is written all the same.
        await log.commit(channel, [Change(run, ("thread.run.queued",))])
        assert [number for number, _ in await rows(store, run)] == [1, 2, 3]


async def test_rows_wait_on_while_the_database_is_in_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async with a_run() as (log, store, channel, run):
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        await read_only(store, on=True)
        with pytest.raises(StoreError):
            await log.commit(channel, [Change(run, ("thread.run.queued",))])
        while "Events cannot be written" not in caplog.text:  # noqa: ASYNC110 -- a log record sets no event
            await asyncio.sleep(0.01)
        await read_only(store, on=False)
        await log.commit(channel, [Change(run, ("thread.run.queued",))])
        assert [number for number, _ in await rows(store, run)] == [1, 2, 3]


async def read_only(store: Store, *, on: bool) -> None:
    async with store.transaction() as transaction:
        await transaction._connection.exec_driver_sql(f"PRAGMA query_only = {int(on)}")
