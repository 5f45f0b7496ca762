from __future__ import annotations

from starlette.responses import Response

from .. import objects
from ..attached import attach, file_ids, settled
from ..eventlog import Change
from ..lifecycle import Document
from ..references import files_of, refuse_unknown, refuse_unknown_stores
from ..schemas import CreateAssistant, UpdateAssistant
from ..tables import ASSISTANTS
from ..vector_stores.attachments import furnished, mirrored, save
from .call import Call, absent, find, listing


async def create(call: Call) -> Response:
    body = await call.body(CreateAssistant)
    named = await files_of(call.store, body)
    fields = body.fields()
    attached = fields.pop("file_ids", None)
    assistant, made = furnished(objects.assistant(fields))
    async with call.store.transaction() as transaction:
        await refuse_unknown(transaction, named)
        await refuse_unknown_stores(transaction, body)
        if attached:
            assistant, made = await mirrored(transaction, attach(assistant, attached))
        await transaction.insert(assistant)
        await save(transaction, made)
    return call.reply(assistant)


async def retrieve(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return call.reply(await find(transaction, ASSISTANTS, call.id("assistant")))


async def update(call: Call) -> Response:
    body = await call.body(UpdateAssistant)
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        before = await find(transaction, ASSISTANTS, call.id("assistant"))
        await refuse_unknown(transaction, named)
        await refuse_unknown_stores(transaction, body)
        assistant = _updated(call, before, body.fields())
        made: list[Change] = []
        if call.version == "v1":
            assistant, made = await mirrored(transaction, assistant, before)
        await transaction.update(assistant)
        await save(transaction, made)
    return call.reply(assistant)


def _updated(call: Call, assistant: Document, fields: Document) -> Document:
    attached = fields.pop("file_ids", None)
    if call.version == "v2":
        return settled(objects.updated(assistant, fields))
    # Its tools may be others now, which share the files in another way.
    kept = file_ids(assistant) if attached is None else attached
    return attach(objects.updated(assistant, fields), kept)


async def delete(call: Call) -> Response:
    """Runs of the assistant are not touched: each has its own copy of what it needs."""
    async with call.store.transaction() as transaction:
        if not await transaction.delete(ASSISTANTS, call.id("assistant")):
            raise absent(ASSISTANTS, call.id("assistant"))
    return call.deleted(ASSISTANTS, call.id("assistant"))


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return await listing(transaction, ASSISTANTS, call)
