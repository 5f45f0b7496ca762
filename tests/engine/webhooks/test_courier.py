from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from assistream.engine.ids import now
from assistream.engine.observing.observer import Observer
from assistream.engine.store import Store
from assistream.engine.tables import DELIVERIES
from assistream.engine.webhooks.courier import Courier
from assistream.engine.webhooks.outbox import KEPT, pending
from assistream.engine.webhooks.webhook import Webhook

from .receiver import SECRET, receiving

RUN = {"id": "run_1", "object": "thread.run"}


class Noting(Observer):
    def __init__(self) -> None:
        self.attempts: list[tuple[str, str]] = []

    def delivered(self, place: str, outcome: str) -> None:
        self.attempts.append((place, outcome))


def test_from_open_to_close() -> None:
    """What an earlier one left is told, and what is written before it closes; it leaves no task."""
    noting = Noting()

    async def main(courier: Courier, store: Store) -> None:
        await store.open()
        await write(courier, store)
        await courier.open(noting)
        await write(courier, store)
        await courier.close()
        async with store.transaction() as transaction:
            assert await pending(transaction) == 0
        await store.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with receiving() as receiver:
        webhook = Webhook(receiver.url, SECRET)
        asyncio.run(_with(main, webhook))
        assert noting.attempts == [(webhook.place, "delivered")] * 2
        assert len(receiver.events) == 2


def test_webhooks_at_one_host_are_told_apart() -> None:
    noting = Noting()

    async def main(store: Store, webhooks: Sequence[Webhook]) -> None:
        courier = Courier(store, webhooks)
        await store.open()
        await courier.open(noting)
        await write(courier, store)
        await courier.close()
        await store.close()

    with receiving() as receiver:
        hooks = [Webhook(receiver.url + end, SECRET) for end in ("", "/other")]
        asyncio.run(main(Store(), hooks))
    assert sorted(noting.attempts) == [(f"{hooks[0].place} #{number}", "delivered") for number in (1, 2)]


def test_what_nobody_takes_any_more(caplog: pytest.LogCaptureFixture) -> None:
    async def main(courier: Courier, store: Store) -> None:
        await store.open()
        await write(courier, store)
        async with store.transaction() as transaction:
            await transaction._connection.execute(DELIVERIES.update().values(created_at=now() - KEPT - 1))
        none = Courier(store, [])
        await none.open(Observer())
        await none.close()
        await store.close()

    asyncio.run(_with(main, Webhook("http://127.0.0.1:1/", SECRET)))
    assert "1 events for webhooks that are no more were dropped" in caplog.text


async def _with(main: Callable[[Courier, Store], Awaitable[None]], webhook: Webhook) -> None:
    store = Store()
    await main(Courier(store, [webhook]), store)


async def write(courier: Courier, store: Store) -> None:
    async with store.transaction() as transaction:
        await courier.outbox.writing(transaction, [("thread.run.failed", RUN)])
    courier.outbox.wrote([("thread.run.failed", RUN)], [])
