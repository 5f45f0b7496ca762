"""What the deltas of one turn look like on the wire, and what they add up to."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistream.engine import ModelRequest, Scripted, calls, refuses, says, uses
from assistream.engine.draft import closed
from assistream.engine.models import RefusalDelta, TextDelta, ToolCallDelta, Turn, UsageDelta, call
from assistream.engine.models.base import Finish, ModelDelta
from tests.engine.conftest import Event, Json, ScriptedEngine, calls_of, names
from tests.engine.test_lifecycle import document


def deltas(events: list[Event], kind: str) -> list[Json]:
    return [event.data["delta"] for event in events if event.name == f"thread.{kind}.delta"]


def entries(events: list[Event]) -> list[Json]:
    return [entry for delta in deltas(events, "run.step") for entry in delta["step_details"]["tool_calls"]]


def blocks(events: list[Event]) -> list[Json]:
    return [block for delta in deltas(events, "message") for block in delta["content"]]


def test_text_deltas(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says(["Hel", "", "lo"])).run_stream()
    assert deltas(events, "message") == [
        {"content": [{"index": 0, "type": "text", "text": {"value": "Hel", "annotations": []}}]},
        {"content": [{"index": 0, "type": "text", "text": {"value": "lo"}}]},
    ]
    message = next(event.data for event in events if event.name == "thread.message.completed")
    assert message["content"] == [{"type": "text", "text": {"value": "Hello", "annotations": []}}]


def test_a_delta_has_the_id_of_what_it_is_about(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says("Hello you") + calls(get_weather={})).run_stream()
    created = {event.data["id"] for event in events if event.name.endswith((".message.created", ".step.created"))}
    found = [event.data for event in events if event.name.endswith(".delta")]
    assert {data["id"] for data in found} < created
    assert {data["object"] for data in found} == {"thread.message.delta", "thread.run.step.delta"}


def test_another_kind_of_content_is_another_block(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(says(["Well"]) + refuses("no")).run_stream()
    assert deltas(events, "message")[1] == {"content": [{"index": 1, "type": "refusal", "refusal": "no"}]}


def test_the_first_delta_of_a_call_names_it_and_the_others_are_arguments(scripted_engine: ScriptedEngine) -> None:
    first, *rest = entries(scripted_engine(call("f", '{"a":1}', id="call_1", size=3)).run_stream())
    function = {"name": "f", "arguments": "", "output": None}
    assert first == {"index": 0, "id": "call_1", "type": "function", "function": function}
    assert rest == [{"index": 0, "type": "function", "function": {"arguments": piece}} for piece in ('{"a', '":1', "}")]


def test_two_calls_have_two_indices(scripted_engine: ScriptedEngine) -> None:
    found = entries(scripted_engine(calls(f={"a": 1}, g={"b": 2})).run_stream())
    indices = [entry["index"] for entry in found]
    assert indices == sorted(indices)
    assert [entry["function"]["name"] for entry in found if "id" in entry] == ["f", "g"]
    for index, arguments in enumerate(['{"a": 1}', '{"b": 2}']):
        assert "".join(entry["function"]["arguments"] for entry in found if entry["index"] == index) == arguments


@pytest.mark.parametrize("seconds", [math.inf, 0.0])
def test_what_is_taken_at_once_says_the_same(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("assistream.engine.source.AT_ONCE", seconds)

    async def model(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for text in ("He", "l", "", "lo"):
            yield TextDelta(text)
        yield RefusalDelta("no")
        yield TextDelta("yes")
        yield ToolCallDelta(0, "call_0", "f", "{")
        for index, arguments in ((0, '"a"'), (1, ""), (0, ": 1"), (1, "{}"), (0, "}")):
            yield ToolCallDelta(index, None, None if index == 0 else "g", arguments)
        yield Finish("tool_calls")

    events = scripted_engine(model=model).run_stream()
    said = [block["text"]["value"] if block["type"] == "text" else block["refusal"] for block in blocks(events)]
    assert said == ["He", "l", "lo", "no", "yes"]
    pieces = [(entry["index"], entry["function"]["arguments"]) for entry in entries(events)]
    assert pieces == [(0, ""), (0, "{"), (0, '"a"'), (1, ""), (0, ": 1"), (1, "{}"), (0, "}")]
    assert [each["function"]["arguments"] for each in calls_of(events[-1].data)] == ['{"a": 1}', "{}"]


def test_indices_of_the_model_may_have_gaps_and_no_ids(scripted_engine: ScriptedEngine) -> None:
    async def odd(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield ToolCallDelta(3, name="f", arguments="{}")
        yield ToolCallDelta(7, name="g", arguments="{")
        yield ToolCallDelta(7, arguments="}")
        yield Finish("tool_calls")

    events = scripted_engine(model=odd).run_stream()
    assert [entry["index"] for entry in entries(events)] == [0, 0, 1, 1, 1]
    made = events[-1].data["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert [call["function"]["arguments"] for call in made] == ["{}", "{}"]
    assert all(call["id"].startswith("call_") for call in made)


def test_arguments_are_a_string_as_the_model_wrote_it(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(calls(f="{not json")).run_stream()
    made = events[-1].data["required_action"]["submit_tool_outputs"]["tool_calls"]
    assert made[0]["function"]["arguments"] == "{not json"


def test_tokens_of_a_turn_are_those_of_its_last_step(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(says("Let me see.") + calls(f={}) + uses(20, 5), says("Done", usage=(30, 2)))
    waiting = api.run_stream()[-1].data
    api.submit(waiting)
    run = api.finished(waiting)
    steps = api.get(f"/threads/{run['thread_id']}/runs/{run['id']}/steps", order="asc")["data"]
    assert [step["usage"]["total_tokens"] for step in steps] == [0, 25, 32]
    assert run["usage"]["total_tokens"] == 57


def test_no_text_can_break_the_stream(scripted_engine: ScriptedEngine) -> None:
    text = "a\n\nevent: done\ndata: [DONE]\r\rb\u2028c\ud83d"
    turn = Turn(says([text]).steps)
    events = scripted_engine(model=Scripted([turn])).run_stream()
    # Half a character waits for its other half, which does not come.
    assert deltas(events, "message")[0]["content"][0]["text"]["value"] == text.removesuffix("\ud83d")
    assert events[-1].name == "thread.run.completed"


def test_closed_says_what_became_of_it() -> None:
    message = closed(document("thread.message", "in_progress"), "cancelled")
    assert message.events == ("thread.message.incomplete",)
    step = closed(document("thread.run.step", "in_progress"), "expired")
    assert step.events == ("thread.run.step.expired",)
    assert step.document["last_error"] is None


WRONG: Any = [
    *(None, 5, "text", {"text": "a"}, ...),
    *(TextDelta(5), TextDelta(None), RefusalDelta(b"no")),  # type: ignore[arg-type]  # mistakes people make
    *(ToolCallDelta(0, "call_1", "f", {"a": 1}), ToolCallDelta(0, 1, "f")),  # type: ignore[arg-type]  # as above
    *(ToolCallDelta("0", "call_1", "f"), ToolCallDelta(0, "call_1")),  # type: ignore[arg-type]  # as above
    *(UsageDelta(None, None), UsageDelta(1.5, 2), UsageDelta(-5, 5)),  # type: ignore[arg-type]  # as above
    Finish("weird"),  # type: ignore[arg-type]  # as above
]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_what_is_no_delta_fails_the_run(scripted_engine: ScriptedEngine, wrong: Any) -> None:
    async def model(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield TextDelta("Half of")
        yield wrong
        yield Finish("stop")

    api = scripted_engine(model=model)
    events = api.run_stream()
    assert names(events)[-4:] == ["message.delta", "message.incomplete", "run.step.failed", "run.failed"]
    error = events[-1].data["last_error"]
    assert error["code"] == "server_error"
    assert error["message"].startswith("The model ")
    assert api.run({"id": events[-1].data["thread_id"]})["status"] == "queued"


@pytest.mark.parametrize("answer", [None, {"a": 1}, 5, b"text"], ids=repr)
def test_a_function_that_returns_no_text_fails_the_run(scripted_engine: ScriptedEngine, answer: Any) -> None:
    async def model(request: ModelRequest) -> str:
        text: str = answer
        return text

    events = scripted_engine(model=model).run_stream()
    assert names(events)[-2:] == ["run.in_progress", "run.failed"]
    assert repr(answer) in events[-1].data["last_error"]["message"]


def test_without_parallel_calls_the_first_of_a_turn_is_kept(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(calls(f={"a": 1}, g={"b": 2})).run_stream(parallel_tool_calls=False)
    [made] = calls_of(events[-1].data)
    assert made["function"] == {"name": "f", "arguments": '{"a": 1}'}
    assert {entry["index"] for entry in entries(events)} == {0}


@pytest.mark.parametrize("settings", [{"tool_choice": "none"}, {"tools": []}])
def test_calls_that_are_not_allowed_fail_the_run(scripted_engine: ScriptedEngine, settings: Json) -> None:
    events = scripted_engine(calls(f={})).run_stream(**settings)
    assert names(events)[-2:] == ["run.in_progress", "run.failed"]
    assert events[-1].data["last_error"]["message"].startswith("The model called 'f', but the run ")


def test_calls_with_one_id_are_told_apart(scripted_engine: ScriptedEngine) -> None:
    events = scripted_engine(call("f", id="call_1") + call("g", id="call_1")).run_stream()
    first, second = calls_of(events[-1].data)
    assert first["id"] == "call_1" != second["id"]
