from __future__ import annotations

import pytest

from assistream import AsyncClient, Client, omit

from ..frames import Object
from ..wire import Wire, answer
from .operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed

ASSISTANT: Object = {
    "id": "asst_1",
    "object": "assistant",
    "created_at": 1,
    "name": None,
    "description": None,
    "model": "m",
    "instructions": None,
    "tools": [{"type": "code_interpreter"}],
    "metadata": {},
}

OPERATIONS = {
    "create": Operation(
        lambda beta: beta.assistants.create(model="m", name=None, tools=[{"type": "code_interpreter"}], metadata=omit),
        "POST",
        "/assistants",
        ASSISTANT,
        {"model": "m", "name": None, "tools": [{"type": "code_interpreter"}]},
    ),
    "retrieve": Operation(lambda beta: beta.assistants.retrieve("asst_1"), "GET", "/assistants/asst_1", ASSISTANT),
    "update": Operation(
        lambda beta: beta.assistants.update("asst_1", model="m2"),
        "POST",
        "/assistants/asst_1",
        ASSISTANT,
        {"model": "m2"},
    ),
    "list": Operation(
        lambda beta: beta.assistants.list(**PAGE),
        "GET",
        "/assistants",
        listed(ASSISTANT),
        query=PAGE_QUERY,
    ),
    "delete": Operation(
        lambda beta: beta.assistants.delete("asst_1"),
        "DELETE",
        "/assistants/asst_1",
        {"id": "asst_1", "object": "assistant.deleted", "deleted": True},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


def test_a_client_of_v1(server: Wire, client: Client) -> None:
    server.add(answer({**ASSISTANT, "file_ids": ["file_1"]}))
    v1 = client.with_options(assistants_version="v1")
    made = v1.beta.assistants.create(model="m", file_ids=["file_1"], tools=[{"type": "retrieval"}])
    assert made.file_ids == ["file_1"]
    (request,) = server.requests
    assert request.headers["openai-beta"] == "assistants=v1"
    assert request.body == {"model": "m", "file_ids": ["file_1"], "tools": [{"type": "retrieval"}]}
