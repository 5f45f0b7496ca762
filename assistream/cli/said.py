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
from .output import console

__all__ = ["print_messages"]


def print_messages(messages: Iterable[Message]) -> None:
    """Who said it, and below that what was said."""
    from rich.text import Text

    screen = console()
    for message in messages:
        screen.print(Text(clean(message.role), "bold"), soft_wrap=True)
        screen.print(Text(clean("\n".join(map(_text, message.content))) + "\n"), soft_wrap=True)


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
