from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from assistream.engine import eventlog, objects
from assistream.engine.eventlog import END, PING, Change, Channel, EventLog, with_time
from assistream.engine.store import Store, StoreError
from assistream.engine.tables import RUNS
from assistream.engine.transaction import Busy
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


def published(channel: Channel) -> int:
    """The number of the last event that readers can see."""
    return channel.start + len(channel._frames) - channel._ended


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


async def test_a_delta_is_in_the_log_when_it_is_seen() -> None:
    async with a_run() as (log, store, channel, run):
        reader = channel.follow(math.inf)
        await anext(reader)
        for number in (2, 3):
            log.send(channel, "thread.message.delta", {"id": "msg_1"})
            assert published(channel) == number - 1
            assert ids([await anext(reader)]) == [str(number)]
            assert [row for row, _ in await rows(store, run)] == list(range(1, number + 1))


async def test_a_commit_that_fails_leaves_the_deltas_of_others_to_be_written() -> None:
    async with a_run() as (log, store, channel, run):
        reader = channel.follow(math.inf)
        await anext(reader)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        second = objects.run(run["thread_id"], objects.assistant({"model": "any"}), {}, ttl=600)
        with pytest.raises(Busy):
            await log.commit(Channel(second["id"]), [Change(second, ("thread.run.created",), new=True)])
        assert ids([await anext(reader)]) == ["2"]
        assert await rows(store, second) == []


async def test_deltas_are_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_run() as (log, _store, channel, _):
        groups: list[int] = []
        write = log._write

        async def counted(*args: Any) -> None:
            groups.append(len(log._waiting))
            await write(*args)

        monkeypatch.setattr(log, "_write", counted)
        other = Channel("run_2")
        for one in (channel, other) * 50:
            log.send(one, "thread.message.delta", {"id": "msg_1"})
        await log.close()
        assert groups == [100]
        assert (published(channel), published(other)) == (51, 50)


async def test_a_commit_takes_what_waits_along() -> None:
    async with a_run() as (log, store, channel, run):
        reader = channel.follow(math.inf)
        await anext(reader)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        await log.commit(channel, [Change(run, ("thread.run.in_progress",))])
        assert ids([await anext(reader)]) == ["2", "3"]
        assert [number for number, _ in await rows(store, run)] == [1, 2, 3]


async def test_what_waits_is_written_at_the_end() -> None:
    async with a_run() as (log, store, channel, run):
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        await log.close()
        assert len(await rows(store, run)) == 2


async def test_who_sends_faster_than_can_be_written_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "MOST", 2)
    async with a_run() as (log, _, channel, _):
        for number in range(1, 10):
            await log.room()
            assert len(log._waiting) < 2
            log.send(channel, "thread.message.delta", {"id": f"msg_{number}"})


async def test_a_reader_can_begin_anywhere() -> None:
    channel = Channel("run_1", 41, 40)
    channel.publish([channel.next("x", {}) for _ in range(3)])
    channel.end()
    assert (channel.leg, channel.start, published(channel)) == (40, 41, 44)
    for after, expected in ((0, ["42", "43", "44"]), (41, ["42", "43", "44"]), (43, ["44"]), (44, [])):
        pieces = [piece async for piece in channel.follow(math.inf, after)]
        assert ids(pieces) == expected
        assert pieces[-1].endswith(END)


async def test_a_reader_who_lags_behind_gets_pieces() -> None:
    channel = Channel("run_1")
    channel.publish([channel.next("x", {"text": "x" * eventlog.PIECE}) for _ in range(3)])
    channel.end()
    assert [len(ids([piece])) for piece in await read(channel)] == [1, 1, 1, 0]


async def test_what_comes_after_the_end_is_only_in_the_log() -> None:
    channel = Channel("run_1")
    channel.end()
    channel.publish([channel.next("x", {})])
    assert await read(channel) == [END]


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


async def test_deltas_wait_on_while_the_database_is_in_trouble(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(eventlog, "AGAIN", 0.01)
    async with a_run() as (log, store, channel, run):
        await read_only(store, on=True)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        while "Events cannot be written" not in caplog.text:  # noqa: ASYNC110 -- a log record sets no event
            await asyncio.sleep(0.01)
        with pytest.raises(StoreError, match="readonly"):
            log.send(channel, "thread.message.delta", {"id": "msg_1"})
        with pytest.raises(StoreError):
            await log.commit(channel, [Change(run, ("thread.run.queued",))])
        await log.room()
        assert published(channel) == 1
        await read_only(store, on=False)
        await log.commit(channel, [Change(run, ("thread.run.queued",))])
        assert [number for number, _ in await rows(store, run)] == [1, 2, 3]
        assert published(channel) == 3
        log.send(channel, "thread.message.delta", {"id": "msg_1"})


async def test_deltas_that_waited_are_written_when_the_trouble_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlog, "AGAIN", 0.01)
    async with a_run() as (log, store, channel, _run):
        await read_only(store, on=True)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        await asyncio.sleep(0.03)
        await read_only(store, on=False)
        reader = channel.follow(math.inf, 1)
        assert ids([await anext(reader)]) == ["2"]


async def test_trouble_does_not_hold_up_the_end() -> None:
    async with a_run() as (log, store, channel, run):
        await read_only(store, on=True)
        log.send(channel, "thread.message.delta", {"id": "msg_1"})
        while not log._trouble:  # noqa: ASYNC110 -- sets no event
            await asyncio.sleep(0)
        await log.close()
        await read_only(store, on=False)
        assert len(await rows(store, run)) == 1


async def read_only(store: Store, *, on: bool) -> None:
    async with store.transaction() as transaction:
        await transaction.sql(f"PRAGMA query_only = {int(on)}")


async def test_metadata_of_what_is_at_work_are_those_a_client_has_set() -> None:
    async with a_run() as (log, store, channel, run):
        log.label(run | {"metadata": {"a": "b"}})
        for status in ("in_progress", "completed"):
            await log.commit(channel, [Change(run | {"status": status}, (f"thread.run.{status}",))])
        await log.commit(channel, [Change(run | {"status": "completed"})])
        async with store.transaction() as transaction:
            *_, last = [row.data for row in await transaction.events(run["id"])]
            [stored] = await transaction.all(RUNS)
    assert '"metadata":{"a":"b"}' in last
    assert stored["metadata"] == {}  # it was over, and is nobody's to write


async def test_what_was_said_can_be_waited_for() -> None:
    """Whoever writes it."""
    async with a_run() as (log, _, channel, run):
        await log.written()
        for number in (2, 3):
            log.send(channel, "thread.message.delta", {})
            await log.written()
            assert published(channel) == number
        log.send(channel, "thread.message.delta", {})
        commit = asyncio.create_task(log.commit(channel, [Change(run, ("thread.run.queued",))]))
        await asyncio.sleep(0)
        await log.written()
        assert published(channel) == 5
        await commit


async def test_times_come_before_their_events_for_who_asks() -> None:
    channel = Channel("run_1")
    events = [channel.next("x", {"n": number}) for number in range(3)]
    channel.publish(events)
    channel.end()
    plain = b"".join([piece async for piece in channel.follow(math.inf)])
    timed = b"".join([piece async for piece in channel.follow(math.inf, timed=True)])
    of_plain, of_timed = ([(one.id, one.event, one.raw) for one in SSEDecoder().feed(text)] for text in (plain, timed))
    assert of_plain == of_timed
    assert timed == b"".join(f": at {event.at}\n\n".encode() + event.frame for event in events) + END
    assert b": at" not in plain
    rest = b"".join([piece async for piece in channel.follow(math.inf, 2, timed=True)])
    assert rest == f": at {events[2].at}\n\n".encode() + events[2].frame + END


def test_an_event_whose_time_nobody_knows() -> None:
    assert with_time(None, b"frame") == b"frame"
