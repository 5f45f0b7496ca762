from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from assistream import AsyncClient, Client

from .wire import Wire

pytest_plugins = ["pytester", "tests.leaks", "tests.parallel"]

# No deadline: machines are shared. No database: tests leave no files behind. On CI the same examples every time.
settings.register_profile("house", deadline=None, database=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("house")


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Every asynchronous test runs on both."""
    return str(request.param)


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
