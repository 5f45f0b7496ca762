"""The stores that assistants and threads get without asking for them one by one: made with them, and of what messages
attach for file search.

What is made comes as changes, to be written together with the object that they are for, after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..attached import attached_at
from ..eventlog import Change
from ..lifecycle import Document
from ..tables import VECTOR_STORE_FILES, VECTOR_STORES
from ..transaction import Transaction
from . import objects, records

_SEARCH = "file_search"


def furnished(document: Document) -> tuple[Document, list[Change]]:
    """A new assistant or thread with the stores that its ``tool_resources`` describe. A thread's expire."""
    search: Document = document["tool_resources"].get(_SEARCH, {})
    if "vector_stores" not in search:
        return document, []
    ids, changes = list(search.get("vector_store_ids", ())), list[Change]()
    for asked in search["vector_stores"]:
        store = _new_store(document, asked.get("metadata"))
        files = objects.files(store["id"], asked.get("file_ids", ()), chunking_strategy=asked.get("chunking_strategy"))
        changes += _new(store, *files)
        ids.append(store["id"])
    return _with_stores(document, ids), changes


async def attached(
    transaction: Transaction, thread: Document, messages: Iterable[Document], made: Sequence[Change] = ()
) -> tuple[Document, list[Change]]:
    """The thread whose store has what the messages attach for file search; ``made`` are changes for it so far."""
    file_ids = list(dict.fromkeys(id for message in messages for id in _searched(message)))
    if not file_ids:
        return thread, list(made)
    new = [change.document for change in made if change.document["object"] == "vector_store"]
    if new:
        return thread, [*made, *_new(*objects.files(new[0]["id"], file_ids))]
    store, left = await _own_store(transaction, thread)
    if store is not None:
        return thread, [*made, *_new(*objects.files(store["id"], file_ids)), Change(objects.used(store))]
    store = _new_store(thread)
    return _with_stores(thread, [store["id"]]), [*made, *_new(store, *objects.files(store["id"], [*left, *file_ids]))]


async def attach(transaction: Transaction, thread: Document, messages: Iterable[Document]) -> None:
    """Does what `attached` says, for a thread that is there already."""
    changed, changes = await attached(transaction, thread, messages)
    if changed is not thread:
        await transaction.update(changed)
    await save(transaction, changes)


async def mirrored(
    transaction: Transaction, assistant: Document, before: Document | None = None
) -> tuple[Document, list[Change]]:
    """An assistant of version 1 whose store has the files that its tool ``retrieval`` is to search: those it was given,
    and not those that it had ``before``.
    """
    if not any(tool["type"] == _SEARCH for tool in assistant["tools"]):
        return assistant, []
    file_ids = list(attached_at(assistant))
    store, _ = await _own_store(transaction, assistant)
    if store is None:
        if not file_ids:
            return assistant, []
        store = _new_store(assistant)
        made = _new(store, *objects.files(store["id"], file_ids))
        return _with_stores(assistant, [store["id"]]), made
    for id in attached_at(before or {}):
        if id not in file_ids:
            await records.remove(transaction, store["id"], id)
    return assistant, _new(*objects.files(store["id"], file_ids))


async def save(transaction: Transaction, changes: Iterable[Change]) -> None:
    for change in changes:
        await (transaction.insert if change.new else transaction.update)(change.document)


def _searched(message: Document) -> list[str]:
    return [
        one["file_id"]
        for one in message["attachments"]
        if any(tool["type"] == _SEARCH for tool in one.get("tools") or ())
    ]


async def _own_store(transaction: Transaction, document: Document) -> tuple[Document | None, list[str]]:
    """The store to add to; else the files of one that has expired, which go on with the next one."""
    for id in document["tool_resources"].get(_SEARCH, {}).get("vector_store_ids", ()):
        store = await transaction.get(VECTOR_STORES, id)
        if store is not None and not objects.is_expired(store):
            return store, []
        if store is not None:
            return None, [file["id"] for file in await transaction.all(VECTOR_STORE_FILES, vector_store_id=id)]
    return None, []


def _new_store(document: Document, metadata: Document | None = None) -> Document:
    policy = objects.OF_THREADS if document["object"] == "thread" else None
    return objects.store({"expires_after": policy, "metadata": metadata})


def _with_stores(document: Document, ids: Sequence[str]) -> Document:
    resources: Document = document["tool_resources"]
    return document | {"tool_resources": resources | {_SEARCH: {"vector_store_ids": list(ids)}}}


def _new(*documents: Document) -> list[Change]:
    return [Change(document, new=True) for document in documents]
