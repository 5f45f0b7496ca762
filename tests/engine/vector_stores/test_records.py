from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from assistream.engine.store import Store
from assistream.engine.transaction import Transaction
from assistream.engine.vector_stores import objects, records
from assistream.engine.vector_stores.records import Job

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def transaction() -> AsyncGenerator[Transaction]:
    store = Store()
    await store.open()
    async with store.transaction() as transaction:
        yield transaction
    await store.close()


async def put(transaction: Transaction, store_id: str, *ids: str) -> None:
    await records.put(transaction, store_id, [{"file_id": id} for id in ids], None)


async def test_turns(transaction: Transaction) -> None:
    """Of the store with the fewest files at work, then of the one that was served longest ago, then the oldest."""
    await put(transaction, "vs_a", "file-1", "file-2", "file-3")
    await put(transaction, "vs_b", "file-1")

    async def following(turns: dict[str, int], *busy: Job) -> Job | None:
        found = await records.next_job(transaction, busy, turns)
        return found and found[0]

    first, second, other = Job("vs_a", "file-1"), Job("vs_a", "file-2"), Job("vs_b", "file-1")
    assert await following({}) == first
    assert await following({"vs_a": 1}) == other
    assert await following({"vs_a": 1, "vs_b": 2}) == first
    assert await following({}, first) == other
    assert await following({}, first, other) == second
    assert await following({}, first, second, Job("vs_a", "file-3"), other) is None


async def test_how_often_a_file_is_begun(transaction: Transaction) -> None:
    await put(transaction, "vs_a", "file-1")
    [file] = objects.files("vs_a", ["file-1"])
    assert all([await records.begin(transaction, file, None) for _ in range(records.ATTEMPTS)])
    assert await records.begin(transaction, file, None) is None
    await records.let_go(transaction, file)
    assert await records.begin(transaction, file, None)
    await records.remove(transaction, "vs_a", "file-1")
    assert await records.begin(transaction, file, None) is None


async def test_what_became_of_a_file_counts_only_if_nothing_else_did(transaction: Transaction) -> None:
    await put(transaction, "vs_a", "file-1")
    [file] = objects.files("vs_a", ["file-1"])
    entry = await records.begin(transaction, file, "space")
    other = file | {"chunking_strategy": objects.static({"type": "static", "static": {"max_chunk_size_tokens": 100}})}
    assert not await records.finish(transaction, other, entry, status="completed")
    assert await records.shelved(transaction, ["vs_a"]) == []
    assert await records.finish(transaction, file, entry, status="completed", usage_bytes=5)
    assert not await records.finish(transaction, file, entry, status="failed")
    [shelved] = await records.shelved(transaction, ["vs_a", "vs_b"])
    assert (shelved.entry, shelved.file_id, shelved.space) == (entry, "file-1", "space")
    assert await records.garbage(transaction) == set()
    await put(transaction, "vs_a", "file-1")  # there are no embeddings any more
    assert await records.unfinished(transaction, ["vs_a"])
    assert await records.shelved(transaction, ["vs_a"]) == [shelved]  # until then it is found as it was
    again = await records.begin(transaction, file, None)
    assert not await records.finish(transaction, file, again, status="completed")
    assert await records.garbage(transaction) == {entry}


async def test_a_file_that_failed_names_no_entry(transaction: Transaction) -> None:
    await put(transaction, "vs_a", "file-1")
    [file] = objects.files("vs_a", ["file-1"])
    entry = await records.begin(transaction, file, None)
    await records.finish(transaction, file, entry, status="failed")
    assert await records.garbage(transaction) == {entry}
    assert not await records.unfinished(transaction, ["vs_a"])
