from __future__ import annotations

import pytest

from assistream import AsyncClient, Client

from ..frames import step
from ..wire import Wire
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

OPERATIONS = {
    "retrieve": Operation(
        lambda beta: beta.threads.runs.steps.retrieve(
            "step_1",
            thread_id="thread_1",
            run_id="run_1",
            include=["a", "b"],
        ),
        "GET",
        "/threads/thread_1/runs/run_1/steps/step_1",
        step(),
        query=(("include[]", "a"), ("include[]", "b")),
    ),
    "list": Operation(
        lambda beta: beta.threads.runs.steps.list("run_1", thread_id="thread_1", **PAGE),
        "GET",
        "/threads/thread_1/runs/run_1/steps",
        listed(step()),
        query=PAGE_QUERY,
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)
