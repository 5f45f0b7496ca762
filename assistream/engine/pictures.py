"""Images that are files of the engine, as the models see them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace

from . import contents
from .models.base import ChatMessage, ContentPart, ImagePart, ModelRequest, StoredImage, TextPart
from .store import Store

_SIGNS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


async def shown(request: ModelRequest, store: Store) -> ModelRequest:
    """The question with every stored image as a ``data:`` URL; of one that cannot be shown, words say so."""
    if not any(_is_pictured(message) for message in request.messages):
        return request
    return replace(request, messages=[await _message(message, store) for message in request.messages])


def _is_pictured(message: ChatMessage) -> bool:
    return any(isinstance(part, StoredImage) for part in message.content)


async def _message(message: ChatMessage, store: Store) -> ChatMessage:
    if isinstance(message.content, str) or not _is_pictured(message):
        return message
    return replace(message, content=plain([await _part(part, store) for part in message.content]))


async def _part(part: ContentPart, store: Store) -> ContentPart:
    if not isinstance(part, StoredImage):
        return part
    data = await contents.whole(store, part.file_id)
    kind = _kind(data or b"")
    if data is None or kind is None:
        return TextPart(part.text)
    return ImagePart(f"data:{kind};base64,{base64.b64encode(data).decode()}", part.detail)


def _kind(data: bytes) -> str | None:
    """By how it begins: names of files say what they like."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in _SIGNS.items() if data.startswith(sign)), None)


def plain(content: Sequence[ContentPart]) -> str | Sequence[ContentPart]:
    """Text alone is a string, which every server takes."""
    texts = [part.text for part in content if isinstance(part, TextPart) and not isinstance(part, StoredImage)]
    return "\n".join(texts) if len(texts) == len(content) else content
