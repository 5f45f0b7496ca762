"""The index itself, without files."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from assistream.engine.store import Store
from assistream.engine.tables import CHUNKS, ENTRIES
from assistream.engine.transaction import Transaction
from assistream.engine.vector_stores import fulltext
from assistream.engine.vector_stores.fulltext import Found, Piece

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def indexed(*texts: tuple[str, int, str]) -> AsyncGenerator[Transaction]:
    """An index of texts that are in this store and of this entry."""
    store = Store()
    await store.open()
    try:
        async with store.transaction() as transaction:
            for number, (place, entry, words) in enumerate(texts):
                await fulltext.add(transaction, entry, place, "titl", [Piece(number, words, 0, words)])
            yield transaction
    finally:
        await store.close()


def words_of(found: Found) -> list[str]:
    return [each.words for each in found.candidates]


async def find(transaction: Transaction, terms: Sequence[str], *entries: int, place: str = "vs_a") -> Found:
    return await fulltext.find(transaction, [place], terms, entries)


async def test_only_of_these_stores_and_entries() -> None:
    async with indexed(("vs_a", 1, "red appl"), ("vs_a", 2, "red brick"), ("vs_b", 3, "red car")) as transaction:
        found = await find(transaction, ["red"], 1, 2, 3)
        assert (found.total, found.terms, words_of(found)) == (2, {"red": 2}, ["red appl", "red brick"])
        assert words_of(await find(transaction, ["red"], 2)) == ["red brick"]
        assert words_of(await find(transaction, ["red"], 3, place="vs_b")) == ["red car"]
        both = await fulltext.find(transaction, ["vs_a", "vs_b"], ["red"], [1, 2, 3])
        assert len(both.candidates) == 3


async def test_titles_are_found_and_places_are_not() -> None:
    async with indexed(("vs_a", 1, "word")) as transaction:
        assert words_of(await find(transaction, ["titl"], 1)) == ["word"]
        assert words_of(await find(transaction, ["vs_a"], 1)) == []
        assert await find(transaction, [], 1) == Found(1, {}, ())
        assert (await find(transaction, ["absent"], 1)).terms == {"absent": 0}


async def test_words_of_any_kind() -> None:
    strange = ['"', "'", "*", "foo_bar", "東京", "हिन्दी", "c++", "(", "🙂", ":", "-"]
    async with indexed(*(("vs_a", number, word) for number, word in enumerate(strange))) as transaction:
        for number, word in enumerate(strange):
            assert words_of(await find(transaction, [word], *range(99))) == [word], number


async def test_words_that_are_everywhere_bring_no_candidates_unless_they_are_all_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fulltext, "MOST", 2)
    texts = [("vs_a", number, f"page rare{number}") for number in range(6)]
    async with indexed(*texts) as transaction:
        assert words_of(await find(transaction, ["page", "rare3", "the"], *range(6))) == ["page rare3"]
        assert len(words_of(await find(transaction, ["page", "the"], *range(6)))) == 2


async def test_an_entry_goes_some_chunks_at_a_time() -> None:
    async with indexed() as transaction:
        for entry in (1, 2):
            await transaction.execute(ENTRIES.insert().values(id=entry, chunking={}))
            await fulltext.add(transaction, entry, "vs_a", "", [Piece(n, "x", 0, "x", b"1") for n in range(5)])
        assert [await fulltext.drop(transaction, 1, 2) for _ in range(3)] == [False, False, True]
        counts = [
            (await transaction.execute(sa.select(sa.func.count()).select_from(table))).scalar()
            for table in (ENTRIES, CHUNKS, sa.table("vector_store_words"))
        ]
        assert counts == [1, 5, 5]
        assert (await find(transaction, ["x"], 1, 2)).total == 5
