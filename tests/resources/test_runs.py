from __future__ import annotations

from typing import Any

import anyio
import pytest

from assistream import AsyncClient, Client
from assistream.types import Run

from ..frames import run
from ..wire import Wire, answer
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

OPERATIONS = {
    "create": Operation(
        lambda beta: beta.threads.runs.create("thread_1", assistant_id="asst_1", include=["a"], temperature=0.5),
        "POST",
        "/threads/thread_1/runs",
        run(),
        {"assistant_id": "asst_1", "temperature": 0.5},
        (("include[]", "a"),),
    ),
    "retrieve": Operation(
        lambda beta: beta.threads.runs.retrieve("run_1", thread_id="thread_1"),
        "GET",
        "/threads/thread_1/runs/run_1",
        run(),
    ),
    "update": Operation(
        lambda beta: beta.threads.runs.update("run_1", thread_id="thread_1", metadata=None),
        "POST",
        "/threads/thread_1/runs/run_1",
        run(),
        {"metadata": None},
    ),
    "list": Operation(
        lambda beta: beta.threads.runs.list("thread_1", **PAGE),
        "GET",
        "/threads/thread_1/runs",
        listed(run()),
        query=PAGE_QUERY,
    ),
    "cancel": Operation(
        lambda beta: beta.threads.runs.cancel("run_1", thread_id="thread_1"),
        "POST",
        "/threads/thread_1/runs/run_1/cancel",
        run("cancelling"),
    ),
    "submit_tool_outputs": Operation(
        lambda beta: beta.threads.runs.submit_tool_outputs(
            "run_1", thread_id="thread_1", tool_outputs=({"tool_call_id": "call_1", "output": "3"} for _ in range(1))
        ),
        "POST",
        "/threads/thread_1/runs/run_1/submit_tool_outputs",
        run("queued"),
        {"tool_outputs": [{"tool_call_id": "call_1", "output": "3"}]},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


RUN = "/threads/thread_1/runs/run_1"


@pytest.fixture
def working(server: Wire) -> Wire:
    """A server where a run is waited for, twice."""
    for made in ("/threads/thread_1/runs", f"{RUN}/submit_tool_outputs"):
        server.add(answer(run()), path=made)
    for status in ("queued", "in_progress", "requires_action"):
        server.add(answer(run(status), headers={"openai-poll-after-ms": "1"}), path=RUN)
    return server


def asked(server: Wire) -> list[str]:
    return [f"{request.method} {request.path}" for request in server.requests]


def test_poll(working: Wire, client: Client) -> None:
    seen: list[str] = []
    done = client.beta.threads.runs.poll(
        "run_1", "thread_1", extra_headers={"X-A": "1"}, on_poll=lambda run: seen.append(run.status)
    )
    assert done.status == "requires_action"
    assert seen == ["queued", "in_progress", "requires_action"]
    assert asked(working) == [f"GET {RUN}"] * 3
    assert [request.headers["x-a"] for request in working.requests] == ["1"] * 3


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled", "expired", "incomplete", "new"])
def test_poll_ends_where_a_run_does(server: Wire, client: Client, status: str) -> None:
    server.add(answer(run("cancelling"), headers={"openai-poll-after-ms": "1"}))
    server.add(answer(run(status)))
    assert client.beta.threads.runs.poll(thread_id="thread_1", run_id="run_1").status == status


@pytest.mark.anyio
async def test_create_and_poll(working: Wire, async_client: AsyncClient) -> None:
    done = await async_client.beta.threads.runs.create_and_poll(
        thread_id="thread_1", assistant_id="asst_1", include=["a"], poll_interval_ms=1
    )
    assert done.status == "requires_action"
    assert asked(working) == ["POST /threads/thread_1/runs"] + [f"GET {RUN}"] * 3
    assert working.requests[0].body == {"assistant_id": "asst_1", "stream": False}
    assert working.requests[0].query == "include%5B%5D=a"
    assert [request.query for request in working.requests[1:]] == [""] * 3


def test_submit_tool_outputs_and_poll(working: Wire, client: Client) -> None:
    done = client.beta.threads.runs.submit_tool_outputs_and_poll(
        tool_outputs=[{"tool_call_id": "call_1", "output": "3"}], run_id="run_1", thread_id="thread_1"
    )
    assert done.status == "requires_action"
    assert asked(working) == [f"POST {RUN}/submit_tool_outputs"] + [f"GET {RUN}"] * 3


@pytest.mark.anyio
async def test_a_server_that_does_not_name_the_thread(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer({"id": "run_1", "object": "thread.run", "status": "queued"}), method="POST", times=2)
    server.add(answer(run("completed")), method="GET", times=2)
    runs = async_client.beta.threads.runs
    await runs.create_and_poll("thread_1", assistant_id="asst_1", poll_interval_ms=1)
    await runs.submit_tool_outputs_and_poll("run_1", "thread_1", tool_outputs=[], poll_interval_ms=1)
    path = "/threads/thread_1/runs"
    asking = f"GET {path}/run_1"
    assert asked(server) == [f"POST {path}", asking, f"POST {path}/run_1/submit_tool_outputs", asking]


@pytest.mark.parametrize("interval", [None, -5])
def test_what_is_no_pace_creates_nothing(server: Wire, client: Client, interval: Any) -> None:
    runs = client.beta.threads.runs
    with pytest.raises(ValueError, match="poll_interval_ms must be a number"):
        runs.create_and_poll("thread_1", assistant_id="asst_1", poll_interval_ms=interval)
    with pytest.raises(ValueError, match="poll_interval_ms must be a number"):
        runs.submit_tool_outputs_and_poll("run_1", "thread_1", tool_outputs=[], poll_interval_ms=interval)
    with pytest.raises(ValueError, match="poll_interval_ms must be a number"):
        client.beta.threads.create_and_run_poll(assistant_id="asst_1", poll_interval_ms=interval)
    assert asked(server) == []


def test_a_sync_program_cannot_be_told_by_a_coroutine(working: Wire, client: Client) -> None:
    async def tell(run: Run) -> None: ...

    with pytest.raises(TypeError, match=r"tell\), which nothing here can await"):
        client.beta.threads.runs.poll("run_1", "thread_1", on_poll=tell)


@pytest.mark.anyio
async def test_waiting_can_be_cancelled_and_the_client_used_again(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer(run()), times=2)
    polled = anyio.Event()
    runs = async_client.beta.threads.runs

    async def wait() -> None:
        await runs.poll("run_1", "thread_1", poll_interval_ms=60_000, on_poll=lambda run: polled.set())

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        await polled.wait()
        group.cancel_scope.cancel()
    assert (await runs.retrieve("run_1", thread_id="thread_1")).status == "queued"
    assert len(server.connections) == 1
