from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.attached import file_ids
from assistream.engine.transfer.hosted_objects import kept
from assistream.engine.transfer.shapes import fault

T = 1_700_000_000
ASSISTANT: dict[str, Any] = {"id": "asst_1", "object": "assistant", "created_at": T, "model": "gpt-4"}
RUN: dict[str, Any] = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": T,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "completed",
}
MESSAGE: dict[str, Any] = {"id": "msg_1", "object": "thread.message", "created_at": T, "thread_id": "thread_1"}
STEP: dict[str, Any] = {
    "id": "step_1",
    "object": "thread.run.step",
    "created_at": T,
    "thread_id": "thread_1",
    "run_id": "run_1",
    "type": "tool_calls",
    "status": "completed",
}


@pytest.mark.parametrize("document", [ASSISTANT, RUN, MESSAGE, {"id": "thread_1", "object": "thread", "created_at": T}])
def test_what_is_missing_has_its_default(document: dict[str, Any]) -> None:
    ours = kept(document | {"new": [1]})
    assert fault(ours) is None
    assert ours.items() >= (document | {"new": [1]}).items()


def test_null_stays_where_it_may() -> None:
    ours = kept(ASSISTANT | {"temperature": None, "tools": None, "metadata": None, "instructions": None})
    assert (ours["temperature"], ours["tools"], ours["metadata"], ours["instructions"]) == (None, [], {}, None)


def test_a_message_was_complete() -> None:
    ours = kept(MESSAGE)
    assert (ours["status"], ours["completed_at"], ours["role"]) == ("completed", T, "user")


def test_files_and_tools_of_version_1() -> None:
    ours = kept(ASSISTANT | {"tools": [{"type": "retrieval"}], "file_ids": ["file-1"]})
    assert ours["tools"] == [{"type": "file_search"}]
    assert file_ids(ours) == ["file-1"]
    ours = kept(RUN | {"tools": [{"type": "code_interpreter"}], "file_ids": ["file-1"]})
    assert ours["tool_resources"] == {"code_interpreter": {"file_ids": ["file-1"]}}
    ours = kept(MESSAGE | {"file_ids": ["file-1"]})
    assert [one["file_id"] for one in ours["attachments"]] == ["file-1"]
    assert "file_ids" not in kept(MESSAGE | {"file_ids": []})


@pytest.mark.parametrize("status", ["queued", "in_progress", "requires_action", "cancelling"])
def test_what_was_not_over_has_expired(status: str) -> None:
    run = kept(RUN | {"status": status, "required_action": {"type": "x"}, "expires_at": T + 600})
    assert (run["status"], run["required_action"], run["expires_at"]) == ("expired", None, T + 600)
    assert kept(RUN | {"status": status})["expires_at"] == T
    step = kept(STEP | {"status": "in_progress", "step_details": {"type": "tool_calls", "tool_calls": []}})
    assert (step["status"], step["expired_at"]) == ("expired", T)
    message = kept(MESSAGE | {"status": "in_progress"})
    assert (message["status"], message["incomplete_details"]) == ("incomplete", {"reason": "run_expired"})
    assert fault(run) is fault(step) is fault(message) is None


def test_calls() -> None:
    calls: list[dict[str, Any]] = [
        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"id": "call_2", "type": "retrieval", "retrieval": {}},
        {"id": "call_3", "type": "code_interpreter", "code_interpreter": {"input": "1", "outputs": []}},
    ]
    step = kept(STEP | {"step_details": {"type": "tool_calls", "tool_calls": calls}})
    first, second, third = step["step_details"]["tool_calls"]
    assert first["function"]["output"] is None
    assert second == {"id": "call_2", "type": "file_search", "file_search": {}}
    assert third == calls[2]
    assert fault(step) is None
