"""What a run left open, with what had been said of it: deltas reach the objects only when these are closed."""

from __future__ import annotations

import json

from .deltas import joined
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
        return document | {"content": joined(document["content"], pieces)}
    if document["type"] != "tool_calls":
        return document
    pieces = [piece for delta in deltas for piece in delta["step_details"]["tool_calls"]]
    # A step that waited for outputs was written whole: its events say the same again, or less.
    calls = document["step_details"]["tool_calls"] or joined([], pieces)
    return document | {"step_details": {"type": "tool_calls", "tool_calls": calls}}
