from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from assistream import AsyncClient, Client

from ..wire import Wire


@pytest.fixture
def server() -> Iterator[Wire]:
    with Wire() as server:
        yield server


@pytest.fixture
def client(server: Wire) -> Iterator[Client]:
    with Client(base_url=server.url, api_key="test") as client:
        yield client


@pytest.fixture
async def async_client(server: Wire) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=server.url, api_key="test") as client:
        yield client
