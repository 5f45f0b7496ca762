from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from assistream import AsyncClient, Client

from ..wire import Wire


@pytest.fixture
def client(server: Wire) -> Iterator[Client]:
    with Client(base_url=server.url, api_key="test", max_retries=0) as client:
        yield client


@pytest.fixture
async def async_client(server: Wire) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=server.url, api_key="test", max_retries=0) as client:
        yield client
