"""The helpers that wait, against the embedded server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistream import AsyncClient
from assistream.engine import Scripted, calls, says

pytestmark = pytest.mark.anyio


@pytest.fixture
async def async_embedded() -> AsyncIterator[AsyncClient]:
    async with AsyncClient.embedded(model=Scripted([calls(look={"at": "this"}), says("Seen.")])) as client:
        yield client


async def test_a_run_until_it_needs_outputs_and_then_until_it_ends(async_embedded: AsyncClient) -> None:
    threads, seen = async_embedded.beta.threads, list[str]()
    assistant = await async_embedded.beta.assistants.create(
        model="scripted", tools=[{"type": "function", "function": {"name": "look"}}]
    )
    thread = await threads.create(messages=[{"role": "user", "content": "Look."}])
    run = await threads.runs.create_and_poll(
        thread.id, assistant_id=assistant.id, poll_interval_ms=5, on_poll=lambda run: seen.append(run.status)
    )
    assert run.status == seen[-1] == "requires_action"
    assert set(seen[:-1]) <= {"queued", "in_progress"}
    assert run.required_action is not None
    (call,) = run.required_action.submit_tool_outputs.tool_calls
    run = await threads.runs.submit_tool_outputs_and_poll(
        run.id, thread.id, tool_outputs=[{"tool_call_id": call.id, "output": "that"}], poll_interval_ms=5
    )
    assert run.status == "completed"
    assert (await threads.runs.poll(run.id, thread.id)) == run


async def test_a_thread_and_its_run(async_embedded: AsyncClient) -> None:
    assistant = await async_embedded.beta.assistants.create(model="scripted")
    run = await async_embedded.beta.threads.create_and_run_poll(
        assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": "Hi."}]}, poll_interval_ms=5
    )
    assert run.status in {"completed", "requires_action", "failed"}
