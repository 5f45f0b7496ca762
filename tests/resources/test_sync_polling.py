# Written by scripts/unasync.py from test_async_polling.py; edit that file instead.
"""The helpers that wait, against the embedded server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistream import Client
from assistream.engine import Scripted, calls, says


@pytest.fixture
def embedded() -> Iterator[Client]:
    with Client.embedded(model=Scripted([calls(look={"at": "this"}), says("Seen.")])) as client:
        yield client


def test_a_run_until_it_needs_outputs_and_then_until_it_ends(embedded: Client) -> None:
    threads, seen = embedded.beta.threads, list[str]()
    assistant = embedded.beta.assistants.create(
        model="scripted", tools=[{"type": "function", "function": {"name": "look"}}]
    )
    thread = threads.create(messages=[{"role": "user", "content": "Look."}])
    run = threads.runs.create_and_poll(
        thread.id, assistant_id=assistant.id, poll_interval_ms=5, on_poll=lambda run: seen.append(run.status)
    )
    assert run.status == seen[-1] == "requires_action"
    assert set(seen[:-1]) <= {"queued", "in_progress"}
    assert run.required_action is not None
    (call,) = run.required_action.submit_tool_outputs.tool_calls
    run = threads.runs.submit_tool_outputs_and_poll(
        run.id, thread.id, tool_outputs=[{"tool_call_id": call.id, "output": "that"}], poll_interval_ms=5
    )
    assert run.status == "completed"
    assert (threads.runs.poll(run.id, thread.id)) == run


def test_a_thread_and_its_run(embedded: Client) -> None:
    assistant = embedded.beta.assistants.create(model="scripted")
    run = embedded.beta.threads.create_and_run_poll(
        assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": "Hi."}]}, poll_interval_ms=5
    )
    assert run.status in {"completed", "requires_action", "failed"}
