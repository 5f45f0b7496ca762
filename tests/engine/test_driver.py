from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from assistream.engine import driver

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def opened(path: Path, timeout: float = 5.0) -> AsyncGenerator[AsyncConnection]:
    address = sa.URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(address, async_creator=partial(driver.connect, str(path), timeout))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "some.db"
    with closing(sqlite3.connect(made)) as database, database:
        database.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT UNIQUE)")
    return made


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done in threads of connections."""
    made: list[str] = []
    execute: Any = getattr(driver.Connection, "_execute")  # noqa: B009 -- it has no types

    async def counted(self: driver.Connection, what: Any, *arguments: Any, **more: Any) -> Any:
        made.append(what.__name__ if hasattr(what, "__name__") else "statement")
        return await execute(self, what, *arguments, **more)

    monkeypatch.setattr(driver.Connection, "_execute", counted)
    return made


async def add(connection: AsyncConnection, *words: str) -> sa.CursorResult[Any]:
    rows = [{"word": word} for word in words]
    return await connection.execute(sa.text("INSERT INTO words (word) VALUES (:word)"), rows)


async def driver_of(connection: AsyncConnection) -> driver.Connection:
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, driver.Connection)
    return raw


def adding(word: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute("INSERT INTO words (word) VALUES (?)", (word,))


def found(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT word FROM words ORDER BY id").fetchall()


async def words(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(sa.text("SELECT word FROM words ORDER BY id")))


async def test_a_statement_is_one_trip(path: Path, trips: list[str]) -> None:
    async with opened(path) as connection:
        trips.clear()
        async with connection.begin():
            await add(connection, "one", "two")
            assert await words(connection) == ["one", "two"]
        assert trips == ["statement", "statement", "commit"]


async def test_several_steps_are_one_trip(path: Path, trips: list[str]) -> None:
    async with opened(path) as connection:
        raw = await driver_of(connection)
        trips.clear()
        seen: list[object] = []
        await raw.carry_out([adding("one"), lambda one: seen.extend(found(one)), adding("two")])
        assert len(trips) == 1
        assert seen == [("one",)]
        await raw.carry_out([adding("three"), sqlite3.Connection.commit])
        await raw.undo()
        assert await words(connection) == ["one", "two", "three"]


async def test_the_first_step_that_fails_is_the_last(path: Path) -> None:
    async with opened(path) as connection:
        raw = await driver_of(connection)
        with pytest.raises(sqlite3.IntegrityError):
            await raw.carry_out([adding("one"), adding("one"), adding("two"), sqlite3.Connection.commit])
        assert await words(connection) == ["one"]
        await raw.undo()
        assert await words(connection) == []


async def test_what_somebody_left_behind_is_undone(path: Path) -> None:
    """Also what still waits for the thread when its program has been cancelled."""
    async with opened(path) as connection:
        raw, may_go_on = await driver_of(connection), threading.Event()
        held = asyncio.create_task(raw.carry_out([lambda _: may_go_on.wait(10)]))
        task = asyncio.create_task(raw.carry_out([adding("one")]))
        await asyncio.sleep(0)
        task.cancel()
        undone = asyncio.create_task(raw.undo())
        await asyncio.sleep(0)
        may_go_on.set()
        await asyncio.wait([held, task, undone])
        assert task.cancelled()
        assert not raw.in_transaction
        assert await words(connection) == []


async def test_what_only_reads_has_nothing_to_commit(path: Path, trips: list[str]) -> None:
    async with opened(path) as connection:
        trips.clear()
        async with connection.begin():
            assert await words(connection) == []
        assert trips == ["statement"]


async def test_what_was_committed_others_see_and_what_was_not_nobody(path: Path) -> None:
    async with opened(path) as connection, opened(path) as other:
        async with connection.begin():
            await add(connection, "kept")
        with pytest.raises(RuntimeError):
            async with connection.begin():
                await add(connection, "lost")
                raise RuntimeError
        assert await words(connection) == await words(other) == ["kept"]


async def test_a_reader_holds_nobody_up(path: Path) -> None:
    async with opened(path) as reader, opened(path, timeout=0.0) as writer:
        await add(writer, "one", "two")
        await writer.commit()
        await reader.scalars(sa.text("SELECT word FROM words"))  # and neither closes nor commits
        await add(writer, "three")
        await writer.commit()


async def test_what_a_result_knows(path: Path) -> None:
    async with opened(path) as connection:
        made = await connection.execute(sa.text("INSERT INTO words (word) VALUES ('one')"))
        assert made.lastrowid == 1
        assert made.rowcount == 1
        assert not made.returns_rows
        changed = await connection.execute(sa.text("UPDATE words SET word = 'two' WHERE id > 0"))
        assert changed.rowcount == 1
        found = await connection.execute(sa.text("SELECT id, word FROM words WHERE id = 0"))
        assert list(found.keys()) == ["id", "word"]
        assert found.all() == []
        assert (await add(connection, "a", "b", "c")).rowcount == 3


async def test_what_is_wrong_is_told_and_the_connection_goes_on(path: Path) -> None:
    async with opened(path) as connection:
        await add(connection, "one")
        with pytest.raises(IntegrityError) as caught:
            await add(connection, "two", "one")
        assert getattr(caught.value.orig, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_UNIQUE"
        with pytest.raises(OperationalError):
            await connection.execute(sa.text("SELECT nothing"))
        await connection.rollback()
        assert await words(connection) == []


async def test_its_thread_does_not_keep_a_program_from_ending(path: Path) -> None:
    before = set(threading.enumerate())
    async with opened(path) as connection:
        await words(connection)
        [thread] = set(threading.enumerate()) - before
        assert thread.daemon
