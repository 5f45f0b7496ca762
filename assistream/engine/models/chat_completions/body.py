"""A question to the body of a request. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from ..base import ChatMessage, ContentPart, ImagePart, ModelRequest, TextPart
from .options import Options

Body: TypeAlias = dict[str, Any]

_NO_PARAMETERS: Mapping[str, Any] = {"type": "object", "properties": {}}


def build(request: ModelRequest, model: str, options: Options) -> Body:
    """What is None, or what every server does anyway, is left out: not all know all of it."""
    body: Body = {"model": model, "messages": _messages(request.messages, options.system_role)}
    body |= {"stream": True, "stream_options": {"include_usage": True}} if options.stream else {}
    body |= _tools(request)
    settings = {
        "temperature": _unless_usual(request.temperature),
        "top_p": _unless_usual(request.top_p),
        options.limit_field: request.max_completion_tokens,
        "response_format": _format(request.response_format),
        "reasoning_effort": request.reasoning_effort,
    }
    body |= settings | dict(options.extra_body)
    return {key: value for key, value in body.items() if value is not None}


def _unless_usual(value: float | None) -> float | None:
    """1, the API's default, is left to the server: a run cannot tell it from nothing, and some models take no other."""
    return None if value == 1 else value


def _format(wanted: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if wanted is None or wanted.get("type") == "text" else wanted


def _tools(request: ModelRequest) -> Body:
    if not request.tools:
        return {}
    # Servers that do not know "none" would call; those that know calls of the past want them declared.
    if request.tool_choice == "none" and not any(message.tool_calls for message in request.messages):
        return {}
    tools: Body = {"tools": [_tool(tool) for tool in request.tools]}
    if request.tool_choice != "auto":
        tools["tool_choice"] = request.tool_choice
    if not request.parallel_tool_calls:
        tools["parallel_tool_calls"] = False
    return tools


def _tool(tool: Mapping[str, Any]) -> Body:
    given = {key: value for key, value in tool["function"].items() if value is not None}
    return {"type": "function", "function": {"parameters": _NO_PARAMETERS} | given}


def _messages(messages: Sequence[ChatMessage], system_role: str) -> list[Body]:
    found: list[Body] = []
    for message in messages:
        written = _message(message, system_role)
        last = found[-1] if found else {}
        # What the model said before its calls is a message of its own in a thread, and the same one in a chat.
        if message.tool_calls and not message.text and last.get("role") == "assistant" and "tool_calls" not in last:
            last["tool_calls"] = written["tool_calls"]
        else:
            found.append(written)
    return found


def _message(message: ChatMessage, system_role: str) -> Body:
    match message.role:
        case "system":
            return {"role": system_role, "content": message.text}
        case "tool":
            return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
        case "assistant":
            return _assistant(message)
        case "user":
            return {"role": "user", "content": _content(message.content)}


def _assistant(message: ChatMessage) -> Body:
    """The model's own words: text only. None beside calls is no field: there are servers that refuse null, or ""."""
    text = message.content if isinstance(message.content, str) else "\n".join(_words(message.content))
    if not message.tool_calls:
        return {"role": "assistant", "content": text}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": _arguments(call.arguments)}}
        for call in message.tool_calls
    ]
    return {"role": "assistant"} | ({"content": text} if text else {}) | {"tool_calls": calls}


def _words(parts: Sequence[ContentPart]) -> Iterator[str]:
    return (part.text if isinstance(part, TextPart) else "[image]" for part in parts)


def _arguments(written: str) -> str:
    """What a model once wrote: some servers refuse, for ever, a history in which it is not an object of JSON."""
    try:
        is_object = isinstance(json.loads(written or "{}"), dict)
    except (ValueError, RecursionError):
        is_object = False
    return (written or "{}") if is_object else json.dumps({"invalid_arguments": written}, ensure_ascii=False)


def _content(content: str | Sequence[ContentPart]) -> str | list[Body]:
    if isinstance(content, str):
        return content
    return [_image(part) if isinstance(part, ImagePart) else {"type": "text", "text": part.text} for part in content]


def _image(part: ImagePart) -> Body:
    detail = {} if part.detail == "auto" else {"detail": part.detail}
    return {"type": "image_url", "image_url": cast("Body", {"url": part.url}) | detail}
