from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest

from assistream.engine.observing import health
from assistream.engine.observing.health import Probe
from assistream.engine.store import Store
from assistream.engine.transaction import Transaction


def test_a_database_that_answers_and_one_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        store = Store()
        await store.open()
        probe = Probe(store)
        assert await probe.reaches()
        assert all(await asyncio.gather(*(probe.reaches() for _ in range(5))))
        await store.close()
        assert not await probe.reaches()

    asyncio.run(main())
    assert "The database cannot be used" in caplog.text


def test_one_that_does_not_answer_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    asked: list[float] = []

    async def main() -> None:
        store = Store()
        await store.open()
        probe = Probe(store)
        transaction = store.transaction

        def counted() -> AbstractAsyncContextManager[Transaction]:
            asked.append(time.time())
            return transaction()

        monkeypatch.setattr(store, "transaction", counted)
        async with transaction():  # somebody else has it
            assert [await probe.reaches() for _ in range(3)] == [False] * 3
            assert len(asked) == 1
        assert await probe.reaches()
        await store.close()

    asyncio.run(main())


def test_one_that_another_program_has_locked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def main() -> None:
        store = Store(tmp_path / "state.db")
        await store.open()
        probe = Probe(store)
        with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # it can still be read
            with monkeypatch.context() as hasty:
                hasty.setattr(health, "PATIENCE", 0.05)
                assert not await probe.reaches()
            other.execute("ROLLBACK")
        assert await probe.reaches()
        await store.close()

    asyncio.run(main())
