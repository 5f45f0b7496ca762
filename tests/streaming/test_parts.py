from __future__ import annotations

from typing import Any

import pytest

from assistream.streaming.parts import Part, Slots
from assistream.types import (
    CodeInterpreterToolCall,
    Message,
    MessageContent,
    RunStep,
    TextContentBlock,
    ToolCall,
    UnknownToolCallDelta,
)

from ..frames import DM, DS, MC, SC, Object, code, function, search, text
from .rows.row import first, logs, mark
from .traces import play

HOSTILE = ["__class__", "__dict__", "model_extra", "model_dump", "model_fields_set", "copy", "__pydantic_extra__"]


def said(*deltas: Object | str) -> Message:
    return play([MC("msg_1"), *(DM("msg_1", delta) for delta in deltas)])[1].messages["msg_1"].model


def taken(*deltas: Object) -> RunStep:
    return play([SC("step_1", calls=[]), *(DS("step_1", delta) for delta in deltas)])[1].steps["step_1"].model


def sent(step: RunStep) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = step.to_dict()["step_details"]["tool_calls"]
    return calls


def test_a_dump_of_what_was_sent_has_what_was_added() -> None:
    assert said("Hel", "lo").to_dict()["content"] == [{"type": "text", "text": {"value": "Hello"}}]
    noted = said("Hel", text(None, annotations=[mark(0, 0)])).to_dict()["content"][0]["text"]
    assert [note["text"] for note in noted["annotations"]] == ["[1]"]
    assert sent(taken(first("a"), function('{"x":1}'))) == [
        {"type": "function", "id": "a", "function": {"name": "look", "arguments": '{"x":1}'}}
    ]
    ran = sent(taken(code("1", id="c"), code("+1", outputs=[logs("2", 0)])))[0]["code_interpreter"]
    assert (ran["input"], [output["logs"] for output in ran["outputs"]]) == ("1+1", ["2"])
    assert sent(taken(search(id="s")))[0]["id"] == "s"


def test_it_survives_being_read_again() -> None:
    message = said("Hel", text("lo", annotations=[mark(0, 0)]))
    assert Message.model_validate_json(message.to_json()) == message


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_from_the_wire_is_an_attribute(name: str) -> None:
    message = said(text("Hel"), {"index": 0, "type": "text", "text": {"value": "lo", name: {"a": 1}}, name: "b"})
    block = message.content[0]
    assert isinstance(block, TextContentBlock)
    assert block.text.value == "Hello"
    assert (block.text.model_extra, block.model_extra) == ({name: {"a": 1}}, {name: "b"})
    assert message.model_dump()["content"][0]["text"][name] == {"a": 1}
    call = taken(first("a"), {"index": 0, "type": "function", "function": {"arguments": "{}", name: 1}})
    assert sent(call)[0]["function"] == {"name": "look", "arguments": "{}", name: 1}


def test_an_unknown_block_keeps_its_raw_data() -> None:
    message = said(
        {"index": 0, "type": "audio", "value": "ab", "audio": {"rate": 1}}, {"index": 0, "type": "audio", "value": "cd"}
    )
    assert message.to_dict()["content"] == [{"type": "audio", "value": "abcd", "audio": {"rate": 1}}]


def test_an_unknown_call_with_lists_of_its_own() -> None:
    shown: list[Any] = []
    slots = Slots(ToolCall, shown)
    for fields in ({"id": "a", "outputs": [1, {"b": 2}]}, {"annotations": "none"}):
        slots.add(UnknownToolCallDelta.model_validate({"index": 0, "type": "mcp", **fields}))
    (call,) = shown
    assert call.to_dict() == {"id": "a", "type": "mcp", "outputs": [1, {"b": 2}], "annotations": "none"}


@pytest.mark.filterwarnings("error")
def test_two_types_at_one_index() -> None:
    block = {"index": 0, "type": "image_file", "image_file": {"file_id": "file_1"}}
    content = said("Hello", block).to_dict()["content"]
    assert content == [{"type": "text", "text": {"value": "Hello"}, "image_file": {"file_id": "file_1"}}]


def test_another_type_stays_plain_data() -> None:
    cited = text("c", annotations=[{"type": "file_path", "text": "", "index": 0}])
    content = said({"index": 0, "type": "audio"}, text("a"), text("b"), cited).to_dict()["content"]
    (annotation,) = cited["text"]["annotations"]
    assert content == [{"type": "audio", "text": {"value": "c", "annotations": [annotation]}}]


def test_plain_data_of_another_type_costs_no_text() -> None:
    other: Object = {"index": 0, "type": "audio", "text": {"value": "?"}, "more": 1}
    [block] = said(text("Hel"), other, text("lo")).to_dict()["content"]
    assert block == {"type": "text", "text": {"value": "Hello"}, "more": 1}


def test_a_type_that_comes_late() -> None:
    untyped: Object = {"index": 0, "text": {"value": "Hel"}}
    trace, state = play([MC("msg_1"), DM("msg_1", untyped), DM("msg_1", "lo")])
    assert state.messages["msg_1"].model.to_dict()["content"] == [{"type": "text", "text": {"value": "Hello"}}]
    assert trace.text[-1] == "text_created('Hello') text_delta('lo' | 'Hello') message_delta(msg_1)"


def test_the_list_is_the_models_own() -> None:
    message = Message(id="msg_1", content=[])
    slots = Slots(MessageContent, message.content)
    slots.add(said("x").content[0].model_copy(update={"index": 5}))
    assert [index for index, _ in slots.items()] == [5]
    assert len(message.content) == 1


def test_a_part_of_a_whole_call_goes_on() -> None:
    call = CodeInterpreterToolCall.model_validate(
        {"id": "c", "type": "code_interpreter", "code_interpreter": {"input": "1", "outputs": [logs("a")]}}
    )
    part = Slots(ToolCall, [call]).get(0)
    assert isinstance(part, Part)
    step = play([SC("step_1", calls=[call.to_dict()]), DS("step_1", code("", outputs=[logs("b", 0)]))])[1].steps[
        "step_1"
    ]
    assert sent(step.model)[0]["code_interpreter"]["outputs"] == [{"type": "logs", "logs": "ab"}]
