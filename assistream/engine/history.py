"""What a model is asked: a thread, as the messages of a chat."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from .lifecycle import Document
from .models.base import ChatMessage, ChatToolCall, ContentPart, ImagePart, ModelRequest, StoredImage, TextPart
from .pictures import plain
from .store import MESSAGES, RUNS, STEPS, Transaction
from .truncation import truncated


async def question(transaction: Transaction, run: Document) -> ModelRequest:
    """The next call of the model for this run."""
    return ModelRequest(
        model=run["model"],
        messages=[*_system(run), *await _history(transaction, run)],
        tools=[tool for tool in run["tools"] if tool["type"] == "function"],
        tool_choice=await _choice(transaction, run),
        parallel_tool_calls=run["parallel_tool_calls"],
        temperature=run["temperature"],
        top_p=run["top_p"],
        max_completion_tokens=_left(run),
        response_format=None if run["response_format"] == "auto" else run["response_format"],
        reasoning_effort=run["reasoning_effort"],
        metadata=run["metadata"],
    )


async def _choice(transaction: Transaction, run: Document) -> str | Document:
    """A forced call is forced once: asked again with its outputs, the model would be made to call for ever."""
    choice: str | Document = run["tool_choice"]
    if choice in ("none", "auto"):
        return choice
    is_function = choice == "required" or (isinstance(choice, dict) and choice["type"] == "function")
    return choice if is_function and not await transaction.all(STEPS, run_id=run["id"]) else "auto"


def _system(run: Document) -> list[ChatMessage]:
    return [ChatMessage("system", run["instructions"])] if run["instructions"] else []


def _left(run: Document) -> int | None:
    budget: int | None = run["max_completion_tokens"]
    return None if budget is None else budget - run["usage"]["completion_tokens"]


async def _history(transaction: Transaction, run: Document) -> list[ChatMessage]:
    messages = await transaction.moments(MESSAGES, thread_id=run["thread_id"])
    steps = await transaction.moments(STEPS, thread_id=run["thread_id"], status="completed")
    runs = {one["id"]: moment for moment, one in await transaction.moments(RUNS, thread_id=run["thread_id"])}
    entries = [_Entry((runs.get(one["run_id"], at), at), one) for at, one in [*messages, *steps]]
    entries.sort(key=lambda entry: entry.at)
    # What was said since is for a later run, which waits in line.
    entries = [entry for entry in entries if entry.at[0] <= runs.get(run["id"], math.inf)]
    return [chat for entry in truncated(entries, run) for chat in entry.chats]


class _Entry(NamedTuple):
    """A message, or a step with calls; what a run wrote stands where the run was created."""

    at: tuple[int, int]
    document: Document

    @property
    def chats(self) -> list[ChatMessage]:
        return list(_chat(self.document))


def _chat(document: Document) -> Iterator[ChatMessage]:
    if document["object"] == "thread.message":
        if content := [_part(block) for block in document["content"]]:
            yield ChatMessage(document["role"], plain(content))
    elif document["type"] == "tool_calls":
        yield from _calls(document["step_details"]["tool_calls"])


def _calls(calls: list[Document]) -> Iterator[ChatMessage]:
    """Calls with their answers; models refuse calls that were never answered."""
    if any(call["function"]["output"] is None for call in calls):
        return
    made = [ChatToolCall(call["id"], call["function"]["name"], call["function"]["arguments"]) for call in calls]
    yield ChatMessage("assistant", tool_calls=made)
    for call in calls:
        yield ChatMessage("tool", call["function"]["output"], tool_call_id=call["id"])


def _part(block: Document) -> ContentPart:
    match block["type"]:
        case "text":
            return TextPart(block["text"]["value"])
        case "refusal":
            return TextPart(block["refusal"])
        case "image_url":
            return ImagePart(block["image_url"]["url"], block["image_url"].get("detail") or "auto")
        case _:
            return _stored(block["image_file"])


def _stored(image: Document) -> StoredImage:
    file_id: str = image["file_id"]
    return StoredImage(f"[The image {file_id} cannot be shown.]", file_id, image.get("detail") or "auto")
