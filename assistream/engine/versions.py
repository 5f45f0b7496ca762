"""Objects and events as version 1 of the API shows them. All of the engine below the views has version 2."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from .lifecycle import Document
from .tables import to_json

Version: TypeAlias = Literal["v1", "v2"]

LATER: Mapping[str, frozenset[str]] = {
    "assistant": frozenset({"tool_resources", "temperature", "top_p", "reasoning_effort", "response_format"}),
    "thread": frozenset({"tool_resources"}),
    "thread.message": frozenset({"attachments"}),
    "thread.run": frozenset(
        {
            "tool_resources",
            "top_p",
            "reasoning_effort",
            "response_format",
            "incomplete_details",
            "max_completion_tokens",
            "max_prompt_tokens",
            "truncation_strategy",
            "tool_choice",
            "parallel_tool_calls",
        }
    ),
}
"""What version 1 does not know, by the kind of object."""


def as_v1(document: Document, file_ids: Sequence[str] = ()) -> Document:
    """The object, or the data of a delta, in the shape of version 1; ``file_ids`` are an assistant's or a run's."""
    kind = document["object"]
    later = LATER.get(kind, frozenset())
    known = {key: value for key, value in document.items() if key not in later}
    return known | _CHANGED[kind](document, file_ids) if kind in _CHANGED else known


def _assistant(document: Document, file_ids: Sequence[str]) -> Document:
    return {"tools": _tools(document["tools"]), "file_ids": list(file_ids)}


def _run(document: Document, file_ids: Sequence[str]) -> Document:
    """A run that a limit ended has completed: programs of version 1 know no ``incomplete``, and would wait on."""
    status = "completed" if document["status"] == "incomplete" else document["status"]
    changed = {"status": status, "instructions": document["instructions"] or ""}
    return changed | _assistant(document, file_ids)


def _message(document: Document, _: Sequence[str]) -> Document:
    ids = dict.fromkeys(one["file_id"] for one in document["attachments"])
    return {"content": [_block(block) for block in document["content"]], "file_ids": list(ids)}


def _step(document: Document, _: Sequence[str]) -> Document:
    return {"step_details": _details(document["step_details"])}


def _message_delta(document: Document, _: Sequence[str]) -> Document:
    return {"delta": {"content": [_block(block) for block in document["delta"]["content"]]}}


def _step_delta(document: Document, _: Sequence[str]) -> Document:
    return {"delta": {"step_details": _details(document["delta"]["step_details"])}}


_CHANGED: Mapping[str, Callable[[Document, Sequence[str]], Document]] = {
    "assistant": _assistant,
    "thread.run": _run,
    "thread.message": _message,
    "thread.run.step": _step,
    "thread.message.delta": _message_delta,
    "thread.run.step.delta": _step_delta,
}


def _tools(tools: Sequence[Document]) -> list[Document]:
    return [{"type": "retrieval"} if tool["type"] == "file_search" else tool for tool in tools]


def _details(details: Document) -> Document:
    calls = details.get("tool_calls")
    return details if calls is None else details | {"tool_calls": [_call(call) for call in calls]}


def _call(call: Document) -> Document:
    if call["type"] != "file_search":
        return call
    return {key: value for key, value in call.items() if key != "file_search"} | {"type": "retrieval", "retrieval": {}}


def _block(block: Document) -> Document:
    """Version 1 has texts and pictures from files; the rest is said as text."""
    match block["type"]:
        case "text":
            return block | {"text": _quoting(block["text"])}
        case "refusal" | "image_url" as kind:
            value = block["refusal"] if kind == "refusal" else block["image_url"]["url"]
            # The index is a delta's.
            index = {key: block[key] for key in ("index",) if key in block}
            return index | {"type": "text", "text": {"value": value} | ({} if index else {"annotations": []})}
        case _:
            return block


def _quoting(text: Document) -> Document:
    """Citations have a quote in version 1."""
    if not (annotations := text.get("annotations")):
        return text
    return text | {"annotations": [_quoted(one) for one in annotations]}


def _quoted(annotation: Document) -> Document:
    if annotation["type"] != "file_citation":
        return annotation
    return annotation | {"file_citation": {"quote": ""} | annotation["file_citation"]}


async def stream_v1(pieces: AsyncIterator[bytes], file_ids: Sequence[str]) -> AsyncIterator[bytes]:
    """The frames of a run as version 1 has them."""
    async for piece in pieces:
        yield b"\n\n".join(_frame(frame, file_ids) for frame in piece.split(b"\n\n"))


def _frame(frame: bytes, file_ids: Sequence[str]) -> bytes:
    """One of the engine's own frames, of which each field is one line and all JSON is ASCII."""
    head, found, data = frame.partition(b"\ndata: ")
    if not found or not data.startswith(b"{"):
        return frame
    document: Document = json.loads(data)
    if "object" not in document:
        return frame  # an error
    head = head.replace(b"event: thread.run.incomplete", b"event: thread.run.completed")
    return head + found + to_json(as_v1(document, file_ids)).encode()
