from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models import ChatMessage, ChatToolCall, ContentPart, ImagePart, ModelRequest, TextPart
from assistream.engine.models.chat_completions.body import build
from assistream.engine.models.chat_completions.options import Options
from tests.engine.models.asking import HELLO, TIME, WEATHER

CALL = ChatToolCall("call_a", "get_weather", '{"city": "Oslo"}')


def body(messages: list[ChatMessage] | None = None, options: dict[str, Any] | None = None, **asked: Any) -> Any:
    return build(ModelRequest("asked", messages or HELLO, **asked), "m", Options("http://x.test/v1", **(options or {})))


def messages(*given: ChatMessage, **options: Any) -> Any:
    return body(list(given), options)["messages"]


def test_a_plain_question() -> None:
    assert body() == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(
    ("asked", "field", "value"),
    [
        ({"temperature": 0.0}, "temperature", 0.0),
        ({"temperature": 1.0}, "temperature", None),
        ({"top_p": 0.5}, "top_p", 0.5),
        ({"top_p": 1.0}, "top_p", None),
        ({"max_completion_tokens": 7}, "max_tokens", 7),
        ({"response_format": {"type": "json_object"}}, "response_format", {"type": "json_object"}),
        ({"response_format": {"type": "text"}}, "response_format", None),
        ({"reasoning_effort": "low"}, "reasoning_effort", "low"),
        ({"metadata": {"a": "b"}}, "metadata", None),
        ({"tools": [WEATHER]}, "tool_choice", None),
        ({"tools": [WEATHER], "tool_choice": "required"}, "tool_choice", "required"),
        ({"tools": [WEATHER], "parallel_tool_calls": False}, "parallel_tool_calls", False),
        ({"tools": [WEATHER]}, "parallel_tool_calls", None),
        ({"parallel_tool_calls": False, "tool_choice": "none"}, "parallel_tool_calls", None),
        ({}, "tools", None),
    ],
)
def test_settings(asked: dict[str, Any], field: str, value: object) -> None:
    assert body(**asked).get(field) == value


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"stream": False}, "stream", None),
        ({"stream": False}, "stream_options", None),
        ({"token_limit": "max_completion_tokens"}, "max_completion_tokens", 5),
        ({"extra_body": {"top_k": 3}}, "top_k", 3),
        ({"extra_body": {"temperature": 0.2}}, "temperature", 0.2),
        ({"extra_body": {"max_tokens": None}}, "max_tokens", None),
    ],
)
def test_options(options: dict[str, Any], field: str, value: object) -> None:
    assert body(options=options, max_completion_tokens=5, temperature=0.9).get(field) == value


def test_tools() -> None:
    bare = {"type": "function", "function": {"name": "f", "description": None, "strict": None}}
    first, second = body(tools=[TIME, bare])["tools"]
    assert first == TIME
    assert second == {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


def test_no_calls_means_no_tools_unless_there_were_some() -> None:
    assert "tools" not in body(tools=[WEATHER], tool_choice="none")
    history = [*HELLO, ChatMessage("assistant", tool_calls=[CALL]), ChatMessage("tool", "rain", tool_call_id="call_a")]
    asked = body(history, tools=[WEATHER], tool_choice="none")
    assert (asked["tools"], asked["tool_choice"]) == ([WEATHER], "none")


def test_instructions() -> None:
    system = ChatMessage("system", "Be kind.")
    assert messages(system)[0] == {"role": "system", "content": "Be kind."}
    assert messages(system, system_role="developer")[0]["role"] == "developer"


def test_calls_and_what_came_of_them() -> None:
    written = messages(
        *HELLO,
        ChatMessage("assistant", "Let me see."),
        ChatMessage("assistant", tool_calls=[CALL, ChatToolCall("call_b", "get_time", "")]),
        ChatMessage("tool", "rain", tool_call_id="call_a"),
        ChatMessage("tool", "", tool_call_id="call_b"),
        ChatMessage("assistant", tool_calls=[CALL]),
        ChatMessage("tool", "sun", tool_call_id="call_a"),
    )
    weather = {"id": "call_a", "type": "function", "function": {"name": "get_weather", "arguments": CALL.arguments}}
    time = {"id": "call_b", "type": "function", "function": {"name": "get_time", "arguments": "{}"}}
    assert written[1:] == [
        {"role": "assistant", "content": "Let me see.", "tool_calls": [weather, time]},
        {"role": "tool", "tool_call_id": "call_a", "content": "rain"},
        {"role": "tool", "tool_call_id": "call_b", "content": ""},
        {"role": "assistant", "tool_calls": [weather]},
        {"role": "tool", "tool_call_id": "call_a", "content": "sun"},
    ]


def test_calls_of_two_turns_are_not_made_one() -> None:
    turn = ChatMessage("assistant", tool_calls=[CALL])
    assert [len(message["tool_calls"]) for message in messages(turn, turn)] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ("", "{}"),
        ('{"a": 1}', '{"a": 1}'),
        ('{"a": ', '{"invalid_arguments": "{\\"a\\": "}'),
        ("[1]", '{"invalid_arguments": "[1]"}'),
        ("[" * 100_000, None),
    ],
)
def test_arguments_that_no_server_would_take(arguments: str, sent: str | None) -> None:
    (written,) = messages(ChatMessage("assistant", tool_calls=[ChatToolCall("a", "f", arguments)]))
    got = written["tool_calls"][0]["function"]["arguments"]
    assert got == sent if sent else got.startswith('{"invalid_arguments": "[[[')


def test_pictures() -> None:
    data = "data:image/png;base64,AA=="
    parts: list[ContentPart] = [TextPart("What is this?"), ImagePart("http://x.test/a.png"), ImagePart(data, "low")]
    (written,) = messages(ChatMessage("user", parts))
    assert written["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "http://x.test/a.png"}},
        {"type": "image_url", "image_url": {"url": data, "detail": "low"}},
    ]


def test_pictures_of_the_model_are_words() -> None:
    parts: list[ContentPart] = [TextPart("Here:"), ImagePart("http://x.test/a.png")]
    (written,) = messages(ChatMessage("assistant", parts))
    assert written == {"role": "assistant", "content": "Here:\n[image]"}
