from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistream.engine import contents
from assistream.engine.contents import PIECE, Upload
from assistream.engine.errors import Refused
from assistream.engine.store import Store
from assistream.engine.tables import FILES

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


async def pieces(store: Store, file_id: str) -> list[int]:
    async with store.transaction() as transaction:
        last = await transaction.last_piece(file_id)
        found = [await transaction.piece(file_id, number) for number in range((-1 if last is None else last) + 1)]
    return [-1 if piece is None else len(piece) for piece in found]


async def test_a_file_is_kept_in_pieces(store: Store) -> None:
    upload = Upload(store, 10 * PIECE)
    for _ in range(5):
        await upload.write(b"x" * (PIECE // 2))
    file = await upload.finish("a.txt", "assistants", None)
    assert await pieces(store, file["id"]) == [PIECE, PIECE, PIECE // 2]
    assert file["bytes"] == PIECE * 5 // 2
    assert await contents.whole(store, file["id"]) == b"x" * file["bytes"]
    assert await contents.whole(store, "file-x") is None


async def test_a_file_is_there_when_all_of_it_is(store: Store) -> None:
    upload = Upload(store, PIECE * 2)
    await upload.write(b"x" * PIECE)
    async with store.transaction() as transaction:
        assert await transaction.all(FILES) == []
        assert len(await transaction.pieces_of_nothing()) == 1
    await upload.finish("a.txt", "assistants", None)
    async with store.transaction() as transaction:
        assert len(await transaction.all(FILES)) == 1
        assert await transaction.pieces_of_nothing() == []


async def test_what_does_not_come_to_its_end_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused, match="exceeded"):
        async with contents.uploading(store, PIECE) as upload:
            await upload.write(b"x" * PIECE)
            await upload.write(b"x")
    async with store.transaction() as transaction:
        assert await transaction.pieces_of_nothing() == []


async def test_what_a_killed_engine_left_goes_when_the_next_one_starts(tmp_path: Path) -> None:
    path, ids = tmp_path / "engine.db", [""]
    for last in (False, True):
        store = Store(path)
        await store.open()
        if last:
            await contents.tidy(store)
            async with store.transaction() as transaction:
                assert await transaction.pieces_of_nothing() == []
            assert await pieces(store, ids[0]) == [1]
        else:
            whole, half = Upload(store, PIECE), Upload(store, PIECE)
            await whole.write(b"x")
            ids = [(await whole.finish("a.txt", "assistants", None))["id"]]
            await half.write(b"x" * PIECE)
        await store.close()


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 33])
async def test_all_pieces_are_deleted(store: Store, count: int) -> None:
    async with store.transaction() as transaction:
        for file_id in ("file-1", "file-2"):
            for number in range(count):
                await transaction.add_piece(file_id, number, b"x")
    await contents.drop(store, "file-1")
    assert (await pieces(store, "file-1"), len(await pieces(store, "file-2"))) == ([], count)


async def test_a_file_that_is_deleted_while_it_is_read(store: Store) -> None:
    upload = Upload(store, PIECE * 2)
    await upload.write(b"x" * 2 * PIECE)
    file = await upload.finish("a.txt", "assistants", None)
    reading = contents.read(store, file)
    assert await anext(reading) == b"x" * PIECE
    assert await contents.delete(store, file["id"])
    assert not await contents.delete(store, file["id"])
    with pytest.raises(FileNotFoundError, match="was deleted"):
        await anext(reading)


async def test_files_go_when_their_time_is_over(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = Upload(store, PIECE)
    await upload.write(b"x")
    file = await upload.finish("a.txt", "assistants", 3600)
    await contents.sweep(store)
    assert await contents.whole(store, file["id"]) == b"x"
    later = int(time.time()) + 3601
    monkeypatch.setattr("assistream.engine.contents.now", lambda: later)
    assert await contents.whole(store, file["id"]) is None
    assert await pieces(store, file["id"]) == []
