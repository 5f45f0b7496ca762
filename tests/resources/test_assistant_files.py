from __future__ import annotations

import pytest

from assistream import AsyncClient, Client

from ..frames import Object
from ..wire import Wire
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

FILE: Object = {"id": "file_1", "object": "assistant.file", "created_at": 1, "assistant_id": "asst_1"}

OPERATIONS = {
    "create": Operation(
        lambda beta: beta.assistants.files.create("asst_1", file_id="file_1"),
        "POST",
        "/assistants/asst_1/files",
        FILE,
        {"file_id": "file_1"},
        version="v1",
    ),
    "retrieve": Operation(
        lambda beta: beta.assistants.files.retrieve("file_1", assistant_id="asst_1"),
        "GET",
        "/assistants/asst_1/files/file_1",
        FILE,
        version="v1",
    ),
    "list": Operation(
        lambda beta: beta.assistants.files.list("asst_1", **PAGE),
        "GET",
        "/assistants/asst_1/files",
        listed(FILE),
        query=PAGE_QUERY,
        version="v1",
    ),
    "delete": Operation(
        lambda beta: beta.assistants.files.delete("file_1", assistant_id="asst_1"),
        "DELETE",
        "/assistants/asst_1/files/file_1",
        {"id": "file_1", "object": "assistant.file.deleted", "deleted": True},
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
