"""What these tests let model servers say, and how they ask them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from assistream.engine import ChatCompletions
from assistream.engine.models import ChatToolCall
from tests.engine.models.asking import Answer
from tests.wire import Step, Wire, stream

Json: TypeAlias = dict[str, Any]

PATH = "/v1/chat/completions"
DONE = b"data: [DONE]\n\n"


def event(payload: object) -> bytes:
    return b"data: %s\n\n" % json.dumps(payload).encode()


def chunk(delta: Mapping[str, Any] | None = None, finish: str | None = None, **fields: Any) -> Json:
    """A chunk as OpenAI has it; ``finish`` ends the answer."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": dict(delta or {}), "finish_reason": finish}],
        **fields,
    }


def calls(*fragments: Mapping[str, Any]) -> Json:
    return chunk({"tool_calls": list(fragments)})


def usage(prompt: int, completion: int) -> Json:
    """The last chunk of an answer whose usage was asked for."""
    tokens = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return chunk() | {"choices": [], "usage": tokens}


def answering(*payloads: object, done: bool = True) -> Step:
    return stream(*map(event, payloads), *([DONE] if done else []))


def saying(*texts: str) -> Step:
    return answering(*(chunk({"content": text}) for text in texts), chunk(finish="stop"))


@asynccontextmanager
async def asking(server: Wire, *names: Any, **options: Any) -> AsyncGenerator[ChatCompletions]:
    """A model on this server, called "m" unless something else is said. It does not wait before it asks again."""
    model = names or (() if "models" in options else ("m",))
    async with ChatCompletions(f"{server.url}/v1", *model, **({"backoff": 0.0} | options)) as made:
        yield made


def made(answer: Answer) -> list[tuple[str, Json]]:
    """Names and arguments of the calls."""
    return [(call.name, json.loads(call.arguments)) for call in answer.calls]


def ids(calls: Sequence[ChatToolCall]) -> list[str]:
    return [call.id for call in calls]
