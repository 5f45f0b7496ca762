"""What a model is asked: a thread, as the messages of a chat."""

from __future__ import annotations

from collections.abc import Sequence

from .builtin import NOTHING, Offer
from .conversations import Conversations, Entry
from .lifecycle import Document
from .models.base import ChatMessage, ModelRequest
from .truncation import truncated


async def question(conversations: Conversations, run: Document, offer: Offer = NOTHING) -> ModelRequest:
    """The next call of the model for this run."""
    entries = await conversations.entries(run)
    tools = [*(tool for tool in run["tools"] if tool["type"] == "function"), *offer.functions]
    return ModelRequest(
        model=run["model"],
        messages=[*_system(run), *(chat for entry in truncated(entries, run, tools) for chat in entry.chats)],
        tools=tools,
        built_in=offer.types,
        tool_choice=_choice(entries, run, offer),
        parallel_tool_calls=run["parallel_tool_calls"],
        temperature=run["temperature"],
        top_p=run["top_p"],
        max_completion_tokens=_left(run),
        response_format=None if run["response_format"] == "auto" else run["response_format"],
        reasoning_effort=run["reasoning_effort"],
        metadata=run["metadata"],
    )


def _choice(entries: Sequence[Entry], run: Document, offer: Offer) -> str | Document:
    """A forced call is forced once: asked again with its outputs, the model would be made to call for ever."""
    choice: str | Document = run["tool_choice"]
    if choice in ("none", "auto"):
        return choice
    if any(entry.run_id == run["id"] for entry in entries):
        return "auto"
    if isinstance(choice, str) or choice["type"] == "function":
        return choice
    name = offer.name_of(choice["type"])
    return {"type": "function", "function": {"name": name}} if name else "auto"


def _system(run: Document) -> list[ChatMessage]:
    return [ChatMessage("system", run["instructions"])] if run["instructions"] else []


def _left(run: Document) -> int | None:
    budget: int | None = run["max_completion_tokens"]
    return None if budget is None else budget - run["usage"]["completion_tokens"]
