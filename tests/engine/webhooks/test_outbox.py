from __future__ import annotations

import json

import pytest

from assistream.engine.ids import now
from assistream.engine.lifecycle import Document
from assistream.engine.store import Store
from assistream.engine.tables import DELIVERIES
from assistream.engine.webhooks.outbox import KEPT, Outbox, finish, forget_others, pending, postpone, upcoming
from assistream.engine.webhooks.webhook import Webhook

pytestmark = pytest.mark.anyio

FIRST = Webhook("http://first/", "secret", ["thread.run.queued", "thread.run.completed", "thread.run.failed"])
SECOND = Webhook("http://second/", "secret", ["thread.run.failed"])


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The engine runs on asyncio."""
    return "asyncio"


def run(id: str = "run_1") -> Document:
    return {"id": id, "object": "thread.run"}


async def write(store: Store, *names: str, id: str = "run_1") -> list[str]:
    """What is written when a run is said to be so; whether somebody was woken."""
    woken: list[str] = []
    outbox = Outbox([FIRST, SECOND], lambda: woken.append("woken"))
    said = [(name, run(id)) for name in names]
    async with store.transaction() as transaction:
        await outbox.writing(transaction, said)
    outbox.wrote(said, [])
    return woken


async def told(store: Store, webhook: Webhook) -> list[str]:
    """What comes next."""
    async with store.transaction() as transaction:
        found = await upcoming(transaction, webhook.url, 10)
    return [json.loads(one.payload)["type"].removeprefix("thread.run.") for one in found]


async def test_each_webhook_has_what_it_wants(store: Store) -> None:
    assert await write(store, "thread.run.failed", "thread.run.in_progress") == ["woken"]
    assert await write(store, "thread.message.completed") == []
    assert (await told(store, FIRST), await told(store, SECOND)) == (["failed"], ["failed"])
    async with store.transaction() as transaction:
        [first], [second] = [await upcoming(transaction, one.url, 10) for one in (FIRST, SECOND)]
    assert first.event_id == second.event_id == json.loads(first.payload)["id"]


async def test_events_of_a_run_have_their_turns(store: Store) -> None:
    await write(store, "thread.run.queued", "thread.run.completed")
    await write(store, "thread.run.failed", id="run_2")
    assert await told(store, FIRST) == ["queued", "failed"]
    async with store.transaction() as transaction:
        queued, failed = await upcoming(transaction, FIRST.url, 10)
        await postpone(transaction, queued, queued.due + 60)
    assert await told(store, FIRST) == ["failed", "queued"]
    async with store.transaction() as transaction:
        await finish(transaction, failed)
        [again] = await upcoming(transaction, FIRST.url, 10)
        assert again.attempts == 1
        await finish(transaction, again)
    assert await told(store, FIRST) == ["completed"]
    async with store.transaction() as transaction:
        assert await pending(transaction) == 2


async def test_what_fails_with_it_is_not_told(store: Store) -> None:
    async def fail() -> None:
        async with store.transaction() as transaction:
            await Outbox([FIRST], lambda: None).writing(transaction, [("thread.run.failed", run())])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await told(store, FIRST) == []


async def test_what_nobody_takes_any_more_is_forgotten_some_day(store: Store) -> None:
    await write(store, "thread.run.failed")
    async with store.transaction() as transaction:
        assert await forget_others(transaction, [FIRST.url]) == 0
        await transaction._connection.execute(DELIVERIES.update().values(created_at=now() - KEPT - 1))
        assert await forget_others(transaction, [FIRST.url]) == 1
    assert (await told(store, FIRST), await told(store, SECOND)) == (["failed"], [])
