from __future__ import annotations

import pytest

from assistream.engine.errors import REFUSALS, Refused

TYPES = {
    "too_many_runs": "requests",
    "other_request": "idempotency_error",
    "answer_gone": "idempotency_error",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_is_a_whole_error_object(name: str) -> None:
    values = dict.fromkeys(
        "key method path kind id thread run status expected got index where reason limit name"
        " purpose model prefix leg".split(),
        "x",
    )
    error = Refused(name, **values)
    assert list(error.body["error"]) == ["message", "type", "param", "code"]
    assert "{" not in str(error)
    assert error.type == ("server_error" if error.status >= 500 else TYPES.get(name, "invalid_request_error"))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Refused("not_found", kind="run", id="run_1"), "No run found with id 'run_1'."),
        (Refused("thread_busy", thread="thread_1", run="run_1"), "Thread thread_1 already has an active run run_1."),
        (
            Refused("thread_locked", thread="thread_1", run="run_1"),
            "Can't add messages to thread_1 while a run run_1 is active.",
        ),
        (Refused("cannot_cancel", status="completed"), "Cannot cancel run with status 'completed'."),
        (Refused("no_outputs_now", status="queued"), 'Runs in status "queued" do not accept tool outputs.'),
        (
            Refused("wrong_outputs", expected=["call_a", "call_b"], got=["call_a"]),
            "Expected tool outputs for call_ids ['call_a', 'call_b'], got ['call_a']",
        ),
        (
            Refused("duplicate_outputs", got=["call_a", "call_a"]),
            "Duplicate call_ids submitted: ['call_a', 'call_a']",
        ),
        (
            Refused("no_call_id", index=0),
            "1 validation error for Request\nbody -> tool_outputs -> 0 -> tool_call_id\n"
            "  field required (type=value_error.missing)",
        ),
        (
            Refused("bad_key", key="***"),
            "Incorrect API key provided: '***'. Pass api_key=... to the client, or set ASSISTREAM_API_KEY: a key that"
            " this engine was started with, or one that `assistream keys create` has made.",
        ),
    ],
)
def test_texts_that_programs_match_on(error: Refused, text: str) -> None:
    assert str(error) == text
