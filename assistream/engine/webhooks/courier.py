"""All webhooks of an engine: what writes down what they are to be told, and what tells them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from ..observing.observer import Observer
from ..store import Store
from .outbox import Outbox, forget_others
from .sending import GRACE, Sender
from .webhook import Webhook, places

_log = logging.getLogger("assistream.engine.webhooks")


class Courier:
    """``outbox`` is to be among the observers; `open` and `close` are called on the event loop, with the store open."""

    def __init__(self, store: Store, webhooks: Sequence[Webhook]) -> None:
        self._store, self._webhooks = store, webhooks
        self.outbox: Outbox = Outbox(webhooks, self._wake)
        self._senders: list[Sender] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, observer: Observer) -> None:
        """Goes on with what an earlier engine has left; ``observer`` is told of every attempt."""
        async with self._store.transaction() as transaction:
            forgotten = await forget_others(transaction, [webhook.url for webhook in self._webhooks])
        if forgotten:
            _log.warning("%s events for webhooks that are no more were dropped", forgotten)
        named = zip(self._webhooks, places(self._webhooks), strict=True)
        self._senders = [Sender(self._store, webhook, place, observer) for webhook, place in named]
        self._tasks = [asyncio.create_task(sender.work()) for sender in self._senders]

    async def close(self) -> None:
        """What is new is told, if that is soon done; the rest stays in the store."""
        if not self._tasks:
            return
        for sender in self._senders:
            sender.close()
        await asyncio.wait(self._tasks, timeout=GRACE)
        for sender in self._senders:
            sender.abort()
        await asyncio.wait(self._tasks)

    def _wake(self) -> None:
        for sender in self._senders:
            sender.wake()
