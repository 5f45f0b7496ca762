from __future__ import annotations

from pathlib import Path

import pytest

from assistream.engine.store import Store
from assistream.engine.tables import METADATA
from assistream.engine.transfer.exporting import counts_of, lines_of
from assistream.engine.transfer.kept import INDEXED, KEPT, LEFT_OUT, WHOSE
from assistream.engine.transfer.snapshot import reading
from assistream.engine.vector_stores import objects as stores
from assistream.engine.vector_stores import records

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


def test_of_every_table_it_is_decided_whether_an_export_has_it() -> None:
    assert {*KEPT.values(), *LEFT_OUT} == set(METADATA.tables.values())
    assert not LEFT_OUT & set(KEPT.values())


def test_columns_that_no_line_has_can_do_without() -> None:
    for table, names in INDEXED.items():
        assert all(table.c[name].nullable or table.c[name].server_default for name in names)


def test_parents_come_first() -> None:
    before: set[str] = set()
    for name, table in KEPT.items():
        assert {key.column.table.name for key in table.foreign_keys} <= before
        before.add(name)


def test_whose_a_row_is_is_known() -> None:
    """Else it is an object, whose id says whether it is there."""
    for table in KEPT.values():
        assert table in WHOSE or table.foreign_keys or [column.name for column in table.primary_key] == ["id"]
    places = list(KEPT.values())
    for table, (whose, owner) in WHOSE.items():
        assert whose.table is table
        assert places.index(KEPT[owner.table.name]) < places.index(table)


async def test_what_belongs_to_nothing_is_not_exported(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    await store.open()
    async with store.transaction() as transaction:
        await transaction.add_piece("file-unfinished", 0, b"x")
        await records.add_batch(transaction, stores.batch("vs_gone"), [{"file_id": "file-1"}], None)
        await transaction.add_events([("run_gone", 1, "thread.run.created", "{}", None)])
    await store.close()
    with reading(tmp_path / "a.db") as connection:
        counts = counts_of(connection)
        assert set(counts.values()) == {0}
        assert len(list(lines_of(connection, counts))) == 1
