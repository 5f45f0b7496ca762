from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from assistream.engine import objects
from assistream.engine.projects import DEFAULT, acting_for
from assistream.engine.store import Store
from assistream.engine.tables import ASSISTANTS, EVENTS, MESSAGES, THREADS
from assistream.engine.transaction import Orphan, Transaction
from tests.engine.conftest import Json

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def begun(project: str | None, store: Store) -> AsyncGenerator[Transaction]:
    with acting_for(project):
        async with store.transaction() as transaction:
            yield transaction


@asynccontextmanager
async def opened() -> AsyncGenerator[Store]:
    store = Store()
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def added(store: Store, project: str | None, document: Json) -> Json:
    async with begun(project, store) as transaction:
        await transaction.insert(document)
    return document


async def test_whose_an_object_is() -> None:
    async with opened() as store:
        ours, theirs, nobodys = [await added(store, one, objects.thread({})) for one in ("ours", "theirs", None)]
        seen: dict[str | None, list[str]] = {}
        for project in ("ours", "theirs", DEFAULT, "new", None):
            async with begun(project, store) as transaction:
                seen[project] = [one["id"] for one in await transaction.all(THREADS)]
                assert list(await transaction.projects(THREADS)) == seen[project]
    ids = [ours["id"], theirs["id"], nobodys["id"]]
    assert seen == {"ours": ids[:1], "theirs": ids[1:2], DEFAULT: ids[2:], "new": [], None: ids}


async def test_what_is_in_a_thread_is_whose_the_thread_is() -> None:
    async with opened() as store:
        thread = await added(store, "ours", objects.thread({}))
        message = await added(store, None, objects.message(thread["id"], "user", []))
        async with begun(None, store) as transaction:
            assert await transaction.projects(MESSAGES) == {message["id"]: "ours"}


async def test_nobody_writes_into_a_thread_of_somebody_else() -> None:
    async with opened() as store:
        thread = await added(store, "ours", objects.thread({}))
        with pytest.raises(Orphan):
            await added(store, "theirs", objects.message(thread["id"], "user", []))


async def test_nobody_changes_or_deletes_what_is_somebody_elses() -> None:
    async with opened() as store:
        thread = await added(store, "ours", objects.thread({}))
        async with begun("theirs", store) as transaction:
            await transaction.update(thread | {"metadata": {"stolen": "yes"}})
            assert not await transaction.delete(THREADS, thread["id"])
            assert await transaction.absent(THREADS, [thread["id"]]) == [thread["id"]]
        async with begun("ours", store) as transaction:
            assert await transaction.get(THREADS, thread["id"]) == thread
            assert await transaction.delete(THREADS, thread["id"])


@pytest.mark.parametrize(
    "query",
    [
        sa.select(THREADS),
        sa.select(THREADS.c.id, THREADS.c.moment),
        sa.select(sa.func.max(THREADS.c.moment)).group_by(THREADS.c.id),
        sa.select(sa.literal("one")).select_from(THREADS),
        sa.select(THREADS.c.id).where(THREADS.c.moment > 0).order_by(THREADS.c.moment).limit(5),
        sa.select(THREADS.c.id).outerjoin(MESSAGES, MESSAGES.c.thread_id == THREADS.c.id),
        sa.select(EVENTS.c.name, THREADS.c.id).outerjoin_from(THREADS, EVENTS, EVENTS.c.run_id == THREADS.c.id),
        sa.delete(THREADS).returning(THREADS.c.id),
        sa.update(THREADS).values(moment=1).returning(THREADS.c.id),
    ],
)
async def test_statements_of_any_kind_are_about_ones_own(
    query: sa.Select[*tuple[object, ...]] | sa.Update | sa.Delete,
) -> None:
    async with opened() as store:
        for project in ("ours", "theirs", "theirs"):
            await added(store, project, objects.thread({}))
        async with begun("theirs", store) as transaction:
            assert len((await transaction._connection.execute(query)).all()) == 2
        async with begun("ours", store) as transaction:
            counted = sa.select(sa.func.count()).select_from(ASSISTANTS)
            assert await transaction._connection.scalar(counted) == 0
