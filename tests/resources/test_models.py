from __future__ import annotations

import pytest

from assistream import AsyncClient, Client

from ..frames import Object
from ..wire import Wire, answer
from .operations import Operation, async_check, check

MODEL: Object = {"id": "org/model", "object": "model", "created": 1, "owned_by": "me"}

OPERATIONS = {
    "retrieve": Operation(
        lambda client: client.models.retrieve("org/model"), "GET", "/models/org%2Fmodel", MODEL, version=None, root=""
    ),
    "list": Operation(
        lambda client: client.models.list(),
        "GET",
        "/models",
        {"object": "list", "data": [MODEL]},
        version=None,
        root="",
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


def test_the_list_comes_whole(server: Wire, client: Client) -> None:
    server.add(answer({"object": "list", "data": [MODEL, MODEL]}))
    assert [model.id for model in client.models.list()] == ["org/model"] * 2
    assert len(server.requests) == 1
