"""Answers questions from the index."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import sqlalchemy as sa
from anyio import to_thread

from ..embeddings import Embedder, EmbeddingError, Vector, vectors
from ..lifecycle import Document
from ..store import Store
from ..tables import FILES, VECTOR_STORE_FILES, VECTOR_STORES
from ..transaction import Transaction
from . import filters, fulltext, objects, ranking, records
from .fulltext import Found
from .records import Shelved
from .vectors import Matrix, Vectors, rankings
from .words import LONGEST_QUESTION, first_words

_log = logging.getLogger("assistream.engine")

_MOST = 200
"""Chunks of a ranking by vectors: as many as by words."""
_TERMS = 64
"""Words of a question that count: the first ones."""
_TERMS_OF_ALL = 256
"""Words of all questions of a search, each of which the index is asked for. Many questions get fewer words each."""
_PAUSE = 30.0
"""Seconds for which searches go by words after embeddings failed: to try costs a search seconds of repeated requests,
and who runs an engine for a team wants meanings back soon after the server is."""


class Gone(Exception):
    """There is no such store."""

    def __init__(self, store_id: str) -> None:
        super().__init__(f"Vector store {store_id} does not exist.")
        self.store_id = store_id


class Expired(Exception):
    """The store's time is over: nothing can be found in it any more."""

    def __init__(self, store_id: str) -> None:
        super().__init__(f"Vector store {store_id} is expired.")
        self.store_id = store_id


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found."""

    file_id: str
    filename: str
    score: float
    attributes: Mapping[str, Any]
    content: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for, and how."""

    queries: Sequence[str]
    most: int = 20
    threshold: float = 0.0
    ranker: str = "auto"
    filters: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Material:
    """What was read to answer: for each question its words' candidates; and the stores' vectors."""

    shelf: Sequence[Shelved]
    found: Sequence[Found] = ()
    matrices: Mapping[str, Matrix] = field(default_factory=dict[str, Matrix])


class Searcher:
    def __init__(self, store: Store, embedder: Embedder | None) -> None:
        self._store, self._embedder = store, embedder
        self._vectors = Vectors()
        self._again = 0.0
        """When embeddings are tried again that have failed, by the monotonic clock."""

    async def search(self, store_ids: Sequence[str], wish: Wish) -> list[Hit]:
        """Raises `Gone` and `Expired`."""
        queries = [query[:LONGEST_QUESTION] for query in wish.queries]
        questions = await self._questions(queries)
        terms = await to_thread.run_sync(_terms, queries)
        async with self._store.reading() as transaction:
            for store_id in store_ids:
                await usable(transaction, store_id)
            material = await self._material(transaction, store_ids, wish, terms, with_vectors=questions is not None)
        scores = await to_thread.run_sync(_scored, material, questions, wish)
        best = [id for id in ranking.ordered(scores) if scores[id] >= wish.threshold]
        async with self._store.reading() as transaction:
            return await _hits(transaction, material.shelf, best, scores, wish.most)

    async def _questions(self, queries: Sequence[str]) -> list[Vector] | None:
        """Their vectors; None without embeddings, and while those do not work: words find something, too."""
        if self._embedder is None or not queries or monotonic() < self._again:
            return None
        try:
            return await vectors(self._embedder, queries)
        except EmbeddingError as error:
            self._failed(error)
            return None

    def _failed(self, error: EmbeddingError) -> None:
        if error.of_texts:
            _log.warning("A search goes without embeddings: %s", error)
        elif monotonic() >= self._again:  # else another search has met it at the same time
            _log.warning("Searches go without embeddings for %g s: %s", _PAUSE, error)
            self._again = monotonic() + _PAUSE

    async def _material(
        self,
        transaction: Transaction,
        store_ids: Sequence[str],
        wish: Wish,
        terms: Sequence[Sequence[str]],
        *,
        with_vectors: bool,
    ) -> _Material:
        whole = await records.shelved(transaction, store_ids)
        shelf = await _filtered(transaction, whole, wish.filters) if wish.filters else whole
        if not shelf:
            return _Material(shelf)
        matrices = await self._matrices(transaction, whole) if with_vectors else {}
        if matrices and wish.ranker == "none":
            return _Material(shelf, [Found()] * len(terms), matrices)
        entries = [each.entry for each in shelf]
        found = [await fulltext.find(transaction, store_ids, some, entries) for some in terms]
        return _Material(shelf, found, matrices)

    async def _matrices(self, transaction: Transaction, shelf: Sequence[Shelved]) -> dict[str, Matrix]:
        """Of the stores' files that have vectors of the embeddings that there are now."""
        entries: dict[str, list[int]] = {}
        for each in shelf:
            if self._embedder and each.space == self._embedder.name:
                entries.setdefault(each.vector_store_id, []).append(each.entry)
        return {id: await self._vectors.matrix(transaction, id, some) for id, some in entries.items()}


def _terms(queries: Sequence[str]) -> list[list[str]]:
    """The words of each question."""
    most = min(_TERMS, _TERMS_OF_ALL // max(len(queries), 1))
    return [first_words(query, most) for query in queries]


async def usable(transaction: Transaction, store_id: str) -> Document:
    """The store. Raises `Gone` and `Expired`."""
    store = await transaction.get(VECTOR_STORES, store_id)
    if store is None:
        raise Gone(store_id)
    if objects.is_expired(store):
        raise Expired(store_id)
    return store


async def _filtered(transaction: Transaction, shelf: Sequence[Shelved], wanted: Mapping[str, Any]) -> list[Shelved]:
    """The files whose attributes pass."""
    columns = VECTOR_STORE_FILES.c
    query = sa.select(columns.entry, sa.type_coerce(columns.body, sa.Text).label("body"))
    store_ids = {each.vector_store_id for each in shelf}
    rows = (await transaction.execute(query.where(columns.vector_store_id.in_(store_ids)))).all()

    def check() -> set[int]:
        return {row.entry for row in rows if filters.matches(wanted, json.loads(row.body)["attributes"])}

    passed = await to_thread.run_sync(check)
    return [each for each in shelf if each.entry in passed]


def _scored(material: _Material, questions: Sequence[Vector] | None, wish: Wish) -> dict[int, float]:
    """The scores of all chunks that may be told."""
    entries = {each.entry for each in material.shelf}
    rankings_: list[ranking.Ranks] = []
    for number, found in enumerate(material.found):
        by_words = ranking.by_words(found.terms, found.total, found.candidates)
        if questions is None or not material.matrices:
            rankings_.append(by_words)
            continue
        by_vectors = rankings(material.matrices, entries, questions[number], _MOST)
        rankings_.append(by_vectors if wish.ranker == "none" else ranking.fused(by_words, by_vectors))
    # As they are told: a score that somebody was told is a threshold that lets the same through.
    return {id: round(score, 6) for id, score in ranking.best_of(rankings_).items()}


async def _hits(
    transaction: Transaction, shelf: Sequence[Shelved], ids: Sequence[int], scores: ranking.Ranks, most: int
) -> list[Hit]:
    """The best of them, each text of a file once, though it may be there often, and the file in two stores."""
    of_entry = {each.entry: each for each in shelf}
    hits: dict[tuple[str, str], Hit] = {}
    # A few more at a time, for those that are there twice, or were dropped meanwhile.
    for start in range(0, len(ids), 2 * most):
        for hit in await _told(transaction, of_entry, ids[start : start + 2 * most], scores):
            hits.setdefault((hit.file_id, hit.content[0]), hit)
        if len(hits) >= most:
            break
    return list(hits.values())[:most]


async def _told(
    transaction: Transaction, of_entry: Mapping[int, Shelved], ids: Sequence[int], scores: ranking.Ranks
) -> list[Hit]:
    texts = await records.texts(transaction, ids)
    entries = [of_entry[entry] for entry in {entry for entry, _ in texts.values()}]
    named = await _names(transaction, {each.file_id for each in entries})
    attributes = await _attributes(transaction, entries)
    hits: list[Hit] = []
    for id in ids:
        if id in texts:
            entry, text = texts[id]
            file_id = of_entry[entry].file_id
            hits.append(Hit(file_id, named.get(file_id, ""), scores[id], attributes.get(entry, {}), (text,)))
    return hits


async def _names(transaction: Transaction, file_ids: Collection[str]) -> dict[str, str]:
    return {file["id"]: file["filename"] for file in await transaction.all(FILES, id=file_ids)}


async def _attributes(transaction: Transaction, shelf: Sequence[Shelved]) -> dict[int, Document]:
    columns = VECTOR_STORE_FILES.c
    entries = [each.entry for each in shelf]
    rows = await transaction.execute(sa.select(columns.entry, columns.body).where(columns.entry.in_(entries)))
    return {row.entry: row.body["attributes"] for row in rows}
