from __future__ import annotations

import asyncio

from opentelemetry.sdk.trace import TracerProvider

from assistream.engine import Webhook
from assistream.engine.observing.observer import Observers
from assistream.engine.observing.watch import Watch, Wishes
from assistream.engine.store import Store


def names(wishes: Wishes) -> list[str]:
    observers = Watch(Store(), wishes).observer
    assert isinstance(observers, Observers)
    return [type(one).__name__ for one in observers._observers]


def test_who_watches() -> None:
    assert names(Wishes()) == ["Metrics"]
    wishes = Wishes(True, TracerProvider(shutdown_on_exit=False), [Webhook("http://h/", "secret")])
    assert names(wishes) == ["Metrics", "Outbox", "Traces", "AccessLog"]


def test_sizes() -> None:
    async def main() -> None:
        store = Store()
        watch = Watch(store, Wishes())
        await store.open()
        await watch.open()
        sizes = await watch.sizes()
        assert sizes is not None
        assert sizes[0] > 4096
        assert sizes[1] == 0
        await watch.close()
        await store.close()

    asyncio.run(main())
