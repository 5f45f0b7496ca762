"""The queue: what an engine leaves, the next one finds; what goes wrong with one file is nothing to the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistream.engine import Engine
from assistream.engine.vector_stores import indexing, records
from tests.engine.conftest import Api, ScriptedEngine
from tests.engine.vector_stores.gate import Gate, letters
from tests.engine.vector_stores.shelf import Shelf, settled


def counted(path: Path) -> dict[str, int]:
    """How many rows there are of what is indexed."""
    with closing(sqlite3.connect(path)) as database:
        tables = ("entries", "chunks", "words")
        return {name: database.execute(f"SELECT count(*) FROM vector_store_{name}").fetchone()[0] for name in tables}


def test_what_was_not_done_is_done_by_the_next_engine(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path, gate = tmp_path / "engine.db", Gate()
    with Engine(path, embeddings=gate) as engine:
        api = connect(engine)
        shelf = Shelf(api)
        ids = [api.upload(f"wait {number}".encode())["id"] for number in range(5)]
        api.post(f"{shelf.path}/file_batches", {"file_ids": ids})
        assert gate.reached.wait(10)
    assert 1 <= gate.left <= indexing.WORKERS
    with Engine(path) as engine:
        shelf.api = connect(engine)
        assert settled(shelf.api, shelf.path)["file_counts"]["completed"] == 5
        assert len(shelf.search("wait")) == 5
    assert counted(path) == {"entries": 5, "chunks": 5, "words": 5}


def test_what_a_crash_has_left_goes(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        shelf = Shelf(connect(engine))
        file = shelf.put("Words")
    with closing(sqlite3.connect(path)) as database, database:
        # As if it had been half-way through the file, which had been there before.
        database.execute("INSERT INTO vector_store_entries (id, chunking) VALUES (77, '{}')")
        database.execute("INSERT INTO vector_store_chunks (id, entry, number, text, shared) VALUES (99, 77, 0, 'x', 0)")
        database.execute("INSERT INTO vector_store_words (rowid, words) VALUES (99, 'x')")
        body = database.execute("SELECT body FROM vector_store_files").fetchone()[0]
        changed = body.replace('"completed"', '"in_progress"')
        database.execute("UPDATE vector_store_files SET status = 'in_progress', attempts = 1, body = ?", (changed,))
    with Engine(path) as engine:
        shelf.api = connect(engine)
        assert settled(shelf.api, f"{shelf.path}/files/{file['id']}")["status"] == "completed"
        assert len(shelf.search("words")) == 1
    assert counted(path) == {"entries": 1, "chunks": 1, "words": 1}


def test_a_file_that_ends_the_engine_does_not_do_so_for_ever(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        shelf = Shelf(connect(engine))
        file = shelf.put("Words")
    with closing(sqlite3.connect(path)) as database, database:
        body = database.execute("SELECT body FROM vector_store_files").fetchone()[0]
        values = (records.ATTEMPTS, body.replace('"completed"', '"in_progress"'))
        database.execute("UPDATE vector_store_files SET status = 'in_progress', attempts = ?, body = ?", values)
    with Engine(path) as engine:
        shelf.api = connect(engine)
        failed = settled(shelf.api, f"{shelf.path}/files/{file['id']}")
        assert (failed["status"], failed["last_error"]["code"]) == ("failed", "server_error")
        assert shelf.add(file["id"])["status"] == "completed"


def test_what_is_deleted_is_dropped(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        api = connect(engine)
        shelf, other = Shelf(api), Shelf(api)
        first, second = shelf.put("word " * 5000), shelf.put("Words")
        other.add(second["id"])
        api.delete(f"{shelf.path}/files/{first['id']}")
        while counted(path) != {"entries": 2, "chunks": 2, "words": 2}:
            pass
        api.delete(other.path)
        while counted(path) != {"entries": 1, "chunks": 1, "words": 1}:
            pass
        api.delete(f"/files/{second['id']}")
        while any(counted(path).values()):
            pass


def test_what_was_indexed_in_an_expired_store_goes_with_the_next_engine(
    tmp_path: Path, connect: Callable[[Engine], Api]
) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        shelf = Shelf(connect(engine), expires_after={"anchor": "last_active_at", "days": 1})
        file = shelf.put("Words")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE vector_stores SET body = json_set(body, '$.expires_at', 1)")
    with Engine(path) as engine:
        shelf.api = connect(engine)
        while any(counted(path).values()):
            pass
        assert [one["id"] for one in shelf.files()] == [file["id"]]
        assert shelf.now["status"] == "expired"


def test_a_large_batch_does_not_hold_up_another_store(scripted_engine: ScriptedEngine) -> None:
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    large, small = Shelf(api), Shelf(api)
    api.post(f"{large.path}/file_batches", {"file_ids": [api.upload(b"quick")["id"] for _ in range(60)]})
    assert small.put("Me first")["status"] == "completed"
    assert large.now["file_counts"]["in_progress"] > 0
    assert settled(api, large.path)["file_counts"]["completed"] == 60


async def failing(texts: Sequence[str]) -> list[list[float]]:
    if any("bad" in text for text in texts):
        raise ValueError("no vectors for this")
    return [letters(text) for text in texts]


def test_without_embeddings_for_it_a_file_fails(scripted_engine: ScriptedEngine) -> None:
    shelf = Shelf(scripted_engine("Hi", embeddings=failing))
    failed, good = shelf.put("bad words"), shelf.put("good words")
    error = {"code": "server_error", "message": "The embeddings failed: ValueError: no vectors for this"}
    assert (failed["status"], failed["last_error"], good["status"]) == ("failed", error, "completed")
    assert shelf.add(good["id"]) == good


def test_a_bug_fails_the_file_alone(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(api)

    async def broken(*arguments: object) -> int:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "filed", broken)
        failed = shelf.put("Words")
    assert (failed["status"], failed["last_error"]["code"]) == ("failed", "server_error")
    assert "KeyError" not in failed["last_error"]["message"]
    assert shelf.add(failed["id"])["status"] == "completed"


def test_while_the_database_is_in_trouble_files_wait(
    scripted_engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "AGAIN", 0.01)
    monkeypatch.setattr("assistream.engine.store.BUSY", 0.01)
    path = tmp_path / "engine.db"
    gate = Gate()
    shelf = Shelf(scripted_engine("Hi", path=path, embeddings=gate))
    file_id = shelf.api.upload(b"wait for it")["id"]
    shelf.api.post(f"{shelf.path}/files", {"file_id": file_id})
    assert gate.reached.wait(10)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        gate.opened.set()
        assert shelf.api.get(f"{shelf.path}/files/{file_id}")["status"] == "in_progress"
    assert settled(shelf.api, f"{shelf.path}/files/{file_id}")["status"] == "completed"
    assert len(shelf.search("wait")) == 1
