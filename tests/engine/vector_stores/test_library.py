"""What runs use: without HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest

from assistream.engine import contents
from assistream.engine.embeddings import as_embedder
from assistream.engine.store import Store
from assistream.engine.vector_stores import Expired, Gone, Hit, Library, library, objects, records
from tests.engine.conftest import Json
from tests.engine.vector_stores.gate import Gate

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def opened(gate: Gate | None = None) -> AsyncGenerator[tuple[Store, Library]]:
    store = Store()
    await store.open()
    shelves = Library(store, as_embedder(gate))
    shelves.start()
    try:
        yield store, shelves
    finally:
        await shelves.close()
        await store.close()


async def filled(store: Store, shelves: Library, *texts: str, **fields: object) -> str:
    """The id of a new store with these texts."""
    made = objects.store(fields)
    files: list[str] = []
    for number, text in enumerate(texts):
        async with contents.uploading(store, 10**6) as upload:
            await upload.write(text.encode())
            files.append((await upload.finish(f"{number}.txt", "assistants", None))["id"])
    async with store.transaction() as transaction:
        await transaction.insert(made)
        asked = [{"file_id": id, "attributes": {"n": 1}} for id in files]
        await records.put(transaction, made["id"], asked, shelves.space)
    id: str = made["id"]
    return id


async def test_several_stores_are_one_list() -> None:
    async with opened() as (store, shelves):
        first = await filled(store, shelves, "Red apples", "Blue plums")
        second = await filled(store, shelves, "Green apples and red apples")
        await shelves.ready([first, second])
        hits = await shelves.search([first, second, first], ["apples"])
        assert [(hit.filename, len(hit.content)) for hit in hits] == [("0.txt", 1), ("0.txt", 1)]
        assert hits[0] == Hit(hits[0].file_id, "0.txt", hits[0].score, {"n": 1}, ("Green apples and red apples",))
        assert len(await shelves.search([first, second], ["apples", "plums"], most=2)) == 2
        assert await shelves.search([first], ["apples"], threshold=0.99) == []
        assert await shelves.search([first], []) == await shelves.search([], ["apples"]) == []


async def test_the_same_file_in_two_stores_is_told_once() -> None:
    async with opened() as (store, shelves):
        first, second = await filled(store, shelves, "Red apples"), await filled(store, shelves)
        await shelves.ready([first])
        [hit] = await shelves.search([first], ["apples"])
        async with store.transaction() as transaction:
            await records.put(transaction, second, [{"file_id": hit.file_id}], None)
        await shelves.ready([first, second])
        assert len(await shelves.search([first, second], ["apples"])) == 1


async def test_stores_that_cannot_be_searched() -> None:
    async with opened() as (store, shelves):
        kept = await filled(store, shelves)
        policy = {"anchor": "last_active_at", "days": 1}
        made: Json = objects.store({"expires_after": policy}) | {"expires_at": 1}
        async with store.transaction() as transaction:
            await transaction.insert(made)
        with pytest.raises(Gone, match="Vector store vs_gone does not exist"):
            await shelves.search([kept, "vs_gone"], ["x"])
        with pytest.raises(Expired, match=f"Vector store {made['id']} is expired") as caught:
            await shelves.search([kept, made["id"]], ["x"])
        assert caught.value.store_id == made["id"]


async def test_ready_waits_for_what_is_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    async with opened(gate) as (store, shelves):
        slow, other = await filled(store, shelves, "wait for it"), await filled(store, shelves, "at once")
        with anyio.fail_after(10):
            await shelves.ready([other])
        done: list[str] = []

        async def waiting() -> None:
            await shelves.ready([slow, other, "vs_gone"])
            done.append(slow)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(waiting)
            await anyio.sleep(0.02)
            assert not done
            gate.opened.set()
        assert len(await shelves.search([slow], ["wait"])) == 1
        gate.opened.clear()
        late = await filled(store, shelves, "wait again")
        monkeypatch.setattr(library, "READY", 0.01)
        await shelves.ready([late])


async def test_closing_lets_go_of_who_waits() -> None:
    gate = Gate()
    async with opened(gate) as (store, shelves), anyio.create_task_group() as tasks:
        tasks.start_soon(shelves.ready, [await filled(store, shelves, "wait for ever")])
        await anyio.sleep(0.02)
        await shelves.close()
    assert gate.left <= 1
