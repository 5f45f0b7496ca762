from __future__ import annotations

from typing import Any

from assistream.handlers.attached import awaited
from assistream.types import PendingCall, Run

from ..frames import action, call, run


def waiting(**fields: Any) -> Run:
    calls = action(call("call_1", "look", '{"at": 1}'), call("call_2", "see"))
    return Run.model_validate(run("requires_action", required_action=calls) | fields)


def test_the_calls_that_a_run_waits_for() -> None:
    whose = {"run_id": "run_1", "thread_id": "thread_1"}
    assert awaited(waiting()) == [
        PendingCall(id="call_1", name="look", arguments='{"at": 1}', **whose),
        PendingCall(id="call_2", name="see", arguments="{}", **whose),
    ]


def test_a_run_that_waits_for_none() -> None:
    assert awaited(None) == []
    assert awaited(waiting(status="in_progress")) == []
    assert awaited(waiting(required_action=None)) == []
    assert awaited(waiting(required_action={"type": "sign"})) == []


def test_a_call_of_a_type_not_known_here_has_no_name() -> None:
    unknown = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [{"id": "c", "type": "magic"}]}}
    (pending,) = awaited(waiting(required_action=unknown))
    assert (pending.id, pending.name, pending.arguments) == ("c", "", "")
