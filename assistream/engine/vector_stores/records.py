"""Files in vector stores as rows: what is in a store, what is to be done, what can be searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..lifecycle import Document
from ..tables import BATCHED, CHUNKS, ENTRIES, VECTOR_STORES
from ..tables import VECTOR_STORE_FILES as FILES
from ..transaction import Transaction
from . import objects

ATTEMPTS = 3
"""How often a file is begun: one that ends the engine each time must not do so for ever."""


class Job(NamedTuple):
    """A file that is to be indexed."""

    vector_store_id: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """What of one file can be searched."""

    entry: int
    vector_store_id: str
    file_id: str
    space: str | None


async def put(transaction: Transaction, files: Sequence[Document], space: str | None) -> None:
    """Adds files to a store. One that is there already has its attributes and chunking changed, and is indexed again
    only if that makes a difference, or it failed.
    """
    if not files:
        return
    ids = {document["id"] for document in files}
    before = {each["id"]: each for each in await _in_store(transaction, files[0]["vector_store_id"], ids)}
    spaces = await _spaces(transaction, files[0]["vector_store_id"], before)
    for new in files:
        if (old := before.get(new["id"])) is None:
            await transaction.insert(new)
            continue
        changed = old | {"attributes": new["attributes"], "chunking_strategy": new["chunking_strategy"]}
        same = old["chunking_strategy"] == new["chunking_strategy"] and spaces.get(new["id"]) == space
        if old["status"] != "completed" or not same:
            changed |= {"status": "in_progress", "last_error": None, "usage_bytes": 0}
            await transaction.execute(_row(new).values(attempts=0))
        await transaction.update(changed)


async def _in_store(transaction: Transaction, store_id: str, ids: Collection[str]) -> list[Document]:
    return await transaction.all(FILES, vector_store_id=store_id, id=ids)


async def _spaces(transaction: Transaction, store_id: str, ids: Iterable[str]) -> dict[str, str | None]:
    query = sa.select(FILES.c.id, ENTRIES.c.space).join(ENTRIES, FILES.c.entry == ENTRIES.c.id)
    rows = await transaction.execute(query.where(FILES.c.vector_store_id == store_id, FILES.c.id.in_(list(ids))))
    return {row.id: row.space for row in rows}


def _row(document: Document) -> sa.Update:
    return FILES.update().where(*_key(document))


def _key(document: Document) -> tuple[sa.ColumnElement[bool], ...]:
    return FILES.c.vector_store_id == document["vector_store_id"], FILES.c.id == document["id"]


async def remove(transaction: Transaction, store_id: str, file_id: str) -> None:
    await transaction.execute(FILES.delete().where(FILES.c.vector_store_id == store_id, FILES.c.id == file_id))


async def filled(transaction: Transaction, stores: Sequence[Document]) -> list[Document]:
    """The stores as clients see them."""
    ids = [store["id"] for store in stores]
    sums = (sa.func.count().label("files"), sa.func.sum(FILES.c.usage_bytes).label("bytes"))
    query = sa.select(FILES.c.vector_store_id, FILES.c.status, *sums).where(FILES.c.vector_store_id.in_(ids))
    rows = (await transaction.execute(query.group_by(FILES.c.vector_store_id, FILES.c.status))).all()
    found: list[Document] = []
    for store in stores:
        own = [row for row in rows if row.vector_store_id == store["id"]]
        found.append(objects.filled(store, {row.status: row.files for row in own}, sum(row.bytes for row in own)))
    return found


async def fill_batch(transaction: Transaction, batch: Document, file_ids: Iterable[str]) -> None:
    await transaction.insert(batch)
    rows = [{"batch_id": batch["id"], "file_id": id} for id in file_ids]
    await transaction.execute(BATCHED.insert(), rows)


async def batched(transaction: Transaction, batch: Document) -> list[str]:
    """The ids of a batch's files."""
    rows = await transaction.execute(sa.select(BATCHED.c.file_id).where(BATCHED.c.batch_id == batch["id"]))
    return list(rows.scalars())


async def progressed(transaction: Transaction, batch: Document) -> Document:
    """The batch as clients see it."""
    query = sa.select(FILES.c.status, sa.func.count().label("files")).where(_of_batch(batch))
    rows = await transaction.execute(query.group_by(FILES.c.status))
    return objects.progressed(batch, {row.status: row.files for row in rows})


def _of_batch(batch: Document) -> sa.ColumnElement[bool]:
    of_batch = sa.select(BATCHED.c.file_id).where(BATCHED.c.batch_id == batch["id"])
    return sa.and_(FILES.c.vector_store_id == batch["vector_store_id"], FILES.c.id.in_(of_batch))


async def cancel_batch(transaction: Transaction, batch: Document) -> list[Job]:
    """What of the batch is not done yet is cancelled: which files that were."""
    query = sa.select(FILES.c.body).where(_of_batch(batch), FILES.c.status == "in_progress")
    waiting: list[Document] = list((await transaction.execute(query)).scalars())
    for document in waiting:
        await transaction.update(document | {"status": "cancelled"})
    if waiting:
        await transaction.update(batch | {"status": "cancelled"})
    return [Job(document["vector_store_id"], document["id"]) for document in waiting]


async def next_job(
    transaction: Transaction, busy: Collection[Job], turns: Mapping[str, int]
) -> tuple[Job, Document] | None:
    """What to index next: of the store that has the fewest files at work, and was served the longest time ago.

    So one file for a thread does not wait for the thousands of another store.
    """
    first = sa.func.min(FILES.c.moment).label("moment")
    query = sa.select(FILES.c.vector_store_id, first).where(FILES.c.status == "in_progress")
    if busy:
        query = query.where(sa.tuple_(FILES.c.vector_store_id, FILES.c.id).not_in(list(busy)))
    stores = (await transaction.execute(query.group_by(FILES.c.vector_store_id))).all()
    if not stores:
        return None
    at_work = [job.vector_store_id for job in busy]

    def turn(row: sa.Row[Any]) -> tuple[int, int, int]:
        return at_work.count(row.vector_store_id), turns.get(row.vector_store_id, 0), row.moment

    chosen = min(stores, key=turn)
    where = (FILES.c.vector_store_id == chosen.vector_store_id, FILES.c.moment == chosen.moment)
    document: Document = (await transaction.execute(sa.select(FILES.c.body).where(*where))).scalar_one()
    return Job(document["vector_store_id"], document["id"]), document


async def begin(transaction: Transaction, document: Document, space: str | None) -> int | None:
    """A new entry for what will be indexed of the file; None if it was begun too often."""
    attempts = (
        await transaction.execute(_row(document).values(attempts=FILES.c.attempts + 1).returning(FILES.c.attempts))
    ).scalar()
    if attempts is None or attempts > ATTEMPTS:
        return None
    made = await transaction.execute(ENTRIES.insert().values(space=space).returning(ENTRIES.c.id))
    entry: int = made.scalar_one()
    return entry


async def let_go(transaction: Transaction, document: Document) -> None:
    """It was begun, and stopped in good order: that does not count."""
    await transaction.execute(_row(document).values(attempts=0))


async def finish(transaction: Transaction, document: Document, entry: int | None, **changes: object) -> bool:
    """Writes what became of the file, unless something else has become of it meanwhile; whether that leaves no entry
    that nothing names.
    """
    found = await transaction.get(FILES, document["id"], vector_store_id=document["vector_store_id"])
    wanted = document["chunking_strategy"]
    if found is None or found["status"] != "in_progress" or found["chunking_strategy"] != wanted:
        return False
    before = (await transaction.execute(sa.select(FILES.c.entry).where(*_key(document)))).scalar()
    await transaction.update(found | changes)
    done = changes["status"] == "completed"
    await transaction.execute(_row(document).values(entry=entry if done else None, attempts=0))
    return done and before is None


async def unfinished(transaction: Transaction, store_ids: Sequence[str]) -> bool:
    """Whether something of these stores is still to be indexed."""
    query = sa.select(FILES.c.id).where(FILES.c.vector_store_id.in_(store_ids), FILES.c.status == "in_progress")
    return (await transaction.execute(query.limit(1))).first() is not None


async def shelved(transaction: Transaction, store_ids: Sequence[str]) -> list[Shelved]:
    query = (
        sa.select(FILES.c.entry, FILES.c.vector_store_id, FILES.c.id, ENTRIES.c.space)
        .join(ENTRIES, FILES.c.entry == ENTRIES.c.id)
        .where(FILES.c.vector_store_id.in_(store_ids), FILES.c.status == "completed")
    )
    rows = await transaction.execute(query)
    return [Shelved(row.entry, row.vector_store_id, row.id, row.space) for row in rows]


async def garbage(transaction: Transaction) -> set[int]:
    """The entries that no file names."""
    query = sa.select(ENTRIES.c.id).where(
        ENTRIES.c.id.not_in(sa.select(FILES.c.entry).where(FILES.c.entry.is_not(None)))
    )
    return set((await transaction.execute(query)).scalars())


async def expired(transaction: Transaction, now: int) -> list[str]:
    """Stores whose time is over and that still have something indexed."""
    over = VECTOR_STORES.c.body["expires_at"].as_integer() <= now
    held = sa.select(FILES.c.vector_store_id).where(FILES.c.entry.is_not(None))
    query = sa.select(VECTOR_STORES.c.id).where(over, VECTOR_STORES.c.id.in_(held))
    return list((await transaction.execute(query)).scalars())


async def empty(transaction: Transaction, store_id: str) -> None:
    """Lets go of what was indexed in an expired store; its files stay in its list."""
    await transaction.execute(FILES.update().where(FILES.c.vector_store_id == store_id).values(entry=None))


async def texts(transaction: Transaction, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The entries and the texts of chunks."""
    query = sa.select(CHUNKS.c.id, CHUNKS.c.entry, CHUNKS.c.text).where(CHUNKS.c.id.in_(ids))
    return {row.id: (row.entry, row.text) for row in await transaction.execute(query)}


async def text_of(transaction: Transaction, store_id: str, file_id: str) -> list[str]:
    """What was read of a file, in pieces; joined, they are all of it."""
    query = (
        sa.select(CHUNKS.c.text, CHUNKS.c.shared)
        .join(FILES, FILES.c.entry == CHUNKS.c.entry)
        .where(FILES.c.vector_store_id == store_id, FILES.c.id == file_id)
        .order_by(CHUNKS.c.number)
    )
    return [row.text[row.shared :] for row in await transaction.execute(query)]
