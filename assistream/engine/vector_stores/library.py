"""All vector stores of an engine: what puts files into them, and what finds something in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..embeddings import Embedder
from ..ids import now
from ..store import Store
from ..tables import VECTOR_STORES
from . import objects
from .indexing import Indexer
from .records import Job
from .searching import Hit, Searcher, Wish

READY = 60.0
"""Seconds a run waits for files that are still being indexed: as long as the hosted API's did."""


class Library:
    """`start` and `close` are called once, by the engine; from then on files are indexed in the background."""

    def __init__(self, store: Store, embedder: Embedder | None = None) -> None:
        self._store = store
        self._indexer = Indexer(store, embedder)
        self._searcher = Searcher(store, embedder)

    @property
    def space(self) -> str | None:
        """Whose vectors files get; None without embeddings."""
        return self._indexer.space

    def start(self) -> None:
        self._indexer.start()

    async def close(self) -> None:
        await self._indexer.close()

    def stop(self, jobs: Iterable[Job]) -> None:
        """These files are not to be indexed any more."""
        self._indexer.stop(jobs)

    async def search(
        self,
        store_ids: Sequence[str],
        queries: Sequence[str],
        *,
        most: int = 20,
        threshold: float = 0.0,
        ranker: str = "auto",
        filters: Mapping[str, Any] | None = None,
    ) -> list[Hit]:
        """The chunks that answer the questions, the best first. Raises `Gone` or `Expired` for one of the stores."""
        ids = list(dict.fromkeys(store_ids))
        hits = await self._searcher.search(ids, Wish(queries, most, threshold, ranker, filters))
        await self._use(ids)
        return hits

    async def _use(self, store_ids: Sequence[str]) -> None:
        async with self._store.transaction() as transaction:
            for store in await transaction.all(VECTOR_STORES, id=store_ids):
                if store["last_active_at"] < now():
                    await transaction.update(objects.used(store))

    async def ready(self, store_ids: Sequence[str]) -> None:
        """Returns when nothing of these stores is in progress any more, or after a minute."""
        await self._indexer.settled(store_ids, READY)
