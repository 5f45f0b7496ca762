from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import anyio
import pytest
from sqlalchemy import make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from assistream import errors
from assistream.engine import objects
from assistream.engine.lifecycle import ACTIVE, IN_LINE
from assistream.engine.migrations import APPLICATION, VERSION
from assistream.engine.store import Store, StoreError
from assistream.engine.tables import (
    ASSISTANTS,
    EVENTS,
    FILES,
    MESSAGES,
    RUNS,
    THREADS,
    VECTOR_STORE_FILES,
    VECTOR_STORES,
    to_json,
)
from assistream.engine.transaction import Busy, Orphan, Page, UnknownCursor
from assistream.engine.vector_stores import objects as stores_objects
from tests.engine.conftest import Json

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


@asynccontextmanager
async def opened(path: str | Path = ":memory:") -> AsyncGenerator[Store]:
    store = Store(path)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def add_thread(store: Store, messages: int = 0) -> list[str]:
    """The id of a new thread, then those of its messages."""
    thread = objects.thread({})
    made = [objects.message(thread["id"], "user", [objects.text_block(str(n))]) for n in range(messages)]
    async with store.transaction() as transaction:
        for document in (thread, *made):
            await transaction.insert(document)
    return [thread["id"], *(message["id"] for message in made)]


def new_run(thread_id: str) -> Json:
    return objects.run(thread_id, objects.assistant({"model": "any"}), {}, ttl=600)


async def test_a_document_comes_back_as_it_was() -> None:
    assistant = objects.assistant({"model": "any", "name": "日本 \ud83d \u2028"})
    async with opened() as store:
        async with store.transaction() as transaction:
            await transaction.insert(assistant)
        async with store.transaction() as transaction:
            assert await transaction.get(ASSISTANTS, assistant["id"]) == assistant
            assert await transaction.get(ASSISTANTS, "asst_unknown") is None


async def test_get_looks_where_it_is_told() -> None:
    async with opened() as store:
        [thread, message] = await add_thread(store, 1)
        async with store.transaction() as transaction:
            assert await transaction.get(MESSAGES, message, thread_id=thread)
            assert not await transaction.get(MESSAGES, message, thread_id="thread_other")


async def test_a_transaction_that_raises_leaves_nothing() -> None:
    thread = objects.thread({})
    async with opened() as store:
        with pytest.raises(ValueError, match="no"):
            async with store.transaction() as transaction:
                await transaction.insert(thread)
                raise ValueError("no")
        async with store.transaction() as transaction:
            assert await transaction.get(THREADS, thread["id"]) is None


async def test_a_thread_has_one_active_run() -> None:
    async with opened() as store:
        [thread] = await add_thread(store)
        first, second = new_run(thread), new_run(thread)
        async with store.transaction() as transaction:
            await transaction.insert(first)
        with pytest.raises(Busy):
            async with store.transaction() as transaction:
                await transaction.insert(second)
        async with store.transaction() as transaction:
            await transaction.update(first | {"status": "completed"})
            await transaction.insert(second)
            assert len(await transaction.all(RUNS, thread_id=thread)) == 2


async def test_a_run_that_waits_for_its_thread_is_not_the_active_one() -> None:
    async with opened() as store:
        [thread] = await add_thread(store)
        first, second = new_run(thread), new_run(thread) | {IN_LINE: True}
        async with store.transaction() as transaction:
            await transaction.insert(first)
            await transaction.insert(second)
            await transaction.update(second | {"status": "cancelling"})
            assert [run["id"] for run in await transaction.all(RUNS, status=ACTIVE)] == [first["id"]]
            await transaction.update(second | {"status": "cancelled"})
            assert [run["id"] for run in await transaction.all(RUNS, status="cancelled")] == [second["id"]]


@pytest.mark.parametrize(
    ("page", "expected", "has_more"),
    [
        (Page(limit=2), [4, 3], True),
        (Page(limit=5), [4, 3, 2, 1, 0], False),
        (Page(limit=2, order="asc"), [0, 1], True),
        (Page(limit=2, after="3"), [2, 1], True),
        (Page(limit=2, after="2"), [1, 0], False),
        (Page(limit=2, order="asc", after="3"), [4], False),
        (Page(limit=2, before="1"), [3, 2], True),
        (Page(limit=3, before="1"), [4, 3, 2], False),
        (Page(limit=2, order="asc", before="3"), [1, 2], True),
        (Page(limit=9, after="4", before="0"), [3, 2, 1], False),
        (Page(after="0"), [], False),
    ],
)
async def test_pages(page: Page, expected: list[int], has_more: bool) -> None:
    async with opened() as store:
        thread, *ids = await add_thread(store, 5)
        cursors = {
            "after": page.after and ids[int(page.after)],
            "before": page.before and ids[int(page.before)],
        }
        asked = Page(page.limit, page.order, **cursors)
        async with store.transaction() as transaction:
            data, more = await transaction.page(MESSAGES, asked, thread_id=thread)
    assert [ids.index(one["id"]) for one in data] == expected
    assert more is has_more


async def test_a_cursor_of_another_list() -> None:
    async with opened() as store:
        [_, foreign] = await add_thread(store, 1)
        [thread] = await add_thread(store)
        with pytest.raises(UnknownCursor, match=foreign):
            async with store.transaction() as transaction:
                await transaction.page(MESSAGES, Page(after=foreign), thread_id=thread)


async def test_a_thread_takes_all_that_is_its_own_along() -> None:
    async with opened() as store:
        [thread] = await add_thread(store, 0)
        run = new_run(thread)
        async with store.transaction() as transaction:
            await transaction.insert(run)
            await transaction.insert(objects.reply(run))
            await transaction.insert(objects.step(run, "tool_calls", {"tool_calls": []}))
            await transaction.add_events([(run["id"], 1, "x", "{}", None)])
            assert await transaction.last_event(run["id"]) == 1
            assert await transaction.delete(THREADS, thread)
            assert not await transaction.delete(THREADS, thread)
            assert await transaction.all(RUNS) == await transaction.all(MESSAGES) == []
            assert await transaction.events(run["id"]) == []


async def test_events_of_a_run_in_order() -> None:
    async with opened() as store, store.transaction() as transaction:
        assert await transaction.last_event("run_1") == 0
        rows = [("run_1", number, "x", str(number), None) for number in (2, 1, 3)]
        await transaction.add_events(rows)
        assert [row.data for row in await transaction.events("run_1")] == ["1", "2", "3"]
        assert await transaction.last_event("run_1") == 3


async def test_events_that_are_written_again_stay_as_they_were() -> None:
    async with opened() as store, store.transaction() as transaction:
        for data, numbers in (("1", (1, 2)), ("2", (1, 2, 3))):
            await transaction.add_events([("run_1", number, "x", data, None) for number in numbers])
        assert [(row.number, row.data) for row in await transaction.events("run_1")] == [(1, "1"), (2, "1"), (3, "2")]
        assert [row.number for row in await transaction.events("run_1", after=1, limit=1)] == [2]
        assert await transaction.has_event("run_1", 3)
        assert not await transaction.has_event("run_1", 4)
        assert await transaction.events_named("run_1", "x", "y") == [1, 2, 3]
        assert await transaction.events_named("run_1", "y") == []


async def test_who_is_cancelled_in_a_transaction_costs_nobody_the_database() -> None:
    """A client that goes away cancels what serves it, wherever that is."""
    async with opened() as store:
        thread = objects.thread({})
        async with store.transaction() as transaction:
            await transaction.insert(thread)

        async def ask() -> None:
            while True:
                async with store.transaction() as transaction:
                    await transaction.all(THREADS)
                await asyncio.sleep(0)

        for turns in range(40):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask)
                for _ in range(turns):
                    await asyncio.sleep(0)
                tasks.cancel_scope.cancel()
            async with store.transaction() as transaction:
                assert await transaction.all(THREADS) == [thread]


async def breaks_the_connection(store: Store) -> None:
    """By the one way there is: `Task.cancel` in the middle of a statement of SQLAlchemy's, which takes long."""

    async def count() -> None:
        async with store.transaction() as transaction:
            await transaction.sql(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 10000000) SELECT sum(x) FROM n"
            )

    counting = asyncio.create_task(count())
    await asyncio.sleep(0.05)
    counting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await counting


async def test_a_broken_connection_is_replaced(tmp_path: Path) -> None:
    async with opened(tmp_path / "engine.db") as store:
        [thread] = await add_thread(store)
        await breaks_the_connection(store)
        async with store.transaction() as transaction:
            assert await transaction.get(THREADS, thread)
            assert (await transaction.sql("PRAGMA foreign_keys")).scalar() == 1


async def test_a_database_in_memory_that_is_gone_is_told() -> None:
    async with opened() as store:
        await breaks_the_connection(store)
        with pytest.raises(StoreError, match="in memory went with its connection"):
            async with store.transaction():
                pass


async def test_a_file_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    async with opened(path) as store:
        [thread] = await add_thread(store)
    async with opened(path) as store, store.transaction() as transaction:
        assert await transaction.get(THREADS, thread)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and have been for longer than a header of SQLite is. " * 20)
    with pytest.raises(errors.ConfigurationError, match=r"cannot use .*notes\.txt.* as its database"):
        await Store(path).open()


async def test_one_engine_at_a_time_has_a_file(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    async with opened(path):
        with pytest.raises(errors.ConfigurationError, match="is in use by another engine"):
            await Store(path).open()
        async with opened(), opened(tmp_path / "other.db"):
            pass
    async with opened(path):
        pass
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".lock") == ["engine.db", "other.db"]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ("CREATE TABLE threads (id TEXT, title TEXT)", "belongs to another program"),
        ("PRAGMA application_id = 1", "belongs to another program"),
        ("PRAGMA application_id = 1098085236; PRAGMA user_version = 3", "version 3 of the tables"),
    ],
)
async def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, made: str, text: str) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(made)
    before = path.read_bytes()
    with pytest.raises(errors.ConfigurationError, match=text):
        await Store(path).open()
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ".lock"] == ["theirs.db"]


async def test_a_file_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


async def test_what_belongs_to_nothing_is_refused() -> None:
    async with opened() as store:
        for orphan in (new_run("thread_gone"), objects.message("thread_gone", "user", [])):
            with pytest.raises(Orphan):
                async with store.transaction() as transaction:
                    await transaction.insert(orphan)


async def test_trouble_with_the_database_has_a_name_of_our_own() -> None:
    async with opened() as store:
        with pytest.raises(StoreError, match="readonly"):
            async with store.transaction() as transaction:
                await transaction.sql("PRAGMA query_only = 1")
                await transaction.insert(objects.thread({}))


async def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigurationError, match="unable to open"):
        await Store(tmp_path / "absent" / "engine.db").open()


def test_json_is_one_line_of_ascii() -> None:
    written = to_json({"text": "日本\n\u2028\ud83d"})
    assert written.isascii()
    assert written.isprintable()


def test_the_tables_would_do_for_postgresql() -> None:
    dialect = make_url("postgresql://").get_dialect()()
    for table in (RUNS, EVENTS):
        assert str(CreateTable(table).compile(dialect=dialect))
    [index] = [index for index in RUNS.indexes if index.unique]
    assert "WHERE status IN ('cancelling'" in str(CreateIndex(index).compile(dialect=dialect))


async def test_what_is_absent() -> None:
    async with opened() as store:
        thread, *messages = await add_thread(store, 3)
        asked = ["msg_x", *messages, "msg_y", *(f"msg_{number}" for number in range(25_000))]
        async with store.transaction() as transaction:
            assert await transaction.absent(MESSAGES, asked) == [id for id in asked if id not in messages]
            assert await transaction.absent(THREADS, [thread]) == await transaction.absent(THREADS, []) == []


async def test_pieces_of_files() -> None:
    async with opened() as store, store.transaction() as transaction:
        assert await transaction.last_piece("file-1") is None
        for number in range(3):
            await transaction.add_piece("file-1", number, bytes([number]))
        assert (await transaction.last_piece("file-1"), await transaction.piece("file-1", 1)) == (2, b"\x01")
        assert await transaction.pieces_of_nothing() == ["file-1"]
        await transaction.delete_pieces("file-1", 2)
        assert [await transaction.piece("file-1", number) for number in range(4)] == [None, None, b"\x02", None]


async def test_files_by_their_time() -> None:
    async with opened() as store, store.transaction() as transaction:
        for name, expires_at in [("a", 10), ("b", 11), ("c", None)]:
            times = {} if expires_at is None else {"expires_at": expires_at}
            await transaction.insert({"id": f"file-{name}", "object": "file", "purpose": "assistants"} | times)
        assert await transaction.expired_files(10) == ["file-a"]


async def test_reading_does_not_wait_for_writing(tmp_path: Path) -> None:
    """In a file there is a second connection, which sees what was committed."""
    async with opened(tmp_path / "engine.db") as store:
        [thread] = await add_thread(store)
        async with store.transaction() as writing:
            await writing.delete(THREADS, thread)
            async with store.reading() as reading:
                assert await reading.get(THREADS, thread)
        async with store.reading() as reading:
            assert await reading.get(THREADS, thread) is None


async def test_reading_in_memory_is_a_transaction() -> None:
    async with opened() as store:
        [thread] = await add_thread(store)
        async with store.reading() as reading:
            assert await reading.get(THREADS, thread)


async def test_files_in_stores_go_with_the_file_and_with_the_store() -> None:
    async with opened() as store, store.transaction() as transaction:
        stores = [stores_objects.store({}) for _ in range(2)]
        for made in stores:
            await transaction.insert(made)
            for file in stores_objects.files(made["id"], ["file-a", "file-b"]):
                await transaction.insert(file)
                await transaction.insert(file)  # it is there already
        assert len(await transaction.all(VECTOR_STORE_FILES)) == 4
        await transaction.insert({"id": "file-a", "object": "file", "purpose": "assistants"})
        await transaction.delete(FILES, "file-a")
        assert [file["id"] for file in await transaction.all(VECTOR_STORE_FILES)] == ["file-b", "file-b"]
        await transaction.update((await transaction.all(VECTOR_STORE_FILES))[0] | {"status": "failed"})
        statuses = [file["status"] for file in await transaction.all(VECTOR_STORE_FILES)]
        assert statuses == ["failed", "in_progress"]
        await transaction.delete(VECTOR_STORES, stores[0]["id"])
        assert [file["vector_store_id"] for file in await transaction.all(VECTOR_STORE_FILES)] == [stores[1]["id"]]
