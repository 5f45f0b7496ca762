"""One conversation as each kind of server puts it: a question, two calls of functions, an answer from their outputs.

The shapes (which fields, in which chunks, cut how) are those that the servers document or are known for; the words
are ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.engine.models.chat_completions.server import Json

OSLO, BERGEN = '{"city": "Oslo"}', '{"city": "Bergen"}'
TEXT = "Rain in Oslo, sun in Bergen."


@dataclass(frozen=True)
class Dialect:
    """``called`` and ``said`` are the lines of the two answers; ``tokens`` the usage of both, None if not told."""

    models: Json
    called: Sequence[str]
    said: Sequence[str]
    tokens: int | None
    ids: Sequence[str] = ()
    content_type: str = "text/event-stream"
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _listed(*names: str) -> Json:
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in names],
    }


def _data(*payloads: Json, done: bool = True) -> list[str]:
    return [line for one in payloads for line in (f"data: {json.dumps(one)}", "")] + ["data: [DONE]", ""] * done


def _choice(delta: Json, finish: str | None = None, **fields: Any) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish, **fields}


def _usage(prompt: int, completion: int, **details: Any) -> Json:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **details}


def _last(head: Json, prompt: int, completion: int) -> Json:
    return head | {"choices": [], "usage": _usage(prompt, completion)}


def _call(arguments: str | None = None, /, **fields: Any) -> Json:
    """A fragment of a call: name and arguments in their object, the rest around it."""
    name = fields.pop("name", None)
    function = {"name": name} if name is not None else {}
    return {**fields, "function": function | ({} if arguments is None else {"arguments": arguments})}


def _openai() -> Dialect:
    head = {"id": "chatcmpl-B1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-2024-08-06",
            "service_tier": "default", "system_fingerprint": "fp_1"}  # fmt: skip

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return head | {"choices": [_choice(delta, finish, logprobs=None)], "usage": None, "obfuscation": "x1"}

    def last(prompt: int, completion: int) -> Json:
        details = {"completion_tokens_details": {"reasoning_tokens": 0}, "prompt_tokens_details": {"cached_tokens": 0}}
        return head | {"choices": [], "usage": _usage(prompt, completion, **details), "obfuscation": ""}

    return Dialect(
        _listed("gpt-4o", "gpt-4o-mini"),
        _data(
            chunk({"role": "assistant", "content": None}),
            chunk({"tool_calls": [_call("", index=0, id="call_a", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call('{"ci', index=0)]}),
            chunk({"tool_calls": [_call('ty": "Oslo"}', index=0)]}),
            chunk({"tool_calls": [_call("", index=1, id="call_b", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call(BERGEN, index=1)]}),
            chunk({}, "tool_calls"),
            last(80, 30),
        ),
        _data(
            chunk({"role": "assistant", "content": "", "refusal": None}),
            chunk({"content": "Rain in Oslo,"}),
            chunk({"content": " sun in Bergen."}),
            chunk({}, "stop"),
            last(130, 10),
        ),
        250,
        ids=("call_a", "call_b"),
    )


def _ollama(*, index: bool) -> Dialect:
    """It sends calls whole, ends them with "stop" in older versions, and left their index out in the oldest."""
    head = {"id": "chatcmpl-140", "object": "chat.completion.chunk", "created": 1, "model": "qwen3:8b",
            "system_fingerprint": "fp_ollama"}  # fmt: skip

    def call(number: int, arguments: str) -> Json:
        place = {"index": number} if index else {}
        return _call(arguments, id=f"call_{number}", **place, type="function", name="get_weather")

    return Dialect(
        _listed("qwen3:8b"),
        _data(
            head | {"choices": [_choice({"role": "assistant", "content": "", "reasoning": "Two cities."})]},
            head | {"choices": [_choice({"role": "assistant", "content": "", "tool_calls": [call(0, OSLO)]})]},
            head | {"choices": [_choice({"role": "assistant", "content": "", "tool_calls": [call(1, BERGEN)]})]},
            head | {"choices": [_choice({"role": "assistant", "content": ""}, "tool_calls" if index else "stop")]},
            _last(head, 170, 50),
        ),
        _data(
            head | {"choices": [_choice({"role": "assistant", "content": "Rain in Oslo,"})]},
            head | {"choices": [_choice({"role": "assistant", "content": " sun in Bergen."})]},
            head | {"choices": [_choice({"role": "assistant", "content": ""}, "stop")]},
            _last(head, 20, 10),
        ),
        250,
        ids=("call_0", "call_1"),
    )


def _vllm() -> Dialect:
    """It thinks in ``reasoning_content``, cuts arguments by tokens, and tells usage in every chunk if so configured."""
    head = {"id": "chatcmpl-5f", "object": "chat.completion.chunk", "created": 1, "model": "Qwen/Qwen3-8B"}

    def chunk(delta: Json, finish: str | None = None, tokens: int = 1) -> Json:
        choice = _choice(delta, finish, logprobs=None, stop_reason=None, token_ids=None)
        return head | {"choices": [choice], "usage": _usage(100, tokens)}

    return Dialect(
        {
            "object": "list",
            "data": [{"id": "Qwen/Qwen3-8B", "object": "model", "max_model_len": 4096, "permission": []}],
        },
        _data(
            chunk({"role": "assistant", "content": ""}),
            chunk({"reasoning_content": "Two cities."}),
            chunk({"content": "\n\n"} | {"content": None}),
            chunk({"tool_calls": [_call(id="chatcmpl-tool-a", type="function", index=0, name="get_weather")]}),
            chunk({"tool_calls": [_call('{"city": ', index=0)]}),
            chunk({"tool_calls": [_call('"Oslo"}', index=0)]}),
            chunk({"tool_calls": [_call(id="chatcmpl-tool-b", type="function", index=1, name="get_weather")]}),
            chunk({"tool_calls": [_call(BERGEN, index=1)]}),
            chunk({"content": ""}, "tool_calls", 20),
            _last(head, 100, 20),
        ),
        _data(
            chunk({"role": "assistant", "content": ""}, tokens=0),
            chunk({"content": TEXT}, tokens=30),
            chunk({"content": ""}, "stop", 30),
            _last(head, 100, 30),
        ),
        250,
        ids=("chatcmpl-tool-a", "chatcmpl-tool-b"),
    )


def _llama_cpp() -> Dialect:
    """Timings and usage in a chunk without choices; ids are random letters; both lists of models in one answer."""
    head = {
        "created": 1,
        "id": "chatcmpl-X",
        "model": "gpt-3.5-turbo",
        "system_fingerprint": "b6000",
        "object": "chat.completion.chunk",
    }
    timings = {"timings": {"prompt_n": 1, "predicted_n": 2}}

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return head | {"choices": [{"finish_reason": finish, "index": 0, "delta": delta}]}

    return Dialect(
        {"models": [{"name": "m.gguf", "model": "m.gguf"}]} | _listed("m.gguf"),
        _data(
            chunk({"role": "assistant", "content": None}),
            chunk({"tool_calls": [_call("{", index=0, id="Ab1", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call('"city": "Oslo"}', index=0)]}),
            chunk({"tool_calls": [_call("{", index=1, id="Cd2", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call('"city": "Bergen"}', index=1)]}),
            chunk({}, "tool_calls"),
            _last(head, 120, 30) | timings,
        ),
        _data(
            chunk({"role": "assistant", "content": None}),
            chunk({"content": "Rain in Oslo,"}),
            chunk({"content": " sun in Bergen."}),
            chunk({}, "stop"),
            _last(head, 90, 10) | timings,
        ),
        250,
        ids=("Ab1", "Cd2"),
    )  # fmt: skip


def _llama_cpp_python() -> Dialect:
    """It tells no usage, and repeats id and name with every fragment, also as the one function of old."""
    head = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny.gguf"}

    def fragment(number: int, arguments: str) -> Json:
        name = "get_weather"
        call = _call(arguments, index=number, id=f"call__{number}_cmpl", type="function", name=name)
        delta = {"role": None, "content": None, "function_call": {"name": name, "arguments": arguments}}
        return head | {"choices": [_choice(delta | {"tool_calls": [call]}, logprobs=None)]}

    return Dialect(
        _listed("tiny.gguf"),
        _data(
            head | {"choices": [_choice({"role": "assistant"})]},
            *(fragment(number, piece) for number, text in enumerate((OSLO, BERGEN)) for piece in (text[:3], text[3:])),
            head | {"choices": [_choice({"role": None, "content": None, "tool_calls": None}, "tool_calls")]},
        ),
        _data(
            head | {"choices": [_choice({"role": "assistant"})]},
            *(head | {"choices": [_choice({"content": letter})]} for letter in TEXT),
            head | {"choices": [_choice({}, "stop")]},
        ),
        None,
        ids=("call__0_cmpl", "call__1_cmpl"),
    )


def _lm_studio() -> Dialect:
    """An embedding model in the list; ids are numbers in text; later fragments with an empty name."""
    head = {
        "id": "chatcmpl-k",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "qwen3-8b",
        "system_fingerprint": "qwen3-8b",
    }

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return head | {"choices": [_choice(delta, finish, logprobs=None)]}

    return Dialect(
        _listed("qwen3-8b", "text-embedding-nomic-embed-text-v1.5"),
        _data(
            chunk({"role": "assistant", "reasoning_content": "Two cities."}),
            chunk({"tool_calls": [_call("", index=0, id="365174485", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call(OSLO, index=0, type="function", name="")]}),
            chunk({"tool_calls": [_call("", index=1, id="365174486", type="function", name="get_weather")]}),
            chunk({"tool_calls": [_call(BERGEN, index=1, type="function", name="")]}),
            chunk({}, "tool_calls"),
            _last(head, 150, 50),
        ),
        _data(
            chunk({"role": "assistant", "content": TEXT}),
            chunk({}, "stop"),
            _last(head, 40, 10),
        ),
        250,
        ids=("365174485", "365174486"),
    )  # fmt: skip


def _litellm() -> Dialect:
    """No ``finish_reason`` where there is none; usage comes with a choice that says nothing."""
    head = {"id": "chatcmpl-5", "created": 1, "model": "tiny", "object": "chat.completion.chunk"}

    def chunk(delta: Json, **fields: Any) -> Json:
        return head | {"choices": [{"index": 0, "delta": delta} | fields]}

    return Dialect(
        _listed("tiny"),
        _data(
            chunk({"role": "assistant", "content": "Let me see."}),
            chunk({"tool_calls": [_call("", id="call_a", type="function", index=0, name="get_weather")]}),
            chunk({"tool_calls": [_call(OSLO, type="function", index=0, name=None)]}),
            chunk({"tool_calls": [_call(BERGEN, id="call_b", type="function", index=1, name="get_weather")]}),
            chunk({}, finish_reason="tool_calls"),
            chunk({}) | {"usage": _usage(100, 50)},
        ),
        _data(
            chunk({"role": "assistant", "content": "Rain in Oslo,"}),
            chunk({"content": " sun in Bergen."}),
            chunk({}, finish_reason="stop"),
            chunk({}) | {"usage": _usage(90, 10)},
        ),
        250,
        ids=("call_a", "call_b"),
    )


def _gemini() -> Dialect:
    """Calls whole, with no index, both in one chunk; usage in every chunk; the names of models have a directory."""
    head = {"object": "chat.completion.chunk", "created": 1, "model": "gemini-3-flash"}
    calls = [_call(city, id=id, type="function", name="get_weather") for city, id in ((OSLO, "f-1"), (BERGEN, "f-2"))]
    return Dialect(
        _listed("models/gemini-3-flash"),
        _data(
            head | {"choices": [_choice({"role": "assistant", "tool_calls": calls}, "stop")], "usage": _usage(120, 20)},
        ),
        _data(
            head | {"choices": [_choice({"role": "assistant", "content": "Rain in Oslo,"})], "usage": _usage(99, 4)},
            head | {"choices": [_choice({"content": " sun in Bergen."}, "stop")], "usage": _usage(99, 11)},
        ),
        250,
        ids=("f-1", "f-2"),
    )


def _mistral() -> Dialect:
    """Content in parts, thinking among them; ids of nine letters; usage with the last choice."""
    head = {"id": "cmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "magistral-small"}
    calls = [
        _call(city, id=id, index=n, name="get_weather")
        for n, (city, id) in enumerate(((OSLO, "D681PevKs"), (BERGEN, "E681PevKs")))
    ]
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Two answers."}]}
    return Dialect(
        _listed("magistral-small"),
        _data(
            head | {"choices": [_choice({"role": "assistant", "content": [thought]})]},
            head | {"choices": [_choice({"content": "", "tool_calls": calls}, "tool_calls")], "usage": _usage(100, 40)},
        ),
        _data(
            head | {"choices": [_choice({"role": "assistant", "content": [thought]})]},
            head | {"choices": [_choice({"content": [{"type": "text", "text": TEXT}]})]},
            head | {"choices": [_choice({"content": ""}, "stop")], "usage": _usage(100, 10)},
        ),
        250,
        ids=("D681PevKs", "E681PevKs"),
    )  # fmt: skip


def _whole() -> Dialect:
    """It does not stream, gives arguments as objects and no ids, and calls the end of everything "stop"."""

    def answer(message: Json) -> list[str]:
        choice = {"index": 0, "message": {"role": "assistant"} | message, "finish_reason": "stop"}
        return [json.dumps({"object": "chat.completion", "choices": [choice], "usage": _usage(120, 5)}, indent=1)]

    calls = [{"function": {"name": "get_weather", "arguments": json.loads(city)}} for city in (OSLO, BERGEN)]
    return Dialect(
        _listed("small"),
        answer({"content": None, "tool_calls": calls}),
        answer({"content": TEXT}),
        250,
        content_type="application/json",
    )


DIALECTS: Mapping[str, Dialect] = {
    "OpenAI": _openai(),
    "Ollama": _ollama(index=True),
    "Ollama before 0.5": _ollama(index=False),
    "vLLM": _vllm(),
    "llama.cpp": _llama_cpp(),
    "llama-cpp-python": _llama_cpp_python(),
    "LM Studio": _lm_studio(),
    "LiteLLM": _litellm(),
    "Gemini": _gemini(),
    "Mistral": _mistral(),
    "not streamed": _whole(),
}
