from __future__ import annotations

from starlette.responses import Response

from .. import objects
from ..errors import Refused
from ..lifecycle import Document
from ..runner import active_run
from ..schemas import CreateMessage, CreateThread, UpdateThread
from ..store import THREADS
from .call import Call, deleted, find, reply


async def create(call: Call) -> Response:
    body = await call.body(CreateThread)
    thread = objects.thread(body.fields("messages"))
    async with call.store.transaction() as transaction:
        await transaction.insert(thread)
        for message in body.messages or []:
            await transaction.insert(written(thread["id"], message))
    return reply(thread)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return reply(await find(transaction, THREADS, call.id("thread")))


async def update(call: Call) -> Response:
    body = await call.body(UpdateThread)
    async with call.store.transaction() as transaction:
        thread = objects.updated(await find(transaction, THREADS, call.id("thread")), body.fields())
        await transaction.update(thread)
    return reply(thread)


async def delete(call: Call) -> Response:
    """Everything in the thread goes with it; a run that is active is cancelled first."""
    id = call.id("thread")
    while not await _deleted(call, id):
        await call.runner.end_active(id)
    return deleted(THREADS, id)


async def _deleted(call: Call, id: str) -> bool:
    """Not while a run is active, which would go on writing."""
    async with call.store.transaction() as transaction:
        if await active_run(transaction, id):
            return False
        if not await transaction.delete(THREADS, id):
            raise Refused("not_found", kind="thread", id=id)
    return True


def written(thread_id: str, body: CreateMessage) -> Document:
    """A message as a request gives it."""
    return objects.message(thread_id, body.role, body.blocks, **body.fields("role", "content"))
