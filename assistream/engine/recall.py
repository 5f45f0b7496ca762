"""What was written in a thread, as a model is told of it later: a message or a step as the messages of a chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .lifecycle import BEHIND, Document
from .models.base import ChatMessage, ChatToolCall, ContentPart, ImagePart, StoredImage, TextPart
from .pictures import plain

BRIEF = 2_000
"""Characters that later runs are told of what a built-in tool has answered."""


def said(document: Document) -> tuple[ChatMessage, ...]:
    if document["object"] == "thread.message":
        shows = document["role"] != "assistant"
        content = [_part(block, shows) for block in document["content"]]
        return (ChatMessage(document["role"], plain(content)),) if content else ()
    return tuple(_calls(document["step_details"]["tool_calls"])) if document["status"] == "completed" else ()


def in_brief(document: Document, chats: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
    """The same for a later run: what tools have found is only worth repeating as long as it is fresh."""
    if document["object"] == "thread.message":
        return chats
    ids = {call["id"] for call in document["step_details"]["tool_calls"] if call["type"] != "function"}
    if not any(chat.tool_call_id in ids and len(chat.content) > BRIEF for chat in chats):
        return chats
    return tuple(_shortened(chat) if chat.tool_call_id in ids else chat for chat in chats)


def _shortened(chat: ChatMessage) -> ChatMessage:
    if len(chat.text) <= BRIEF:
        return chat
    return replace(chat, content=f"{chat.text[:BRIEF]}\n[{len(chat.text) - BRIEF} more characters]")


def sources(document: Document) -> Mapping[str, str]:
    """What may be cited after it, with the ids of files."""
    found: dict[str, str] = {}
    if document["object"] == "thread.run.step" and document["status"] == "completed":
        for call in document["step_details"]["tool_calls"]:
            found |= call.get(BEHIND, {}).get("sources", {})
    return found


def images(document: Document) -> Sequence[str]:
    """The ids of those that code has drawn."""
    if document["object"] != "thread.run.step":
        return ()
    calls = document["step_details"]["tool_calls"]
    outputs = [output for call in calls for output in call.get("code_interpreter", {}).get("outputs", ())]
    return tuple(output["image"]["file_id"] for output in outputs if output["type"] == "image")


def _calls(calls: list[Document]) -> Iterator[ChatMessage]:
    """Calls with their answers; models refuse calls that were never answered."""
    known = [(call, answer) for call in calls if (answer := _answer(call)) is not None]
    if not known:
        return
    yield ChatMessage("assistant", tool_calls=tuple(_made(call) for call, _ in known))
    for call, answer in known:
        yield ChatMessage("tool", answer, tool_call_id=call["id"])


def _answer(call: Document) -> str | None:
    answer: str | None = call["function"]["output"] if call["type"] == "function" else call.get(BEHIND, {}).get("told")
    return answer


def _made(call: Document) -> ChatToolCall:
    made = call["function"] if call["type"] == "function" else call[BEHIND]
    return ChatToolCall(call["id"], made["name"], made["arguments"])


def _part(block: Document, shows: bool) -> ContentPart:
    match block["type"]:
        case "text":
            return TextPart(block["text"]["value"])
        case "refusal":
            return TextPart(block["refusal"])
        case "image_url" if shows:
            return ImagePart(block["image_url"]["url"], block["image_url"].get("detail") or "auto")
        case "image_url":
            return TextPart(f"[The image {block['image_url']['url']:.200}]")
        case _ if shows:
            return _stored(block["image_file"])
        case _:
            # Model servers take images from users only.
            return TextPart(f"[The image {block['image_file']['file_id']}]")


def _stored(image: Document) -> StoredImage:
    file_id: str = image["file_id"]
    return StoredImage(f"[The image {file_id} cannot be shown.]", file_id, image.get("detail") or "auto")
