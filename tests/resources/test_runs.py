from __future__ import annotations

import pytest

from assistream import AsyncClient, Client

from ..frames import run
from ..wire import Wire
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
