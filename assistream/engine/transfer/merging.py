"""What was staged, into the database of an engine: all of it, or nothing. Particular to SQLite.

What files hold may be large, and goes first, some pieces at a time, as an upload does; without their files these are
nobody's. The rest is one transaction. It takes as long as SQLite needs to copy the rows, and runs that go on wait.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa

from .. import contents
from ..lifecycle import ACTIVE, IN_LINE
from ..store import Store
from ..tables import PIECES
from ..transaction import Transaction
from .kept import KEPT, WHOSE
from .outcome import Counts, Tally, TransferError

_PIECES = 16
"""That are copied at once: 4 MiB."""
_NAMED = 3
"""Of the objects that are there already."""


async def merge(store: Store, staged: Path, counts: Counts, *, skip_existing: bool = False) -> tuple[Tally, list[str]]:
    """What came of it, and the runs that came and are not over: somebody must take them over.

    With ``skip_existing`` an object that is there stays as it is, and what belongs to it is skipped, too; else it is a
    `TransferError`.
    """
    async with _attached(store, staged):
        new = await _without_existing(store) if skip_existing else counts
        await _refuse_existing(store)
        await _clear(store)
        try:
            await _copy_pieces(store)
            async with store.transaction() as transaction:
                transaction.in_bulk = True
                for table in KEPT.values():
                    if table is not PIECES:
                        await _copy(transaction, table)
                run_ids = await _under_way(transaction)
        except BaseException:
            await _drop_pieces(store)
            raise
    skipped = {name: counts[name] - new[name] for name in counts if counts[name] - new[name]}
    return Tally(new, skipped), run_ids


@asynccontextmanager
async def _attached(store: Store, staged: Path) -> AsyncGenerator[None]:
    async with store.transaction() as transaction:
        await transaction.sql("ATTACH DATABASE ? AS staged", str(staged))
    try:
        yield
    finally:
        async with store.transaction() as transaction:
            await transaction.sql("DETACH DATABASE staged")


async def _without_existing(store: Store) -> Counts:
    """Takes out of the stage what is there already; what belongs to it goes along."""
    async with store.transaction() as transaction:
        for table in KEPT.values():
            if table in WHOSE:
                whose, owner = WHOSE[table]
                which = f"{whose.name} NOT IN (SELECT {owner.name} FROM staged.{owner.table.name})"
            elif not table.foreign_keys:
                which = f"id IN (SELECT id FROM main.{table.name})"
            else:
                continue  # it went along
            await transaction.sql(f"DELETE FROM staged.{table.name} WHERE {which}")
        return {name: await _count(transaction, name) for name in KEPT}


async def _count(transaction: Transaction, name: str) -> int:
    count: int = (await transaction.sql(f"SELECT count(*) FROM staged.{name}")).scalar_one()
    return count


async def _refuse_existing(store: Store) -> None:
    async with store.transaction() as transaction:
        for name, table in KEPT.items():
            if [column.name for column in table.primary_key] != ["id"]:
                continue  # it belongs to something that is looked for
            query = f"SELECT id FROM staged.{name} WHERE id IN (SELECT id FROM main.{name}) LIMIT {_NAMED + 1}"
            if found := list((await transaction.sql(query)).scalars()):
                which = ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")
                raise TransferError(f"Of the {name} these are there already: {which}. Nothing was imported.")


async def _clear(store: Store) -> None:
    """What comes is not there; but rows may be left of its namesake, which was deleted while it was written."""
    async with store.transaction() as transaction:
        for table, (whose, owner) in WHOSE.items():
            which = f"{whose.name} IN (SELECT {owner.name} FROM staged.{owner.table.name})"
            await transaction.sql(f"DELETE FROM main.{table.name} WHERE {which}")


async def _copy(transaction: Transaction, table: sa.Table, where: str = "") -> None:
    columns = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118 -- it is no dict
    source = f"SELECT {columns} FROM staged.{table.name} {where}"
    await transaction.sql(f"INSERT INTO main.{table.name} ({columns}) {source}")


async def _copy_pieces(store: Store) -> None:
    last = 0
    while True:
        async with store.transaction() as transaction:
            query = "SELECT max(rowid) FROM (SELECT rowid FROM staged.pieces WHERE rowid > ? ORDER BY rowid LIMIT ?)"
            end: int | None = (await transaction.sql(query, last, _PIECES)).scalar()
            if end is None:
                return
            await _copy(transaction, PIECES, f"WHERE rowid > {last} AND rowid <= {end}")
        last = end


async def _drop_pieces(store: Store) -> None:
    async with store.transaction() as transaction:
        query = "SELECT id FROM staged.files WHERE id NOT IN (SELECT id FROM main.files)"
        ids = list((await transaction.sql(query)).scalars())
    for file_id in ids:
        await contents.drop(store, file_id)


async def _under_way(transaction: Transaction) -> list[str]:
    marks = ", ".join("?" * len(ACTIVE | {IN_LINE}))
    query = f"SELECT id FROM staged.runs WHERE status IN ({marks}) ORDER BY moment"
    return list((await transaction.sql(query, *ACTIVE, IN_LINE)).scalars())
