from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistream.types import RequiredAction, RequiredActionFunctionToolCall, Run, UnknownRequiredAction

from .recorded import documents, lossless


def run(**fields: Any) -> Run:
    read = lossless(Run, json.dumps({"id": "run_1"} | fields))
    assert isinstance(read, Run)
    return read


@pytest.mark.parametrize("path", documents("thread.run"))
def test_recorded_runs(path: Path) -> None:
    assert lossless(Run, path.read_bytes()).status


def test_a_bare_run() -> None:
    read = run()
    assert (read.object, read.status, read.instructions, read.tools) == ("thread.run", "", "", [])
    assert read.parallel_tool_calls is True
    assert (read.usage, read.required_action, read.last_error) == (None, None, None)


def test_null_instructions_are_empty() -> None:
    assert Run.model_validate_json('{"id": "run_1", "instructions": null}').instructions == ""


def test_unknown_words_are_kept() -> None:
    read = run(status="napping", last_error={"code": "tired", "message": "Zzz"}, incomplete_details={"reason": "time"})
    assert read.status == "napping"
    assert read.last_error
    assert (read.last_error.code, read.last_error.message) == ("tired", "Zzz")
    assert read.incomplete_details
    assert read.incomplete_details.reason == "time"


def test_required_action_with_calls_known_and_not() -> None:
    calls = [
        {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}},
        {"id": "call_2", "type": "shell", "command": "ls"},
    ]
    action = run(required_action={"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}})
    assert isinstance(action.required_action, RequiredAction)
    known, unknown = action.required_action.submit_tool_outputs.tool_calls
    assert isinstance(known, RequiredActionFunctionToolCall)
    assert known.function.name == "look"
    assert unknown.to_dict() == calls[1]


def test_required_action_not_known() -> None:
    action = run(required_action={"type": "approve", "approve": {"by": "boss"}}).required_action
    assert isinstance(action, UnknownRequiredAction)
    assert action.approve == {"by": "boss"}


def test_a_call_without_an_id_is_an_error() -> None:
    calls = {"submit_tool_outputs": {"tool_calls": [{"type": "function"}]}, "type": "submit_tool_outputs"}
    with pytest.raises(ValidationError, match="id"):
        run(required_action=calls)


def test_usage_keeps_details() -> None:
    read = run(usage={"prompt_tokens": 3, "total_tokens": 3, "prompt_token_details": {"cached_tokens": 1}})
    assert read.usage
    assert (read.usage.completion_tokens, read.usage.prompt_tokens) == (0, 3)


def test_a_function_call_without_its_type() -> None:
    calls: list[Any] = [{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}, {"id": "call_2", "mcp": {}}]
    action: Any = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
    read = Run.model_validate_json(json.dumps({"id": "run_1", "required_action": action}))
    assert isinstance(read.required_action, RequiredAction)
    bare, other = read.required_action.submit_tool_outputs.tool_calls
    assert isinstance(bare, RequiredActionFunctionToolCall)
    assert (bare.type, bare.function.name) == ("function", "f")
    assert not isinstance(other, RequiredActionFunctionToolCall)
