from __future__ import annotations

from starlette.responses import Response

from .. import objects
from ..errors import Refused
from ..schemas import CreateAssistant, UpdateAssistant
from ..store import ASSISTANTS
from .call import Call, deleted, find, listing, reply


async def create(call: Call) -> Response:
    body = await call.body(CreateAssistant)
    assistant = objects.assistant(body.fields())
    async with call.store.transaction() as transaction:
        await transaction.insert(assistant)
    return reply(assistant)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return reply(await find(transaction, ASSISTANTS, call.id("assistant")))


async def update(call: Call) -> Response:
    body = await call.body(UpdateAssistant)
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, call.id("assistant"))
        assistant = objects.updated(assistant, body.fields())
        await transaction.update(assistant)
    return reply(assistant)


async def delete(call: Call) -> Response:
    """Runs of the assistant are not touched: each has its own copy of what it needs."""
    async with call.store.transaction() as transaction:
        if not await transaction.delete(ASSISTANTS, call.id("assistant")):
            raise Refused("not_found", kind="assistant", id=call.id("assistant"))
    return deleted(ASSISTANTS, call.id("assistant"))


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return await listing(transaction, ASSISTANTS, call)
