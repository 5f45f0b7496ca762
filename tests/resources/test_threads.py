from __future__ import annotations

import pytest

from assistream import AsyncClient, Client, omit

from ..frames import run, thread
from ..wire import Wire, answer
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

OPERATIONS = {
    "create": Operation(
        lambda beta: beta.threads.create(messages=[{"role": "user", "content": "Hi"}], metadata=omit),
        "POST",
        "/threads",
        thread(),
        {"messages": [{"role": "user", "content": "Hi"}]},
    ),
    "create, with nothing": Operation(lambda beta: beta.threads.create(), "POST", "/threads", thread(), {}),
    "retrieve": Operation(lambda beta: beta.threads.retrieve("thread_1"), "GET", "/threads/thread_1", thread()),
    "list": Operation(lambda beta: beta.threads.list(**PAGE), "GET", "/threads", listed(thread()), query=PAGE_QUERY),
    "update": Operation(
        lambda beta: beta.threads.update("thread_1", metadata={}),
        "POST",
        "/threads/thread_1",
        thread(),
        {"metadata": {}},
    ),
    "delete": Operation(
        lambda beta: beta.threads.delete("thread_1"),
        "DELETE",
        "/threads/thread_1",
        {"id": "thread_1", "object": "thread.deleted", "deleted": True},
    ),
    "create_and_run": Operation(
        lambda beta: beta.threads.create_and_run(
            assistant_id="asst_1", thread={"messages": [{"role": "user", "content": "Hi", "metadata": omit}]}
        ),
        "POST",
        "/threads/runs",
        run(),
        {"assistant_id": "asst_1", "thread": {"messages": [{"role": "user", "content": "Hi"}]}},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


def test_create_and_run_poll(server: Wire, client: Client) -> None:
    server.add(answer(run()), path="/threads/runs")
    server.add(answer(run("in_progress")), path="/threads/thread_1/runs/run_1")
    server.add(answer(run("completed")), path="/threads/thread_1/runs/run_1")
    done = client.beta.threads.create_and_run_poll(assistant_id="asst_1", poll_interval_ms=1)
    assert done.status == "completed"
    assert [request.path for request in server.requests] == ["/threads/runs"] + ["/threads/thread_1/runs/run_1"] * 2
    assert server.requests[0].body == {"assistant_id": "asst_1", "stream": False}
