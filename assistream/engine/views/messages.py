from __future__ import annotations

from starlette.responses import Response

from ..references import files_of, refuse_unknown
from ..runner import refuse_if_busy
from ..schemas import CreateMessage, MessageQuery, Update
from ..tables import MESSAGES, THREADS
from ..terms import terms
from ..vector_stores.attachments import attach
from .call import Call, find, listing
from .threads import written


async def create(call: Call) -> Response:
    body = await call.body(CreateMessage)
    thread_id = call.id("thread")
    message = written(thread_id, body)
    named = await files_of(call.store, body)
    busy = terms(call.request.headers, call.runner.terms).busy
    await call.runner.end_late(thread_id)
    if busy == "interrupt":
        await call.runner.end_all(thread_id)
    async with call.store.transaction() as transaction:
        thread = await find(transaction, THREADS, thread_id)
        if busy != "queue":
            await refuse_if_busy(transaction, thread_id, "thread_locked")
        await refuse_unknown(transaction, named)
        await transaction.insert(message)
        await attach(transaction, thread, [message])
    return call.reply(message)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        return call.reply(await find(transaction, MESSAGES, call.id("message"), thread_id=call.id("thread")))


async def update(call: Call) -> Response:
    body = await call.body(Update)
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        message = await find(transaction, MESSAGES, call.id("message"), thread_id=call.id("thread"))
        return call.reply(await call.runner.relabel(transaction, message, body.fields()))


async def delete(call: Call) -> Response:
    """Also of one that a run is writing: the run goes on, and what it writes then is not kept."""
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        await find(transaction, MESSAGES, call.id("message"), thread_id=call.id("thread"))
        await transaction.delete(MESSAGES, call.id("message"))
    return call.deleted(MESSAGES, call.id("message"))


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        return await listing(transaction, MESSAGES, call, MessageQuery, thread_id=call.id("thread"))
