from __future__ import annotations

from starlette.responses import Response

from ..errors import Refused
from ..lifecycle import Document
from ..references import files_of, refuse_unknown
from ..schemas import PageQuery
from ..schemas_stores import CreateVectorStore, Search, UpdateVectorStore
from ..tables import VECTOR_STORES
from ..transaction import Transaction
from ..vector_stores import Expired, Gone, objects, records
from .call import Call, absent, find, page_of


async def create(call: Call) -> Response:
    body = await call.body(CreateVectorStore)
    store = objects.store(body.fields("file_ids", "chunking_strategy"))
    named, chunking = await files_of(call.store, body), body.fields().get("chunking_strategy")
    async with call.store.transaction() as transaction:
        await refuse_unknown(transaction, named)
        await transaction.insert(store)
        asked = [{"file_id": id, "chunking_strategy": chunking} for id in dict.fromkeys(named)]
        await records.put(transaction, store["id"], asked, call.services.library.space)
        return await _reply(call, transaction, store)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return await _reply(call, transaction, await store_of(call, transaction))


async def update(call: Call) -> Response:
    body = await call.body(UpdateVectorStore)
    async with call.store.transaction() as transaction:
        store = await store_of(call, transaction)
        fields = body.fields()
        if "expires_after" in fields:
            refuse_expired(store)
        store = objects.updated(store, fields)
        await transaction.update(store)
        return await _reply(call, transaction, store)


async def delete(call: Call) -> Response:
    """Its files stay; what was indexed of them in this store goes."""
    async with call.store.transaction() as transaction:
        if not await transaction.delete(VECTOR_STORES, call.id("vector_store")):
            raise absent(VECTOR_STORES, call.id("vector_store"))
    return call.deleted(VECTOR_STORES, call.id("vector_store"))


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        stores, has_more = await page_of(transaction, VECTOR_STORES, call.query(PageQuery))
        return call.listed(await records.filled(transaction, stores), has_more)


async def search(call: Call) -> Response:
    body, store_id = await call.body(Search), call.id("vector_store")
    ranking = body.ranking_options
    try:
        hits = await call.services.library.search(
            [store_id],
            body.queries,
            most=body.max_num_results or 10,
            threshold=(ranking and ranking.score_threshold) or 0.0,
            ranker=(ranking and ranking.ranker) or "auto",
            filters=body.fields().get("filters"),
        )
    except Gone:
        raise absent(VECTOR_STORES, store_id) from None
    except Expired:
        raise Refused("expired_store", id=store_id) from None
    found: list[Document] = [
        {
            "file_id": hit.file_id,
            "filename": hit.filename,
            "score": hit.score,
            "attributes": dict(hit.attributes),
            "content": [{"type": "text", "text": text} for text in hit.content],
        }
        for hit in hits
    ]
    return call.paged("vector_store.search_results.page", found, search_query=body.queries)


async def store_of(call: Call, transaction: Transaction) -> Document:
    """The store of the path."""
    return await find(transaction, VECTOR_STORES, call.id("vector_store"))


async def open_store(call: Call, transaction: Transaction) -> Document:
    """The store of the path, which must not be expired."""
    store = await store_of(call, transaction)
    refuse_expired(store)
    return store


def refuse_expired(store: Document) -> None:
    if objects.is_expired(store):
        raise Refused("expired_store", id=store["id"])


async def _reply(call: Call, transaction: Transaction, store: Document) -> Response:
    [filled] = await records.filled(transaction, [store])
    return call.reply(filled)
