"""What was said in the threads, as the messages of a chat; kept in memory, so that a turn of a long thread does not
read all of it again.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from .builtin import Seen
from .lifecycle import Document
from .models.base import ChatMessage, ImagePart
from .recall import images, in_brief, said, sources
from .store import Store
from .transaction import Transaction

MOST = 32 * 1024 * 1024
"""Characters of conversations that are kept, about: those that went on last."""
MANY = 1_000
"""How many are."""
_AROUND = 500
"""What an entry takes beside its words."""


class Entry(NamedTuple):
    """A message, or a step with calls; what a run wrote stands where the run was created."""

    at: tuple[int, int]
    run_id: str | None
    is_message: bool
    chats: Sequence[ChatMessage]
    brief: Sequence[ChatMessage] = ()
    """What later runs are told of it."""
    sources: Mapping[str, str] = MappingProxyType({})
    images: Sequence[str] = ()

    def of(self, run: Document) -> Entry:
        """As the run's model is told of it."""
        return self if self.brief is self.chats or self.run_id == run["id"] else self._replace(chats=self.brief)

    @property
    def size(self) -> int:
        return _AROUND + sum(_size(chat) for chat in self.chats)


@dataclass(slots=True)
class Conversation:
    """A thread, as it is: `take` is told of every object of it that is written, in the order of writing."""

    runs: dict[str, int]
    """When they were created."""
    size: int = 0
    _entries: dict[str, Entry] = field(default_factory=dict[str, Entry])

    def entries(self, run: Document) -> list[Entry]:
        """In their order, up to the run: what was said since is for a later run, which waits in line."""
        last = self.runs.get(run["id"], math.inf)
        known = sorted(self._entries.values())
        return [entry.of(run) for entry in known if entry.at[0] <= last and (entry.is_message or entry.chats)]

    def seen(self, run: Document) -> Seen:
        sources: dict[str, str] = {}
        for entry in self._entries.values():
            sources.update(entry.sources)
        images: list[str] = []
        for entry in sorted(entry for entry in self._entries.values() if entry.run_id == run["id"]):
            images = [] if entry.is_message else [*images, *entry.images]
        return Seen(sources, images)

    def take(self, document: Document, moment: int | None) -> None:
        """An object that is new, with its moment, or has changed."""
        kind, id = document["object"], document["id"]
        if kind == "thread.run":
            if moment is not None:
                self.runs[id] = moment
        elif kind == "thread.message" or document["type"] == "tool_calls":
            self._put(id, document, moment)

    def _put(self, id: str, document: Document, moment: int | None) -> None:
        before = self._entries.get(id)
        if moment is not None:
            at = (self.runs.get(document["run_id"], moment), moment)
        elif before:
            at = before.at
        else:
            return  # deleted while somebody was writing it
        is_message = document["object"] == "thread.message"
        chats = said(document)
        brief = in_brief(document, chats)
        entry = Entry(at, document["run_id"], is_message, chats, brief, sources(document), images(document))
        self._entries[id] = entry
        self.size += entry.size - (before.size if before else 0)

    def drop(self, id: str) -> int:
        """How much less it is without that."""
        entry = self._entries.pop(id, None)
        less = entry.size if entry else 0
        self.size -= less
        return less


class Conversations:
    """Those of a store. There is one writer to it, so that what it has written is what is there."""

    def __init__(self, store: Store, most: int = MOST) -> None:
        self._store, self._most = store, most
        self._kept: OrderedDict[str, Conversation] = OrderedDict()
        self._size = 0
        store.watch(self._follow)

    async def entries(self, run: Document) -> list[Entry]:
        """What the run's model is to know, before anything of it is left out."""
        return (await self._of(run["thread_id"])).entries(run)

    async def seen(self, run: Document) -> Seen:
        return (await self._of(run["thread_id"])).seen(run)

    async def _of(self, thread_id: str) -> Conversation:
        conversation = self._kept.get(thread_id)
        if conversation is None:
            # Kept before the transaction ends: nothing can be written that it is not told of.
            async with self._store.transaction() as transaction:
                conversation = await _read(transaction, thread_id)
                self._drop(thread_id)  # somebody else may have read it meanwhile
                self._kept[thread_id] = conversation
                self._size += conversation.size
        self._kept.move_to_end(thread_id)
        self._tidy()
        return conversation

    def _follow(self, transaction: Transaction) -> None:
        for document in transaction.written:
            if conversation := self._kept.get(document.get("thread_id", "")):
                before = conversation.size
                conversation.take(document, transaction.places.get(document["id"]))
                self._size += conversation.size - before
        for id in transaction.deleted:
            self._drop(id)
            for conversation in self._kept.values():
                self._size -= conversation.drop(id)

    def _drop(self, thread_id: str) -> None:
        if conversation := self._kept.pop(thread_id, None):
            self._size -= conversation.size

    def _tidy(self) -> None:
        while self._size > self._most or len(self._kept) > MANY:
            self._size -= self._kept.popitem(last=False)[1].size


async def _read(transaction: Transaction, thread_id: str) -> Conversation:
    # Also what is not completed: it may be, and then only that is told.
    runs, documents = await transaction.history(thread_id)
    conversation = Conversation(runs)
    for moment, document in documents:
        conversation.take(document, moment)
    return conversation


def _size(chat: ChatMessage) -> int:
    calls = sum(len(call.name) + len(call.arguments) for call in chat.tool_calls)
    if isinstance(chat.content, str):
        return calls + len(chat.content)
    return calls + sum(len(part.url if isinstance(part, ImagePart) else part.text) for part in chat.content)
