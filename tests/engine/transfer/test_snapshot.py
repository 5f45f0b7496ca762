from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from assistream.engine import Engine
from assistream.engine.tables import THREADS
from assistream.engine.transfer import backup, export
from assistream.engine.transfer.snapshot import reading
from assistream.errors import ConfigurationError

from ..conftest import Api


def count(connection: sa.Connection) -> int | None:
    return connection.scalar(sa.select(sa.func.count()).select_from(THREADS))


def test_it_does_not_see_what_is_written_later(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    with Engine(tmp_path / "ä b?.db") as engine:
        api = connect(engine)
        api.thread()
        with reading(tmp_path / "ä b?.db") as connection:
            for _ in range(5):
                api.thread()
            assert count(connection) == 1
        with reading(tmp_path / "ä b?.db") as connection:
            assert count(connection) == 6


def test_nothing_is_left_beside_a_database_that_nobody_uses(tmp_path: Path) -> None:
    with Engine(tmp_path / "a.db"):
        pass
    with reading(tmp_path / "a.db") as connection:
        assert count(connection) == 0
        with pytest.raises(OperationalError, match="readonly"):
            connection.execute(THREADS.delete())
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db.lock"}


def test_what_is_no_database_of_an_engine(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("CREATE TABLE threads (id)")
    (tmp_path / "text.db").write_text("Hello, world. " * 100)
    (tmp_path / "empty.db").touch()
    with Engine(tmp_path / "newer.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "newer.db")) as database:
        database.execute("PRAGMA user_version = 1000")
    for name, says in {
        "absent.db": "There is no database",
        "other.db": "it belongs to another program",
        "text.db": "file is not a database",
        "empty.db": "it is empty",
        "newer.db": "version 1000 of the tables",
    }.items():
        with pytest.raises(ConfigurationError, match=says), reading(tmp_path / name):
            pass
    assert not (tmp_path / "absent.db").exists()


def test_a_database_of_an_earlier_release(tmp_path: Path) -> None:
    """It can be backed up before it is upgraded, and exported afterwards."""
    with Engine(tmp_path / "a.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("PRAGMA user_version = 1")
    backup(tmp_path / "a.db", tmp_path / "copy.db")
    with pytest.raises(ConfigurationError, match="has version 1 of the tables, and version 2 is needed"):
        export(tmp_path / "a.db", tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()
