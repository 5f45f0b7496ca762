from __future__ import annotations

from starlette.responses import Response

from ..lifecycle import Document
from ..references import files_of, refuse_unknown
from ..schemas_stores import CreateBatch, StoreFileQuery
from ..tables import VECTOR_STORE_BATCHES, VECTOR_STORE_FILES
from ..transaction import Transaction
from ..vector_stores import objects, records
from .call import Call, find, listing
from .vector_stores import open_store, store_of


async def create(call: Call) -> Response:
    body = await call.body(CreateBatch)
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        store = await open_store(call, transaction)
        await refuse_unknown(transaction, named)
        batch = objects.batch(store["id"])
        asked = {one.file_id: one.fields() for one in body.added}
        await records.add_batch(transaction, batch, list(asked.values()), call.services.library.space)
        await transaction.update(objects.used(store))
        return call.reply(await records.progressed(transaction, batch))


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return call.reply(await records.progressed(transaction, await _batch(call, transaction)))


async def cancel(call: Call) -> Response:
    """What is in the store already stays there. A batch that is done stays as it is."""
    async with call.store.transaction() as transaction:
        stopped = await records.cancel_batch(transaction, await _batch(call, transaction))
        batch = await records.progressed(transaction, await _batch(call, transaction))
    call.services.library.stop(stopped)
    return call.reply(batch)


async def files(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        batch = await _batch(call, transaction)
        ids = await records.batched(transaction, batch)
        where = {"vector_store_id": batch["vector_store_id"]}
        return await listing(transaction, VECTOR_STORE_FILES, call, StoreFileQuery, id=ids, **where)


async def _batch(call: Call, transaction: Transaction) -> Document:
    store = await store_of(call, transaction)
    return await find(transaction, VECTOR_STORE_BATCHES, call.id("batch"), vector_store_id=store["id"])
