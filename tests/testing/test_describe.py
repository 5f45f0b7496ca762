from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models import ChatMessage
from assistream.testing import (
    ModelRequest,
    Turn,
    call,
    calls,
    crashes,
    drops_connection,
    fails,
    goes_silent,
    pauses,
    refuses,
    says,
    sends,
    uses,
)
from assistream.testing.describe import asked, described, waiting


def answer(request: ModelRequest) -> str:
    return "Hi"


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ("Hi there", "says('Hi there')"),
        (says("It is cold.") + uses(1, 2), "says('It is cold.')"),
        (says("x" * 100), f"says('{'x' * 60}'... (100 characters))"),
        (refuses("I would rather not."), "refuses('I would rather not.')"),
        (calls(f={"a": 1}, g={}), 'calls(f={"a": 1}, g={})'),
        (says("Let me see.") + call("f", "{"), "says('Let me see.') + calls(f={)"),
        (fails(), "fails('server_error')"),
        (fails(429), "fails(429)"),
        (crashes(KeyError("a")), "crashes(KeyError('a'))"),
        (says("a") + drops_connection() + says("b"), "says('a') + drops_connection() + says('b')"),
        (drops_connection(after=2) + goes_silent(after=3), "drops_connection(after=2) + goes_silent(after=3)"),
        (sends(b"data: 1\n\n"), r"sends(b'data: 1\n\n')"),
        (pauses(1), "a turn that says nothing"),
        (answer, "what answer returns"),
    ],
)
def test_turns(turn: Turn | str, words: str) -> None:
    assert described(turn) == words


def test_what_a_model_was_asked() -> None:
    assert asked(ModelRequest("m", [])) == "nothing"
    assert asked(ModelRequest("m", [ChatMessage("user", "a"), ChatMessage("tool", "b")])) == "tool: 'b'"


def test_runs() -> None:
    run: dict[str, Any] = {"id": "run_1", "thread_id": "thread_1", "status": "in_progress", "required_action": None}
    assert waiting(run) == "run run_1 of thread thread_1 is still in_progress"
    tool_calls = [{"function": {"name": name, "arguments": "{}"}} for name in "fg"]
    run |= {"status": "requires_action", "required_action": {"submit_tool_outputs": {"tool_calls": tool_calls}}}
    assert waiting(run).endswith("is still requires_action, for the outputs of f({}), g({})")
