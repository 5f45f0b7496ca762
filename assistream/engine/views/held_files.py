"""The files of an assistant or a message as objects of their own, which only version 1 has."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from .. import contents
from ..attached import attach, attached_at, file_ids
from ..errors import Refused
from ..lifecycle import Document
from ..references import refuse_unknown
from ..schemas import PageQuery
from ..schemas_v1 import AttachFile
from ..tables import ASSISTANTS, MESSAGES, THREADS
from ..transaction import Transaction
from ..vector_stores.attachments import mirrored, save
from .call import Call, find

MOST = 20
"""Files of an assistant."""


async def attach_to_assistant(call: Call) -> Response:
    """Attached once more, a file stays what it is."""
    body = await call.body(AttachFile)
    await contents.sweep(call.store)
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, call.id("assistant"))
        await refuse_unknown(transaction, [body.file_id])
        ids = file_ids(assistant)
        if body.file_id not in ids:
            if len(ids) >= MOST:
                raise Refused("long_array", where="file_ids", limit=MOST, got=len(ids) + 1, param="file_ids")
            assistant, made = await mirrored(transaction, attach(assistant, [*ids, body.file_id]))
            await transaction.update(assistant)
            await save(transaction, made)
    return call.reply(_of_assistant(assistant)[body.file_id])


async def detach_from_assistant(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, call.id("assistant"))
        file = _one(call, _of_assistant(assistant))
        left = attach(assistant, [id for id in file_ids(assistant) if id != file["id"]])
        left, made = await mirrored(transaction, left, assistant)
        await transaction.update(left)
        await save(transaction, made)
    return call.reply({"id": file["id"], "object": "assistant.file.deleted", "deleted": True})


async def one_of_assistant(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, call.id("assistant"))
    return call.reply(_one(call, _of_assistant(assistant)))


async def all_of_assistant(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, call.id("assistant"))
    return _listed(call, _of_assistant(assistant))


async def one_of_message(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return call.reply(_one(call, _of_message(await _message(transaction, call))))


async def all_of_message(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        return _listed(call, _of_message(await _message(transaction, call)))


async def _message(transaction: Transaction, call: Call) -> Document:
    await find(transaction, THREADS, call.id("thread"))
    return await find(transaction, MESSAGES, call.id("message"), thread_id=call.id("thread"))


def _of_assistant(assistant: Document) -> Mapping[str, Document]:
    times, whose = attached_at(assistant), {"object": "assistant.file", "assistant_id": assistant["id"]}
    return {id: {"id": id, "created_at": times.get(id, assistant["created_at"]), **whose} for id in file_ids(assistant)}


def _of_message(message: Document) -> Mapping[str, Document]:
    whose = {"object": "thread.message.file", "message_id": message["id"], "created_at": message["created_at"]}
    return {one["file_id"]: {"id": one["file_id"], **whose} for one in message["attachments"]}


def _one(call: Call, files: Mapping[str, Document]) -> Document:
    if file := files.get(call.id("file")):
        return file
    raise Refused("not_found", kind="file", id=call.id("file"))


def _listed(call: Call, files: Mapping[str, Document]) -> Response:
    """A list as those from the store are, of few things that came in this order."""
    query, ids = call.query(PageQuery), list(files)
    if query.order == "desc":
        ids.reverse()
    for cursor in (query.after, query.before):
        if cursor is not None and cursor not in files:
            raise Refused("not_found", kind="file", id=cursor)
    first = 0 if query.after is None else ids.index(query.after) + 1
    last = len(ids) if query.before is None else ids.index(query.before)
    found = ids[first:last]
    # Those before a cursor are the ones nearest to it.
    backwards = query.before is not None and query.after is None
    page = found[-query.limit :] if backwards else found[: query.limit]
    return call.listed([files[id] for id in page], len(found) > query.limit)
