from __future__ import annotations

import pytest

from assistream import AsyncClient, Client

from ..frames import Object
from ..wire import Wire
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

FILE: Object = {"id": "file_1", "object": "thread.message.file", "created_at": 1, "message_id": "msg_1"}

OPERATIONS = {
    "retrieve": Operation(
        lambda beta: beta.threads.messages.files.retrieve("file_1", thread_id="thread_1", message_id="msg_1"),
        "GET",
        "/threads/thread_1/messages/msg_1/files/file_1",
        FILE,
        version="v1",
    ),
    "list": Operation(
        lambda beta: beta.threads.messages.files.list("msg_1", thread_id="thread_1", **PAGE),
        "GET",
        "/threads/thread_1/messages/msg_1/files",
        listed(FILE),
        query=PAGE_QUERY,
        version="v1",
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)
