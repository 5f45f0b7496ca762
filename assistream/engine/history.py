"""What a model is asked: a thread, as the messages of a chat."""

from __future__ import annotations

from collections.abc import Iterator

from .lifecycle import Document
from .models.base import ChatMessage, ChatToolCall, ContentPart, ImagePart, ModelRequest, TextPart
from .store import MESSAGES, STEPS, Transaction


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
    start = _start(messages, run)
    entries = [entry for entry in sorted([*messages, *steps], key=_moment) if entry[0] >= start]
    return [chat for _, document in entries for chat in _chat(document)]


def _moment(entry: tuple[int, Document]) -> int:
    return entry[0]


def _start(messages: list[tuple[int, Document]], run: Document) -> int:
    """The moment of the oldest message the run's truncation strategy keeps; what the run wrote itself always stays."""
    keep: int | None = run["truncation_strategy"].get("last_messages")
    if keep is None:
        return 0
    before = [moment for moment, message in messages if message["run_id"] != run["id"]]
    return before[-keep] if len(before) > keep else 0


def _chat(document: Document) -> Iterator[ChatMessage]:
    if document["object"] == "thread.message":
        if content := [_part(block) for block in document["content"]]:
            yield ChatMessage(document["role"], _plain(content))
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
            return TextPart(f"[{block['type']} {block[block['type']].get('file_id')}]")


def _plain(content: list[ContentPart]) -> str | list[ContentPart]:
    texts = [part.text for part in content if isinstance(part, TextPart)]
    return "\n".join(texts) if len(texts) == len(content) else content
