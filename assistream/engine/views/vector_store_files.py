from __future__ import annotations

from starlette.responses import Response

from ..errors import Refused
from ..lifecycle import Document
from ..references import files_of, refuse_unknown
from ..schemas_stores import AddFile, ChangeFile, StoreFileQuery
from ..tables import VECTOR_STORE_FILES
from ..transaction import Transaction
from ..vector_stores import objects, records
from ..vector_stores.records import Job
from .call import Call, find, listing
from .vector_stores import open_store, store_of


async def create(call: Call) -> Response:
    """A file that is in the store already is changed; it is indexed again where that makes a difference."""
    body = await call.body(AddFile)
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        store = await open_store(call, transaction)
        await refuse_unknown(transaction, named)
        await records.put(transaction, store["id"], [body.fields()], call.services.library.space)
        # After the file: what a request with an `Idempotency-Key` has done is what it wrote first.
        await transaction.update(objects.used(store))
        return call.reply(await find(transaction, VECTOR_STORE_FILES, body.file_id, vector_store_id=store["id"]))


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return call.reply(await _file(call, transaction))


async def update(call: Call) -> Response:
    body = await call.body(ChangeFile)
    async with call.store.transaction() as transaction:
        store = await open_store(call, transaction)
        attributes: Document = body.fields()["attributes"] or {}
        file = await _file(call, transaction) | {"attributes": attributes}
        await transaction.update(file)
        await transaction.update(objects.used(store))
    return call.reply(file)


async def delete(call: Call) -> Response:
    """Takes it out of this store; the file itself stays."""
    async with call.store.transaction() as transaction:
        file = await _file(call, transaction)
        await records.remove(transaction, file["vector_store_id"], file["id"])
        await transaction.update(objects.used(await store_of(call, transaction)))
    call.services.library.stop([Job(file["vector_store_id"], file["id"])])
    return call.deleted(VECTOR_STORE_FILES, file["id"])


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        store = await store_of(call, transaction)
        return await listing(transaction, VECTOR_STORE_FILES, call, StoreFileQuery, vector_store_id=store["id"])


async def content(call: Call) -> Response:
    """The text that was read of it; until it is indexed again, the one that was read before."""
    async with call.store.transaction() as transaction:
        file = await _file(call, transaction)
        await open_store(call, transaction)
        texts = await records.text_of(transaction, file["vector_store_id"], file["id"])
    if not texts:
        raise Refused("unread_file", id=file["id"], status=file["status"])
    return call.paged("vector_store.file_content.page", [{"type": "text", "text": text} for text in texts])


async def _file(call: Call, transaction: Transaction) -> Document:
    store = await store_of(call, transaction)
    return await find(transaction, VECTOR_STORE_FILES, call.id("file"), vector_store_id=store["id"])
