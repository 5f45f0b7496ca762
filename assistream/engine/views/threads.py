from __future__ import annotations

from starlette.responses import Response

from .. import objects
from ..lifecycle import Document
from ..references import files_of, refuse_unknown, refuse_unknown_stores
from ..runner import is_under_way
from ..schemas import CreateMessage, CreateThread, UpdateThread
from ..tables import THREADS
from ..vector_stores.attachments import attached, furnished, save
from .call import Call, absent, find, listing


async def create(call: Call) -> Response:
    body = await call.body(CreateThread)
    thread, made = furnished(objects.thread(body.fields("messages")))
    messages = [written(thread["id"], message) for message in body.messages or []]
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        await refuse_unknown(transaction, named)
        await refuse_unknown_stores(transaction, body)
        thread, made = await attached(transaction, thread, messages, made)
        await transaction.insert(thread)
        for message in messages:
            await transaction.insert(message)
        await save(transaction, made)
    return call.reply(thread)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return call.reply(await find(transaction, THREADS, call.id("thread")))


async def update(call: Call) -> Response:
    body = await call.body(UpdateThread)
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        thread = objects.updated(await find(transaction, THREADS, call.id("thread")), body.fields())
        await refuse_unknown(transaction, named)
        await refuse_unknown_stores(transaction, body)
        await transaction.update(thread)
    return call.reply(thread)


async def delete(call: Call) -> Response:
    """Everything in the thread goes with it; a run that is active is cancelled first."""
    id = call.id("thread")
    while not await _deleted(call, id):
        await call.runner.end_all(id)
    call.runner.forget(id)
    return call.deleted(THREADS, id)


async def _deleted(call: Call, id: str) -> bool:
    """Not while a run is active, which would go on writing."""
    async with call.store.transaction() as transaction:
        if await is_under_way(transaction, id):
            return False
        if not await transaction.delete(THREADS, id):
            raise absent(THREADS, id)
    return True


async def all(call: Call) -> Response:
    """The hosted API had no such list."""
    async with call.store.transaction() as transaction:
        return await listing(transaction, THREADS, call)


def written(thread_id: str, body: CreateMessage) -> Document:
    """A message as a request gives it."""
    return objects.message(thread_id, body.role, body.blocks, **body.fields("role", "content"))
