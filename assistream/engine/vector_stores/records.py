"""Files in vector stores as rows: what is in a store, what is to be done, what can be searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from ..lifecycle import Document
from ..tables import BATCHED, CHUNKS, ENTRIES, VECTOR_STORES
from ..tables import VECTOR_STORE_BATCHES as BATCHES
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


async def put(
    transaction: Transaction, store_id: str, asked: Sequence[Document], space: str | None, *, direct: bool = True
) -> list[Document]:
    """Adds files to a store, as they are asked for: once each. One that is there already has changed what is asked of
    it, and is indexed again only if that makes a difference, or it failed; until that is done, what it had is found.

    Not ``direct`` is what a batch asks for, which may be cancelled.
    """
    ids = [each["file_id"] for each in asked]
    before = {each["id"]: each for each in await transaction.all(FILES, vector_store_id=store_id, id=ids)}
    spaces = await _spaces(transaction, store_id, before)
    made: list[Document] = []
    for each in asked:
        old, stale = before.get(each["file_id"]), spaces.get(each["file_id"]) != space
        file = objects.changed(old, each, again=stale) if old else objects.file(store_id, each)
        await (transaction.update if old else transaction.insert)(file)
        if file["status"] == "in_progress":
            wanted = old is not None and old["status"] == "in_progress"
            flag = 1 if direct else FILES.c.direct if wanted else 0
            await transaction.execute(_row(file).values(attempts=0, direct=flag))
        made.append(file)
    return made


async def _spaces(transaction: Transaction, store_id: str, ids: Iterable[str]) -> dict[str, str | None]:
    query = sa.select(FILES.c.id, ENTRIES.c.space).join(ENTRIES, FILES.c.entry == ENTRIES.c.id)
    rows = await transaction.execute(query.where(FILES.c.vector_store_id == store_id, FILES.c.id.in_(list(ids))))
    return {row.id: row.space for row in rows}


def _row(document: Document) -> sa.Update:
    return FILES.update().where(*_key(document))


def _key(document: Document) -> tuple[sa.ColumnElement[bool], ...]:
    return FILES.c.vector_store_id == document["vector_store_id"], FILES.c.id == document["id"]


async def remove(transaction: Transaction, store_id: str, file_id: str) -> None:
    await _settle(transaction, Job(store_id, file_id), "cancelled")
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


async def add_batch(transaction: Transaction, batch: Document, asked: Sequence[Document], space: str | None) -> None:
    """Adds files to the batch's store, like `put`."""
    await transaction.insert(batch)
    files = await put(transaction, batch["vector_store_id"], asked, space, direct=False)
    rows = [{"batch_id": batch["id"], "file_id": file["id"], "status": file["status"]} for file in files]
    await transaction.execute(BATCHED.insert(), rows)


async def batched(transaction: Transaction, batch: Document) -> list[str]:
    """The ids of a batch's files."""
    rows = await transaction.execute(sa.select(BATCHED.c.file_id).where(BATCHED.c.batch_id == batch["id"]))
    return list(rows.scalars())


async def progressed(transaction: Transaction, batch: Document) -> Document:
    """The batch as clients see it."""
    query = sa.select(BATCHED.c.status, sa.func.count().label("files")).where(BATCHED.c.batch_id == batch["id"])
    rows = await transaction.execute(query.group_by(BATCHED.c.status))
    return objects.progressed(batch, {row.status: row.files for row in rows})


async def cancel_batch(transaction: Transaction, batch: Document) -> list[Job]:
    """The batch does not wait any more for what is not done yet. Which of its files nobody else waits for, so that they
    are not to be indexed: one that was indexed before is as it was then.
    """
    waiting = sa.and_(BATCHED.c.batch_id == batch["id"], BATCHED.c.status == "in_progress")
    file_ids = list((await transaction.execute(sa.select(BATCHED.c.file_id).where(waiting))).scalars())
    if not file_ids:
        return []
    await transaction.execute(BATCHED.update().where(waiting).values(status="cancelled"))
    await transaction.update(batch | {"status": "cancelled"})
    store_id: str = batch["vector_store_id"]
    others = sa.select(BATCHED.c.file_id).where(BATCHED.c.status == "in_progress", _in_batches_of(store_id))
    query = (
        sa.select(FILES.c.body, ENTRIES.c.chunking)
        .outerjoin(ENTRIES, FILES.c.entry == ENTRIES.c.id)
        .where(FILES.c.vector_store_id == store_id, FILES.c.id.in_(file_ids), FILES.c.id.not_in(others))
        .where(FILES.c.status == "in_progress", FILES.c.direct == 0)
    )
    stopped = [objects.stopped(row.body, row.chunking) for row in await transaction.execute(query)]
    for file in stopped:
        await transaction.update(file)
    return [Job(store_id, file["id"]) for file in stopped]


def _in_batches_of(store_id: str) -> sa.ColumnElement[bool]:
    return BATCHED.c.batch_id.in_(sa.select(BATCHES.c.id).where(BATCHES.c.vector_store_id == store_id))


async def _settle(transaction: Transaction, job: Job, status: str) -> None:
    """Tells all batches that wait for the file."""
    where = (BATCHED.c.file_id == job.file_id, BATCHED.c.status == "in_progress", _in_batches_of(job.vector_store_id))
    await transaction.execute(BATCHED.update().where(*where).values(status=status))


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
    made = await transaction.execute(
        ENTRIES.insert().values(space=space, chunking=document["chunking_strategy"]).returning(ENTRIES.c.id)
    )
    entry: int = made.scalar_one()
    return entry


async def let_go(transaction: Transaction, document: Document) -> None:
    """It was begun, and stopped in good order: that does not count."""
    await transaction.execute(_row(document).values(attempts=0))


async def finish(transaction: Transaction, document: Document, entry: int | None, **changes: object) -> bool:
    """Writes what became of the file, unless something else has become of it meanwhile; whether that leaves no entry
    that nothing names. One that failed is still found as it was indexed before.
    """
    found = await transaction.get(FILES, document["id"], vector_store_id=document["vector_store_id"])
    wanted = document["chunking_strategy"]
    if found is None or found["status"] != "in_progress" or found["chunking_strategy"] != wanted:
        return False
    before = (await transaction.execute(sa.select(FILES.c.entry).where(*_key(document)))).scalar()
    await transaction.update(found | changes)
    done = changes["status"] == "completed"
    await transaction.execute(_row(document).values(entry=entry if done else before, attempts=0))
    await _settle(transaction, Job(document["vector_store_id"], document["id"]), str(changes["status"]))
    return done and before is None


async def unfinished(transaction: Transaction, store_ids: Sequence[str]) -> bool:
    """Whether something of these stores is still to be indexed."""
    query = sa.select(FILES.c.id).where(FILES.c.vector_store_id.in_(store_ids), FILES.c.status == "in_progress")
    return (await transaction.execute(query.limit(1))).first() is not None


async def shelved(transaction: Transaction, store_ids: Sequence[str]) -> list[Shelved]:
    """All that was indexed, of files that are being indexed again, too."""
    query = (
        sa.select(FILES.c.entry, FILES.c.vector_store_id, FILES.c.id, ENTRIES.c.space)
        .join(ENTRIES, FILES.c.entry == ENTRIES.c.id)
        .where(FILES.c.vector_store_id.in_(store_ids))
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
