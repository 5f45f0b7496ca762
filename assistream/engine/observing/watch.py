"""All that watches one engine, put together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..store import Store, StoreError
from ..webhooks.courier import Courier
from ..webhooks.outbox import pending
from ..webhooks.webhook import Webhook
from .health import Probe
from .logs import AccessLog
from .metrics import Metrics
from .observer import Observer, Observers

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an engine is to be told apart from being counted."""

    access_log: bool = False
    tracer_provider: TracerProvider | None = None
    webhooks: Sequence[Webhook] = ()


class Watch:
    """Begun by `open` when the store is, and ended by `close` while it still is."""

    def __init__(self, store: Store, wishes: Wishes) -> None:
        self._store = store
        self.metrics: Metrics = Metrics()
        self.probe: Probe = Probe(store)
        self._courier = Courier(store, wishes.webhooks)
        store.watch(self.metrics.committed)
        observers: list[Observer] = [self.metrics]
        if wishes.webhooks:
            observers.append(self._courier.outbox)
        if wishes.tracer_provider:
            from .traces import Traces

            observers.append(Traces(wishes.tracer_provider))
        if wishes.access_log:
            observers.append(AccessLog())
        self.observer: Observer = Observers(observers)

    async def open(self) -> None:
        await self._courier.open(self.observer)

    async def close(self) -> None:
        await self._courier.close()

    async def sizes(self) -> tuple[int, int] | None:
        """The bytes of the database, and what webhooks are yet to be told; None while it cannot be asked."""
        with suppress(StoreError):
            async with self._store.transaction() as transaction:
                return await transaction.size(), await pending(transaction)
        return None
