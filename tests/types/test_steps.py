from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from assistream.types import (
    CodeInterpreterImageOutput,
    CodeInterpreterLogs,
    CodeInterpreterLogsOutput,
    CodeInterpreterOutputImage,
    CodeInterpreterToolCall,
    CodeInterpreterToolCallDelta,
    FileSearchToolCall,
    FileSearchToolCallDelta,
    FunctionToolCall,
    FunctionToolCallDelta,
    MessageCreationStepDetails,
    RetrievalToolCall,
    RetrievalToolCallDelta,
    RunStep,
    RunStepDeltaEvent,
    RunStepDeltaMessageDelta,
    ToolCallDeltaObject,
    ToolCallsStepDetails,
    UnknownCodeInterpreterOutput,
    UnknownCodeInterpreterOutputDelta,
    UnknownStepDetails,
    UnknownStepDetailsDelta,
    UnknownToolCall,
    UnknownToolCallDelta,
)

from .recorded import lossless

CALLS: list[tuple[type, type, dict[str, Any]]] = [
    (FunctionToolCall, FunctionToolCallDelta, {"type": "function", "function": {"name": "f", "arguments": ""}}),
    (CodeInterpreterToolCall, CodeInterpreterToolCallDelta, {"type": "code_interpreter"}),
    (FileSearchToolCall, FileSearchToolCallDelta, {"type": "file_search", "file_search": {}}),
    (RetrievalToolCall, RetrievalToolCallDelta, {"type": "retrieval", "retrieval": {}}),
    (UnknownToolCall, UnknownToolCallDelta, {"type": "browser", "browser": {"tabs": 2}}),
]
OUTPUTS: list[tuple[type, type, dict[str, Any]]] = [
    (CodeInterpreterLogsOutput, CodeInterpreterLogs, {"type": "logs", "logs": "4"}),
    (CodeInterpreterImageOutput, CodeInterpreterOutputImage, {"type": "image", "image": {"file_id": "file_1"}}),
    (UnknownCodeInterpreterOutput, UnknownCodeInterpreterOutputDelta, {"type": "sound", "sound": {}}),
]


def step(details: dict[str, Any]) -> RunStep:
    read = lossless(RunStep, json.dumps({"id": "step_1", "step_details": details}))
    assert isinstance(read, RunStep)
    return read


def delta(details: dict[str, Any]) -> RunStepDeltaEvent:
    read = lossless(RunStepDeltaEvent, json.dumps({"id": "step_1", "delta": {"step_details": details}}))
    assert isinstance(read, RunStepDeltaEvent)
    return read


def called(call: dict[str, Any]) -> Any:
    details = step({"type": "tool_calls", "tool_calls": [{"id": "call_1"} | call]}).step_details
    assert isinstance(details, ToolCallsStepDetails)
    return details.tool_calls[0]


def called_more(call: dict[str, Any]) -> Any:
    details = delta({"type": "tool_calls", "tool_calls": [call]}).delta.step_details
    assert isinstance(details, ToolCallDeltaObject)
    assert details.tool_calls
    return details.tool_calls[0]


def test_a_bare_step() -> None:
    read = RunStep.model_validate_json('{"id": "step_1"}')
    assert (read.object, read.type, read.status) == ("thread.run.step", "", "")
    assert isinstance(read.step_details, UnknownStepDetails)
    assert RunStepDeltaEvent.model_validate_json('{"id": "step_1"}').delta.step_details is None


@pytest.mark.parametrize(("whole", "part", "sent"), CALLS)
def test_each_kind_of_call(whole: type, part: type, sent: dict[str, Any]) -> None:
    assert type(called(sent)) is whole
    for sent_delta in (sent, {"index": 2, "id": "call_1"} | sent):
        read = called_more(sent_delta)
        assert (read.index, read.id) == (sent_delta.get("index", 0), sent_delta.get("id"))
        assert type(read) is part


@pytest.mark.parametrize(("whole", "part", "sent"), OUTPUTS)
def test_each_kind_of_code_output(whole: type, part: type, sent: dict[str, Any]) -> None:
    call = {"type": "code_interpreter", "code_interpreter": {"input": "2+2", "outputs": [sent]}}
    assert type(called(call).code_interpreter.outputs[0]) is whole
    read = called_more(call).code_interpreter.outputs[0]
    assert read.index is None
    assert type(read) is part


def test_calls_without_their_content() -> None:
    assert called({"type": "function"}).function.arguments == ""
    assert called({"type": "code_interpreter"}).code_interpreter.outputs == []
    assert called({"type": "file_search"}).file_search.results is None
    assert called({"type": "retrieval"}).retrieval == {}
    assert called_more({"type": "function"}).function is None


def test_message_creation() -> None:
    details = step({"type": "message_creation", "message_creation": {"message_id": "msg_1"}}).step_details
    assert isinstance(details, MessageCreationStepDetails)
    assert details.message_creation.message_id == "msg_1"
    more = delta({"type": "message_creation", "message_creation": {"message_id": "msg_1"}}).delta.step_details
    assert isinstance(more, RunStepDeltaMessageDelta)
    assert more.message_creation
    assert more.message_creation.message_id == "msg_1"


def test_details_not_known() -> None:
    sent = {"type": "thinking", "thinking": {"effort": 3}}
    details, more = step(sent).step_details, delta(sent).delta.step_details
    assert isinstance(details, UnknownStepDetails)
    assert isinstance(more, UnknownStepDetailsDelta)
    assert details.thinking == more.thinking == {"effort": 3}


def test_file_search_results() -> None:
    result = {"file_id": "file_1", "file_name": "a.md", "score": 0.7, "content": [{"type": "text", "text": "A"}]}
    search = called({"type": "file_search", "file_search": {"results": [result], "ranking_options": {"ranker": "new"}}})
    assert search.file_search.results[0].content[0].text == "A"
    assert search.file_search.ranking_options.score_threshold == 0.0


def test_both_names_of_the_time_of_expiry() -> None:
    read = RunStep.model_validate_json('{"id": "step_1", "expired_at": 1, "expires_at": 2}')
    assert (read.expired_at, read.expires_at) == (1, 2)


def test_broken_content_is_an_error() -> None:
    with pytest.raises(ValidationError, match=r"tool_calls\.0"):
        called_more({"type": "function", "function": {"arguments": {"not": "text"}}})


def test_parsed_arguments_are_read_on_access_and_belong_to_nothing() -> None:
    call = FunctionToolCall.model_validate({"id": "c", "type": "function", "function": {"arguments": '{"city": "Os'}})
    same = call.model_copy(deep=True)
    assert call.function.parsed_arguments == {"city": "Os"}
    call.function.arguments += 'lo"}'
    assert call.function.parsed_arguments == {"city": "Oslo"}
    same.function.arguments += 'lo"}'
    assert same == call == pickle.loads(pickle.dumps(call))
    assert "parsed_arguments" not in json.dumps(call.to_dict(exclude_unset=False))
    assert FunctionToolCall.model_validate(call.to_dict()) == call
