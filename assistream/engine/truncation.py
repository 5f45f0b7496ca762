"""Which part of a long thread the model is asked with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol, TypeVar

from .documents.tokens import tokens
from .lifecycle import Document
from .models.base import ChatMessage, TextPart

_PER_MESSAGE = 4
_PER_IMAGE = 256


class Entry(Protocol):
    @property
    def run_id(self) -> str | None: ...
    @property
    def is_message(self) -> bool: ...
    @property
    def chats(self) -> Sequence[ChatMessage]: ...


AnyEntry = TypeVar("AnyEntry", bound=Entry)


def truncated(entries: list[AnyEntry], run: Document, tools: Sequence[Document]) -> list[AnyEntry]:
    """The entries that the run's strategy keeps; what the run wrote itself always stays. The model is also told of
    its tools.
    """
    keep: int | None = run["truncation_strategy"].get("last_messages")
    if keep is not None:
        return _last(entries, run, keep)
    return entries if run["max_prompt_tokens"] is None else _fitting(entries, run, tools)


def _last(entries: list[AnyEntry], run: Document, keep: int) -> list[AnyEntry]:
    before = [place for place, entry in enumerate(entries) if entry.is_message and not _is_own(entry, run)]
    return entries[before[-keep] :] if len(before) > keep else entries


def _fitting(entries: list[AnyEntry], run: Document, tools: Sequence[Document]) -> list[AnyEntry]:
    """What fits into the rest of the budget: the first entry and the latest ones, or at least the very latest."""
    left = run["max_prompt_tokens"] - run["usage"]["prompt_tokens"] - _given(run, tools)
    before = [entry for entry in entries if not _is_own(entry, run)]
    left -= sum(_tokens(entry) for entry in entries if _is_own(entry, run))
    if len(before) < 3 or sum(map(_tokens, before)) <= left:
        return entries
    first, *middle, latest = before
    left -= _tokens(first) + _tokens(latest)
    kept = len(middle)
    while kept and left >= _tokens(middle[kept - 1]):
        kept -= 1
        left -= _tokens(middle[kept])
    dropped = {id(entry) for entry in middle[:kept]}
    return [entry for entry in entries if id(entry) not in dropped]


def _is_own(entry: Entry, run: Document) -> bool:
    own: str = run["id"]
    return entry.run_id == own


def _given(run: Document, tools: Sequence[Document]) -> int:
    return tokens(run["instructions"] or "") + (tokens(json.dumps(tools)) if tools else 0)


def _tokens(entry: Entry) -> int:
    return sum(_PER_MESSAGE + _of(chat) for chat in entry.chats)


def _of(chat: ChatMessage) -> int:
    calls = sum(tokens(call.name + call.arguments) for call in chat.tool_calls)
    if isinstance(chat.content, str):
        return calls + tokens(chat.content)
    # An image that is a file is a text here, too, of what stands for it.
    images = sum(type(part) is not TextPart for part in chat.content)
    return calls + tokens(chat.text) + images * _PER_IMAGE
