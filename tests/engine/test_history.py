"""What the model is asked."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from assistream.engine import Scripted, breaks_off, calls, says
from assistream.engine.models import ImagePart, TextPart
from tests.engine.conftest import FUNCTION, Json, ScriptedEngine, calls_of


def asked(model: Scripted, number: int = -1) -> list[tuple[str, str]]:
    """Role and text of each message of a request."""
    return [(message.role, message.text) for message in model.requests[number].messages]


def test_the_thread_in_order(scripted_engine: ScriptedEngine) -> None:
    model = Scripted(["One", "Two"])
    api = scripted_engine(model=model)
    thread = api.thread("first", "second")
    api.run_stream(thread)
    api.post(f"/threads/{thread['id']}/messages", {"role": "user", "content": "third"})
    api.run_stream(thread, additional_messages=[{"role": "assistant", "content": "fourth"}])
    assert asked(model) == [
        ("system", "Help."),
        ("user", "first"),
        ("user", "second"),
        ("assistant", "One"),
        ("user", "third"),
        ("assistant", "fourth"),
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["Help."]),
        ({"instructions": "Be short."}, ["Be short."]),
        ({"additional_instructions": "Rhyme."}, ["Help.\n\nRhyme."]),
        ({"instructions": ""}, []),
        ({"instructions": "", "additional_instructions": "Rhyme."}, ["Rhyme."]),
    ],
)
def test_instructions(scripted_engine: ScriptedEngine, settings: Json, expected: list[str]) -> None:
    model = Scripted(["Hello"])
    scripted_engine(model=model).run_stream(**settings)
    assert [text for role, text in asked(model) if role == "system"] == expected


def test_calls_and_their_outputs(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([calls(get_weather={"city": "Oslo"}), "Sunny.", "Yes."])
    api = scripted_engine(model=model)
    run = api.waiting_run()
    api.submit(run, "21 degrees")
    api.post(f"/threads/{run['thread_id']}/messages", {"role": "user", "content": "Sure?"})
    api.run_stream({"id": run["thread_id"]})
    [id] = (call["id"] for call in calls_of(run))
    for request in model.requests[1:]:
        made, answer = request.messages[2:4]
        assert (made.role, [(call.id, call.name, call.arguments) for call in made.tool_calls]) == (
            "assistant",
            [(id, "get_weather", '{"city": "Oslo"}')],
        )
        assert (answer.role, answer.tool_call_id, answer.text) == ("tool", id, "21 degrees")
    assert asked(model)[-2:] == [("assistant", "Sunny."), ("user", "Sure?")]


def test_calls_that_were_never_answered_are_left_out(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([calls(get_weather={}), "Hello"])
    api = scripted_engine(model=model)
    run = api.waiting_run()
    api.post(f"/threads/{run['thread_id']}/runs/{run['id']}/cancel")
    api.finished(run)
    api.run_stream({"id": run["thread_id"]})
    assert asked(model) == [("system", "Help."), ("user", "Hello")]


def test_what_a_failed_run_said_stays_and_silence_does_not(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Half of") + breaks_off(), breaks_off(), "Hello"])
    api = scripted_engine(model=model)
    thread = api.thread("Hi")
    for _ in range(3):
        api.run_stream(thread)
    assert asked(model) == [("system", "Help."), ("user", "Hi"), ("assistant", "Half of")]


@pytest.mark.parametrize(
    ("keep", "texts"), [(1, ["third"]), (2, ["second", "third"]), (9, ["first", "second", "third"])]
)
def test_last_messages(scripted_engine: ScriptedEngine, keep: int, texts: list[str]) -> None:
    model = Scripted([calls(get_weather={}), "Hello"])
    api = scripted_engine(model=model)
    strategy = {"type": "last_messages", "last_messages": keep}
    run = api.run_stream(api.thread("first", "second", "third"), truncation_strategy=strategy)[-1].data
    api.submit(run)
    assert [text for role, text in asked(model, 0) if role == "user"] == texts
    # What the run itself did does not count.
    assert [role for role, _ in asked(model, 1)] == ["system", *["user"] * len(texts), "assistant", "tool"]


PNG = b"\x89PNG\r\n\x1a\n..."


def test_pictures(scripted_engine: ScriptedEngine) -> None:
    model = Scripted(["A cat."])
    api = scripted_engine(model=model)
    file = api.upload(PNG, "cat.png", purpose="vision")["id"]
    content: list[Json] = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "http://localhost/cat.png", "detail": "low"}},
        {"type": "image_file", "image_file": {"file_id": file}},
    ]
    api.run_stream(api.post("/threads", {"messages": [{"role": "user", "content": content}]}))
    assert model.requests[0].messages[1].content == [
        TextPart("What is this?"),
        ImagePart("http://localhost/cat.png", "low"),
        ImagePart(f"data:image/png;base64,{base64.b64encode(PNG).decode()}"),
    ]


FORMAT = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}


@pytest.mark.parametrize(
    ("settings", "field", "expected"),
    [
        ({}, "model", "any"),
        ({"model": "other"}, "model", "other"),
        ({}, "temperature", 1.0),
        ({"temperature": 0.5, "top_p": 0.1}, "top_p", 0.1),
        ({}, "parallel_tool_calls", True),
        ({"parallel_tool_calls": False}, "parallel_tool_calls", False),
        ({}, "response_format", None),
        ({"response_format": FORMAT}, "response_format", FORMAT),
        ({"reasoning_effort": "low"}, "reasoning_effort", "low"),
        ({"metadata": {"a": "b"}}, "metadata", {"a": "b"}),
        ({}, "max_completion_tokens", None),
        ({}, "tools", [FUNCTION]),
        ({"tools": [{"type": "code_interpreter"}]}, "tools", []),
        ({"tool_choice": "none"}, "tool_choice", "none"),
        ({"tool_choice": "required"}, "tool_choice", "required"),
        ({"tool_choice": {"type": "file_search"}}, "tool_choice", "auto"),
    ],
)
def test_settings(scripted_engine: ScriptedEngine, settings: Json, field: str, expected: Any) -> None:
    model = Scripted(["Hello"])
    scripted_engine(model=model).run_stream(**settings)
    assert getattr(model.requests[0], field) == expected


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
def test_a_forced_call_is_forced_once(scripted_engine: ScriptedEngine, choice: Any) -> None:
    model = Scripted([calls(get_weather={}), "Hello"])
    api = scripted_engine(model=model)
    api.submit(api.run_stream(tool_choice=choice)[-1].data)
    assert [request.tool_choice for request in model.requests] == [choice, "auto"]
