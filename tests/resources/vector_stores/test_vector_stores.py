from __future__ import annotations

from dataclasses import replace

import pytest

from assistream import AsyncClient, Client

from ...wire import Wire, answer
from ..operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed
from .objects import store

FOUND = {"file_id": "file_1", "filename": "a.txt", "score": 0.5, "content": [{"type": "text", "text": "Hi"}]}

OPERATIONS = {
    "create": Operation(
        lambda root: root.vector_stores.create(
            name="n", file_ids=(f"file_{n}" for n in (1, 2)), expires_after={"anchor": "last_active_at", "days": 1}
        ),
        "POST",
        "/vector_stores",
        store(),
        {"name": "n", "file_ids": ["file_1", "file_2"], "expires_after": {"anchor": "last_active_at", "days": 1}},
    ),
    "create, with nothing": Operation(
        lambda root: root.vector_stores.create(), "POST", "/vector_stores", store("in_progress"), {}
    ),
    "retrieve": Operation(lambda root: root.vector_stores.retrieve("vs_1"), "GET", "/vector_stores/vs_1", store()),
    "update": Operation(
        lambda root: root.vector_stores.update("vs_1", name=None, expires_after=None),
        "POST",
        "/vector_stores/vs_1",
        store(),
        {"name": None, "expires_after": None},
    ),
    "list": Operation(
        lambda root: root.vector_stores.list(**PAGE), "GET", "/vector_stores", listed(store()), query=PAGE_QUERY
    ),
    "delete": Operation(
        lambda root: root.vector_stores.delete("vs_1"),
        "DELETE",
        "/vector_stores/vs_1",
        {"id": "vs_1", "object": "vector_store.deleted", "deleted": True},
    ),
    "search": Operation(
        lambda root: root.vector_stores.search(
            "vs_1",
            query=["a", "b"],
            filters={"type": "and", "filters": [{"type": "eq", "key": "k", "value": 1}]},
            max_num_results=3,
            rewrite_query=False,
        ),
        "POST",
        "/vector_stores/vs_1/search",
        {"object": "vector_store.search_results.page", "data": [FOUND], "has_more": False, "next_page": None},
        {
            "query": ["a", "b"],
            "filters": {"type": "and", "filters": [{"type": "eq", "key": "k", "value": 1}]},
            "max_num_results": 3,
            "rewrite_query": False,
        },
    ),
}


@pytest.mark.parametrize("root", ["", "beta"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str, root: str) -> None:
    check(replace(OPERATIONS[name], root=root), server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("root", ["", "beta"])
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str, root: str) -> None:
    await async_check(replace(OPERATIONS[name], root=root), server, async_client)


def test_they_are_of_v2_for_a_client_of_v1_too(server: Wire, client: Client) -> None:
    server.add(answer(store()))
    client.with_options(assistants_version="v1").vector_stores.retrieve("vs_1")
    assert server.requests[0].headers["openai-beta"] == "assistants=v2"
