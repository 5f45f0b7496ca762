"""Messages as people read them."""

from __future__ import annotations

from collections.abc import Iterable

from ..recording.words import clean
from ..types import (
    ImageFileContentBlock,
    ImageURLContentBlock,
    Message,
    MessageContent,
    RefusalContentBlock,
    TextContentBlock,
)
from .output import write

__all__ = ["print_messages"]


def print_messages(messages: Iterable[Message]) -> None:
    """Who said it, and below that what was said."""
    for message in messages:
        said = "\n".join(_text(block) for block in message.content)
        write(clean(f"{message.role}:\n{said}\n\n"))


def _text(block: MessageContent) -> str:
    match block:
        case TextContentBlock(text=text):
            return text.value
        case RefusalContentBlock(refusal=refusal):
            return f"refused: {refusal}"
        case ImageFileContentBlock(image_file=image):
            return f"[image {image.file_id}]"
        case ImageURLContentBlock(image_url=image):
            return f"[image {image.url}]"
        case _:
            return f"[{block.type}]"
