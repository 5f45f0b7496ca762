"""Clients that are made from others, and which connections they have."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistream import AsyncAzureOpenAI, AsyncClient, AzureOpenAI, Client, InternalServerError

from .frames import thread
from .wire import Wire, answer, async_until, until

HERE = "http://127.0.0.1:1/v1"


def test_with_options_shares_the_connections(server: Wire) -> None:
    server.add(answer(thread()), times=3)
    with Client(base_url=server.url, api_key="k", default_headers={"a": "1"}) as client:
        with client.with_options(timeout=3, max_retries=0, default_headers={"b": "2"}) as other:
            assert type(other) is Client
            other.beta.threads.retrieve("thread_1")
        assert not client.is_closed()
        assert (other.timeout, other.max_retries, client.max_retries) == (3, 0, 2)
        client.beta.threads.retrieve("thread_1")
        client.copy().beta.threads.retrieve("thread_1")
    first, second, _ = server.requests
    assert (first.headers["a"], first.headers["b"], first.headers["authorization"]) == ("1", "2", "Bearer k")
    assert "b" not in second.headers
    assert [connection.requests for connection in server.connections] == [3]
    assert other.is_closed()


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_copy_may_have_other_headers_and_another_query(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(base_url=HERE, default_headers={"a": "1"}, default_query={"a": "1"})
    other = client.with_options(set_default_headers={"b": "2"}, set_default_query={"b": "2"})
    assert "a" not in other.default_headers
    assert (other.default_headers["b"], other.default_query) == ("2", {"b": "2"})
    assert client.with_options(set_default_query=None, default_query={"c": 3}).default_query == {"c": 3}
    assert client.default_query == {"a": "1"}


@pytest.mark.parametrize("kind", [AzureOpenAI, AsyncAzureOpenAI])
def test_a_copy_for_another_version_of_azure(kind: type[AzureOpenAI] | type[AsyncAzureOpenAI]) -> None:
    client = kind(azure_endpoint="https://me.example", api_version="2024-05-01", api_key="k")
    assert client.auth_headers == {"api-key": "k"}
    other = client.with_options(api_version="2025-01-01")
    assert (other.default_query, client.default_query) == ({"api-version": "2025-01-01"}, {"api-version": "2024-05-01"})


@pytest.mark.anyio
async def test_async_with_options_shares_the_connections(server: Wire) -> None:
    server.add(answer(thread()), times=2)
    async with AsyncClient(base_url=server.url) as client:
        async with client.with_options(timeout=3) as other:
            await other.beta.threads.retrieve("thread_1")
        assert not client.is_closed()
        await client.beta.threads.retrieve("thread_1")
    assert [connection.requests for connection in server.connections] == [2]


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A proxy that the environment names."""
    for name in ("http_proxy", "all_proxy", "no_proxy", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Wire() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        yield proxy


def test_a_copy_for_another_machine_goes_through_the_proxy_and_one_for_this_does_not(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread()), times=3)
    proxy.add(answer(thread()), times=3)
    with Client(base_url=server.url) as here, here.with_options(base_url="http://assistants.example/v1") as there:
        for client in (here, there, there.with_options(timeout=3)):
            client.beta.threads.retrieve("thread_1")
        assert (len(server.requests), len(proxy.requests), len(proxy.connections)) == (1, 2, 1)
        with there.with_options(base_url=server.url) as back:
            back.beta.threads.retrieve("thread_1")
        assert not back.is_closed()
        here.with_options(base_url=f"{server.url}/v2").beta.threads.retrieve("thread_1")
        assert (len(server.requests), len(server.connections)) == (3, 1)
        assert not there.is_closed()
    assert there.is_closed()
    assert back.is_closed()
    until(lambda: not server.open and not proxy.open)


def test_an_address_that_is_changed_counts_at_once(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread(), headers={"assistream-idempotency": "1"}), times=2)
    proxy.add(answer({}, 500), times=9)
    with Client(base_url=server.url) as client:
        threads = client.beta.threads
        threads.create()
        client.base_url = "http://assistants.example/v1"
        with pytest.raises(InternalServerError):
            threads.create()
        client.base_url = server.url
        threads.create()
    assert (len(server.requests), len(proxy.requests)) == (2, 1)
    assert (len(server.connections), client.is_closed()) == (1, True)
    until(lambda: not server.open and not proxy.open)


@pytest.mark.anyio
async def test_async_a_copy_for_another_machine_goes_through_the_proxy(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread()))
    proxy.add(answer(thread()))
    async with AsyncClient(base_url=server.url) as here:
        async with here.with_options(base_url="http://assistants.example/v1") as there:
            await there.beta.threads.retrieve("thread_1")
        assert not here.is_closed()
        await here.beta.threads.retrieve("thread_1")
    assert (len(server.requests), len(proxy.requests)) == (1, 1)
    await async_until(lambda: not server.open and not proxy.open)


def test_the_programs_own_connections_are_shared_wherever_they_lead(server: Wire) -> None:
    http = httpx.Client()
    with Client(base_url="http://assistants.example", http_client=http) as there:
        copies = there.with_options(base_url=server.url), there.copy().with_options(base_url=server.url)
        assert all(copy._transport.http is http for copy in copies)


def test_a_copy_has_resources_of_its_own() -> None:
    with Client(base_url=HERE) as client:
        assert client.beta is client.beta
        views = [client.beta, client.with_raw_response, client.with_streaming_response]
        other = client.with_options(timeout=3)
        assert not {*map(id, views)} & {id(other.beta), id(other.with_raw_response), id(other.with_streaming_response)}
