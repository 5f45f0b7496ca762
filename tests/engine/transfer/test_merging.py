from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from assistream.engine import objects
from assistream.engine.lifecycle import Document
from assistream.engine.store import Store, StoreError
from assistream.engine.tables import EVENTS, FILES, PIECES, RUNS, THREADS
from assistream.engine.transfer import TransferError, merging
from assistream.engine.transfer.lines import header, written
from assistream.engine.transfer.merging import merge
from assistream.engine.transfer.staging import Stage, stage_all, staging

pytestmark = pytest.mark.anyio

THREAD = objects.thread({})
RUN = objects.run(THREAD["id"], objects.assistant({"model": "any"}), {}, ttl=60)
FILE: Document = {"id": "file-1", "object": "file", "bytes": 40, "created_at": 1, "filename": "", "purpose": "vision"}
LINES = [
    header({}),
    written(THREADS, {"moment": 1, "body": THREAD}),
    written(RUNS, {"moment": 2, "body": RUN}),
    written(EVENTS, {"run_id": RUN["id"], "number": 1, "name": "thread.run.created", "data": "{}"}),
    written(FILES, {"moment": 1, "body": FILE}),
    *(written(PIECES, {"file_id": "file-1", "number": number, "data": b"x"}) for number in range(40)),
]


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    store = Store(tmp_path / "a.db")
    await store.open()
    yield store
    await store.close()


async def merged(store: Store, stage: Stage, *, skip: bool = False) -> list[str]:
    _, run_ids = await merge(store, stage.path, stage_all(stage, LINES), skip_existing=skip)
    return run_ids


async def rows(store: Store) -> dict[str, int]:
    names = ("threads", "runs", "events", "files", "pieces")
    async with store.transaction() as transaction:
        found = {name: (await transaction.sql(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}
        attached = (await transaction.sql("SELECT name FROM pragma_database_list")).scalars()
    assert "staged" not in list(attached)
    return {name: count for name, count in found.items() if count}


async def test_all_of_it(store: Store) -> None:
    with staging(None) as stage:
        assert await merged(store, stage) == [RUN["id"]]
    assert await rows(store) == {"threads": 1, "runs": 1, "events": 1, "files": 1, "pieces": 40}


async def test_who_watches_is_told_that_rows_came_in_bulk(store: Store) -> None:
    told: list[bool] = []
    store.watch(lambda transaction: told.append(transaction.in_bulk))
    with staging(None) as stage:
        await merged(store, stage)
    assert told.count(True) == 1


async def test_what_is_there_is_refused_before_anything_is_copied(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.insert(THREAD)
    with staging(None) as stage, pytest.raises(TransferError, match=f"Of the threads these .*: {THREAD['id']}\\."):
        await merged(store, stage)
    assert await rows(store) == {"threads": 1}


async def test_what_is_there_is_skipped_with_what_belongs_to_it(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.insert(THREAD)
    with staging(None) as stage:
        assert await merged(store, stage, skip=True) == []
    assert await rows(store) == {"threads": 1, "files": 1, "pieces": 40}


async def test_nothing_stays_of_what_fails_in_the_middle(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.sql("CREATE TRIGGER full BEFORE INSERT ON files BEGIN SELECT raise(ABORT, 'no room'); END")
    with staging(None) as stage, pytest.raises(StoreError, match="no room"):
        await merged(store, stage)
    assert await rows(store) == {}


async def test_leftovers_of_what_was_deleted_are_in_nobodys_way(store: Store) -> None:
    async with store.transaction() as transaction:  # of a run, and a file, that were deleted while they were written
        await transaction.add_events([(RUN["id"], 1, "old", "{}", None)])
        await transaction.add_piece("file-1", 0, b"old")
        await transaction.add_piece("file-1", 50, b"old")
        await transaction.add_piece("file-2", 0, b"of an upload that goes on")
    with staging(None) as stage:
        await merged(store, stage)
    assert await rows(store) == {"threads": 1, "runs": 1, "events": 1, "files": 1, "pieces": 41}
    async with store.transaction() as transaction:
        assert [row.name for row in await transaction.events(RUN["id"])] == ["thread.run.created"]
        assert await transaction.piece("file-1", 0) == b"x"


async def test_others_write_while_what_files_hold_is_copied(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    store.watch(lambda transaction: taken.append(1))
    monkeypatch.setattr(merging, "_PIECES", 4)
    with staging(None) as stage:
        await merged(store, stage)
    assert len(taken) > 10
