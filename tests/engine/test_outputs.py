from __future__ import annotations

import pytest

from assistream.engine import objects
from assistream.engine.errors import Refused
from assistream.engine.outputs import answered, check
from tests.engine.conftest import Json


def waiting(*call_ids: str) -> Json:
    run = objects.run("thread_1", objects.assistant({"model": "any"}), {}, ttl=600)
    calls = [{"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}} for id in call_ids]
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
    return run | {"status": "requires_action", "required_action": action}


def test_outputs_by_call_in_any_order() -> None:
    assert check(waiting("call_a", "call_b"), [("call_b", "2"), ("call_a", "")]) == {"call_a": "", "call_b": "2"}


@pytest.mark.parametrize(
    ("submitted", "text"),
    [
        ([("call_a", "1")], "Expected tool outputs for call_ids ['call_a', 'call_b'], got ['call_a']"),
        ([], "Expected tool outputs for call_ids ['call_a', 'call_b'], got []"),
        (
            [("call_a", "1"), ("call_x", "2")],
            "Expected tool outputs for call_ids ['call_a', 'call_b'], got ['call_a', 'call_x']",
        ),
        ([("call_a", "1"), ("call_a", "2")], "Duplicate call_ids submitted: ['call_a', 'call_a']"),
        (
            [("call_a", "1"), (None, "2")],
            "1 validation error for Request\nbody -> tool_outputs -> 1 -> tool_call_id\n"
            "  field required (type=value_error.missing)",
        ),
    ],
)
def test_refusals(submitted: list[tuple[str | None, str]], text: str) -> None:
    with pytest.raises(Refused) as raised:
        check(waiting("call_a", "call_b"), submitted)
    assert (raised.value.status, str(raised.value)) == (400, text)


@pytest.mark.parametrize("status", ["queued", "in_progress", "cancelling", "completed", "expired", "failed"])
def test_only_a_waiting_run_takes_outputs(status: str) -> None:
    with pytest.raises(Refused, match=f'Runs in status "{status}" do not accept tool outputs.'):
        check(waiting("call_a") | {"status": status}, [("call_a", "1")])


def test_the_step_is_completed_with_its_outputs() -> None:
    call = {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{}", "output": None}}
    step = objects.step(waiting("call_a"), "tool_calls", {"tool_calls": [call]})
    done = answered(step, {"call_a": "sunny"})
    assert done["status"] == "completed"
    assert done["step_details"]["tool_calls"][0]["function"]["output"] == "sunny"
    assert call["function"] == {"name": "f", "arguments": "{}", "output": None}


def test_built_in_calls_have_their_answers() -> None:
    search: Json = {"id": "call_b", "type": "file_search", "file_search": {"results": []}}
    step = objects.step(waiting("call_a"), "tool_calls", {"tool_calls": [search]})
    assert answered(step, {"call_a": "sunny"})["step_details"]["tool_calls"] == [search]
