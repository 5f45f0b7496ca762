"""What the semantic conventions for generative AI want to be told of messages, calls and tokens."""

from __future__ import annotations

import json
from typing import Any

from ..types import Message, RefusalContentBlock, TextContentBlock, Usage

__all__ = ["call_part", "finish", "texts", "usage"]


def usage(usage: Usage | None) -> dict[str, Any]:
    if usage is None:
        return {}
    return {"gen_ai.usage.input_tokens": usage.prompt_tokens, "gen_ai.usage.output_tokens": usage.completion_tokens}


def texts(message: Message) -> list[str]:
    found: list[str] = []
    for block in message.content:
        if isinstance(block, TextContentBlock):
            found.append(block.text.value)
        elif isinstance(block, RefusalContentBlock):
            found.append(block.refusal)
    return found


def finish(message: Message) -> str:
    return "length" if message.status == "incomplete" else "stop"


def call_part(call_id: str, name: str, arguments: str) -> dict[str, Any]:
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        value = arguments
    part = {"type": "tool_call", "id": call_id, "name": name, "arguments": value}
    return {"role": "assistant", "parts": [part], "finish_reason": "tool_call"}
