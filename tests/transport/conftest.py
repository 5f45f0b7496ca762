from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from assistream.transport import retry
from assistream.transport._async import AsyncTransport
from assistream.transport._sync import Transport
from assistream.transport.settings import Settings

from ..wire import Wire


@pytest.fixture
def settings(server: Wire) -> Settings:
    fast = os.environ.get("ASSISTREAM_TRANSPORT") == "fast"
    return Settings(base_url=server.url, api_key="test", transport="fast" if fast else "httpx")


@pytest.fixture
def transport(settings: Settings) -> Iterator[Transport]:
    transport = Transport(settings)
    yield transport
    transport.close()


@pytest.fixture
async def async_transport(settings: Settings) -> AsyncIterator[AsyncTransport]:
    transport = AsyncTransport(settings)
    yield transport
    await transport.aclose()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries that do not wait."""
    monkeypatch.setattr(retry, "FIRST", 0.0)
