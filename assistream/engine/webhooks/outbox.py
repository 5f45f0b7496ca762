"""What webhooks are to be told, written together with what it is about: neither is lost, or made up, by a crash."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..ids import new_id, now
from ..lifecycle import Document
from ..observing.observer import Observer, Said, Written
from ..tables import DELIVERIES, to_json
from ..transaction import Transaction
from .webhook import Webhook, payload

KEPT = 3 * 24 * 3600
"""Seconds that what is for a webhook which an engine does not have waits for an engine that has it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """``attempts`` are those that have failed."""

    number: int
    url: str
    run_id: str
    event_id: str
    payload: str
    attempts: int
    due: float


_COLUMNS = [DELIVERIES.c[name] for name in Delivery.__dataclass_fields__]


class Outbox(Observer):
    """Writes down what is to be told; ``wake`` is called when there is something."""

    def __init__(self, webhooks: Sequence[Webhook], wake: Callable[[], None]) -> None:
        self._webhooks, self._wake = webhooks, wake
        self._wanted = {event for webhook in webhooks for event in webhook.events}

    async def writing(self, transaction: Transaction, said: Sequence[Said]) -> None:
        for name, document in said:
            if name in self._wanted:
                await self._write(transaction, name, document)

    async def _write(self, transaction: Transaction, name: str, run: Document) -> None:
        moment, event_id = now(), new_id("evt")
        event = to_json(payload(event_id, name, run, moment))
        for webhook in self._webhooks:
            if name in webhook.events:
                row = {"url": webhook.url, "run_id": run["id"], "event_id": event_id, "payload": event}
                behind = await _first(transaction, webhook.url, run["id"]) is not None
                due = None if behind else time.time()
                values = {**row, "created_at": moment, "attempts": 0, "due": due}
                await transaction._connection.execute(DELIVERIES.insert().values(values))

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        if any(name in self._wanted for name, _ in said):
            self._wake()


async def upcoming(transaction: Transaction, url: str, most: int) -> list[Delivery]:
    """Those that come next, of each run at most one."""
    query = sa.select(*_COLUMNS).where(DELIVERIES.c.url == url, DELIVERIES.c.due.is_not(None))
    rows = await transaction._connection.execute(query.order_by(DELIVERIES.c.due).limit(most))
    return [Delivery(*row) for row in rows]


async def postpone(transaction: Transaction, delivery: Delivery, due: float) -> None:
    changed = {"attempts": delivery.attempts + 1, "due": due}
    query = DELIVERIES.update().where(DELIVERIES.c.number == delivery.number).values(changed)
    await transaction._connection.execute(query)


async def finish(transaction: Transaction, delivery: Delivery) -> None:
    """It is told, or given up: the next one of its run has its turn."""
    await transaction._connection.execute(DELIVERIES.delete().where(DELIVERIES.c.number == delivery.number))
    following = await _first(transaction, delivery.url, delivery.run_id)
    if following is not None:
        query = DELIVERIES.update().where(DELIVERIES.c.number == following).values(due=time.time())
        await transaction._connection.execute(query)


async def pending(transaction: Transaction) -> int:
    return int(await transaction._connection.scalar(sa.select(sa.func.count()).select_from(DELIVERIES)) or 0)


async def forget_others(transaction: Transaction, urls: Collection[str]) -> int:
    """Drops what has waited too long for a webhook that is none of these: how much that was."""
    query = DELIVERIES.delete().where(DELIVERIES.c.url.not_in(urls), DELIVERIES.c.created_at < now() - KEPT)
    return (await transaction._connection.execute(query)).rowcount


async def _first(transaction: Transaction, url: str, run_id: str) -> int | None:
    query = sa.select(sa.func.min(DELIVERIES.c.number)).where(DELIVERIES.c.url == url, DELIVERIES.c.run_id == run_id)
    number: int | None = await transaction._connection.scalar(query)
    return number
