from __future__ import annotations

from starlette.responses import Response

from ..runner import refuse_if_busy
from ..schemas import CreateMessage
from ..store import MESSAGES, THREADS
from .call import Call, find, listing, reply
from .threads import written


async def create(call: Call) -> Response:
    body = await call.body(CreateMessage)
    thread_id = call.id("thread")
    message = written(thread_id, body)
    await call.runner.end_late(thread_id)
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, thread_id)
        await refuse_if_busy(transaction, thread_id, "thread_locked")
        await transaction.insert(message)
    return reply(message)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        return reply(await find(transaction, MESSAGES, call.id("message"), thread_id=call.id("thread")))


async def all(call: Call) -> Response:
    run_id = call.request.query_params.get("run_id")
    where = {"run_id": run_id} if run_id else {}
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        return await listing(transaction, MESSAGES, call, thread_id=call.id("thread"), **where)
