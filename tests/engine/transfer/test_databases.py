from __future__ import annotations

import io
import json
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistream.engine import Engine, objects
from assistream.engine.tables import EVENTS, FILES, MESSAGES, PIECES, RUNS, THREADS
from assistream.engine.transfer import TransferError, backup, export, load
from assistream.engine.transfer.databases import Source
from assistream.engine.transfer.lines import header, written
from assistream.errors import ConfigurationError

from ..conftest import Api
from .filled import fill, model, view


@pytest.fixture
def database(tmp_path: Path, connect: Callable[[Engine], Api]) -> Path:
    with Engine(tmp_path / "a.db", model=model()) as engine:
        fill(connect(engine))
    return tmp_path / "a.db"


def test_out_of_one_database_into_another(database: Path, tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    told: list[tuple[int, int]] = []
    counts = export(database, tmp_path / "a.jsonl", lambda done, total: told.append((done, total)))
    assert told[-1] == (sum(counts.values()), sum(counts.values()))
    assert load(tmp_path / "b.db", tmp_path / "a.jsonl").imported == counts
    with Engine(database) as one, Engine(tmp_path / "b.db") as other:
        assert view(connect(other)) == view(connect(one))
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db.lock", "a.jsonl", "b.db", "b.db.lock"}


def test_sources_and_targets(database: Path, tmp_path: Path) -> None:
    target = io.BytesIO()
    export(str(database), target)
    (tmp_path / "a.jsonl").write_bytes(target.getvalue())
    with (tmp_path / "a.jsonl").open("rb") as file:
        sources: list[Source] = [str(tmp_path / "a.jsonl"), file, target.getvalue().splitlines(keepends=True)]
        for number, source in enumerate(sources):
            assert load(tmp_path / f"{number}.db", source).imported["threads"] == 4
    target.seek(0)
    assert load(tmp_path / "9.db", target).imported["threads"] == 4


def test_a_database_of_an_engine_that_runs(database: Path, tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    export(database, tmp_path / "before.jsonl")
    with Engine(database) as engine:
        connect(engine).thread()
        assert export(database, tmp_path / "a.jsonl")["threads"] == 5
        backup(database, tmp_path / "copy.db")
        with pytest.raises(ConfigurationError, match="is in use by another engine"):
            load(database, tmp_path / "a.jsonl")
    with Engine(tmp_path / "copy.db") as copy:
        assert len(view(connect(copy))["threads"]) == 5


def test_nothing_is_written_over(database: Path, tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    for use in (export, backup):
        with pytest.raises(ConfigurationError, match="already"):
            use(database, tmp_path / "b")
    assert (tmp_path / "b").stat().st_size == 0


def test_a_broken_export_makes_no_database(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "a.jsonl")
    whole = (tmp_path / "a.jsonl").read_bytes()
    (tmp_path / "half.jsonl").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TransferError, match="Nothing was imported"):
        load(tmp_path / "b.db", tmp_path / "half.jsonl")
    assert not (tmp_path / "b.db").exists()


def test_an_export_that_is_an_older_ones_copy(database: Path, tmp_path: Path) -> None:
    """Of a database that lacks a table which came later, the rest is exported."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE pieces")
        connection.commit()
    counts = export(database, tmp_path / "a.jsonl")
    assert "pieces" not in counts
    assert json.loads((tmp_path / "a.jsonl").read_bytes().splitlines()[0])["counts"] == counts


MANY = 4_000


def many() -> Iterator[bytes]:
    """Messages and events of 40 MB, and a file of 16 MB."""
    yield header({})
    thread = objects.thread({})
    run = objects.run(thread["id"], objects.assistant({"model": "any"}), {}, ttl=60) | {"status": "completed"}
    yield written(THREADS, {"moment": 1, "body": thread})
    yield written(RUNS, {"moment": 1, "body": run})
    for moment in range(MANY):
        block = objects.text_block("word " * 1_000)
        yield written(MESSAGES, {"moment": moment, "body": objects.message(thread["id"], "user", [block])})
    for number in range(MANY):
        data = json.dumps({"text": "word " * 1_000})
        yield written(EVENTS, {"run_id": run["id"], "number": number, "name": "thread.message.delta", "data": data})
    file = {"id": "file-1", "object": "file", "bytes": 16 * 2**20, "created_at": 1, "filename": "", "purpose": "vision"}
    yield written(FILES, {"moment": 1, "body": file})
    for number in range(64):
        yield written(PIECES, {"file_id": "file-1", "number": number, "data": bytes(2**18)})


def test_it_takes_as_little_memory_for_much_as_for_little(tmp_path: Path) -> None:
    load(tmp_path / "warm.db", [header({})])
    export(tmp_path / "warm.db", tmp_path / "warm.jsonl")
    tracemalloc.start()
    try:
        load(tmp_path / "a.db", many())
        export(tmp_path / "a.db", tmp_path / "a.jsonl")
        load(tmp_path / "b.db", tmp_path / "a.jsonl")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "a.jsonl").stat().st_size > 60_000_000
    # Some lines, a piece that is read, and a batch of rows.
    assert most < 24_000_000
