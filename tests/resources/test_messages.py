from __future__ import annotations

import pytest

from assistream import NOT_GIVEN, AsyncClient, Client

from ..frames import message
from ..wire import Wire, answer
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

OPERATIONS = {
    "create": Operation(
        lambda beta: beta.threads.messages.create("thread_1", role="user", content="Hi", attachments=NOT_GIVEN),
        "POST",
        "/threads/thread_1/messages",
        message(),
        {"role": "user", "content": "Hi"},
    ),
    "retrieve": Operation(
        lambda beta: beta.threads.messages.retrieve("msg_1", thread_id="thread_1"),
        "GET",
        "/threads/thread_1/messages/msg_1",
        message(),
    ),
    "update": Operation(
        lambda beta: beta.threads.messages.update("msg_1", thread_id="thread_1", metadata={"a": "b"}),
        "POST",
        "/threads/thread_1/messages/msg_1",
        message(),
        {"metadata": {"a": "b"}},
    ),
    "list": Operation(
        lambda beta: beta.threads.messages.list("thread_1", run_id="run_1", **PAGE),
        "GET",
        "/threads/thread_1/messages",
        listed(message(), message("msg_2")),
        query=(("run_id", "run_1"), *PAGE_QUERY),
    ),
    "delete": Operation(
        lambda beta: beta.threads.messages.delete("msg_1", thread_id="thread_1"),
        "DELETE",
        "/threads/thread_1/messages/msg_1",
        {"id": "msg_1", "object": "thread.message.deleted", "deleted": True},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


def test_items_of_a_list(server: Wire, client: Client) -> None:
    server.add(answer(listed(message("a"), message("b"))))
    assert [item.id for item in client.beta.threads.messages.list("thread_1")] == ["a", "b"]


@pytest.mark.anyio
async def test_async_items_of_a_list(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer(listed(message("a"), message("b"))))
    assert [item.id async for item in async_client.beta.threads.messages.list("thread_1")] == ["a", "b"]
