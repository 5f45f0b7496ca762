"""What a run left open, with what had been said of it: deltas reach the objects only when these are closed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .lifecycle import Document, is_over
from .tables import MESSAGES, STEPS
from .transaction import Transaction


async def left_open(transaction: Transaction, run_id: str) -> list[Document]:
    """The open messages and steps of the run, as far as they were written."""
    found = [*await transaction.all(MESSAGES, run_id=run_id), *await transaction.all(STEPS, run_id=run_id)]
    opened = [document for document in found if not is_over(document)]
    deltas = [json.loads(row.data) for row in await transaction.events(run_id) if row.name.endswith(".delta")]
    return [_written(document, [one["delta"] for one in deltas if one["id"] == document["id"]]) for document in opened]


def _written(document: Document, deltas: list[Document]) -> Document:
    if document["object"] == "thread.message":
        pieces = [piece for delta in deltas for piece in delta["content"]]
        return document | {"content": _joined(document["content"], pieces)}
    if document["type"] != "tool_calls":
        return document
    pieces = [piece for delta in deltas for piece in delta["step_details"]["tool_calls"]]
    # A step that waited for outputs was written whole, and its events say the same again.
    calls = _joined([], pieces) or document["step_details"]["tool_calls"]
    return document | {"step_details": {"type": "tool_calls", "tool_calls": calls}}


def _joined(entries: Iterable[Document], pieces: Iterable[Document]) -> list[Document]:
    """Entries by their index, the strings that pieces add joined; without the index, as whole objects have them."""
    joined: dict[int, Document] = dict(enumerate(entries))
    for piece in pieces:
        index = piece["index"]
        rest = {key: value for key, value in piece.items() if key != "index"}
        joined[index] = _sum(joined[index], rest) if index in joined else rest
    return [joined[index] for index in sorted(joined)]


def _sum(whole: Document, piece: Document) -> Document:
    return whole | {key: _added(whole.get(key), value) for key, value in piece.items() if key != "type"}


def _added(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return _sum(old, new)  # pyright: ignore[reportUnknownArgumentType] -- JSON: its keys are strings
    return old + new if isinstance(old, str) and isinstance(new, str) else new
