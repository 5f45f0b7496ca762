from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from assistream.errors import APIConnectionError, UsageError
from assistream.transport.connections import (
    LIMITS,
    Connections,
    DefaultAioHttpClient,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    connect,
    connect_options,
)
from assistream.transport.settings import DEFAULT_TIMEOUT


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/v1", "http://127.9.9.9", "http://localhost:1", "https://[::1]:1"]
)
def test_no_proxy_stands_before_this_machine(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:9")
    assert connect_options(address)["trust_env"] is False


def test_elsewhere_the_environment_counts() -> None:
    options = connect_options("https://assistants.example/v1")
    assert options["trust_env"] is True
    assert options["follow_redirects"] is True
    assert options["limits"] is LIMITS


def test_certificates_are_looked_at_when_there_are_any_to_check() -> None:
    context = connect_options("https://assistants.example/v1")["verify"]
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(incoming, outgoing, server_hostname="assistants.example")
    assert connection.context is not context
    assert connection.context.get_ca_certs()
    assert connection.context.check_hostname


def test_a_server_that_proves_nothing_is_refused(tls_server: str) -> None:
    with httpx.Client(**connect_options(tls_server)) as http, pytest.raises(httpx.ConnectError):
        http.get(tls_server)


@pytest.fixture
def tls_server() -> Iterator[str]:
    """An address where a listener answers a TLS hello with something else."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    thread.join()
    listener.close()


def test_one_http_client_for_this_machine_and_one_for_all_others() -> None:
    connections = Connections(httpx.Client, connect, None)
    here, there = connections.to("http://127.0.0.1:1/v1"), connections.to("http://assistants.example")
    assert here is connections.to("http://localhost:2")
    assert there is connections.to("https://other.example/v1")
    assert here is not there
    assert not connections.is_closed
    assert connections.close() == [here, there]
    assert connections.is_closed
    with pytest.raises(UsageError, match="closed"):
        connections.to("http://127.0.0.1:1/v1")


def test_none_can_be_made() -> None:
    def fails(_: str) -> httpx.Client:
        raise OSError(24, "Too many open files")

    connections = Connections(httpx.Client, fails, None)
    for _ in range(2):
        with pytest.raises(APIConnectionError, match="Too many open files"):
            connections.to("https://assistants.example")
    assert connections.close() == []


def test_one_that_was_given_is_for_all() -> None:
    given = httpx.Client()
    connections = Connections(httpx.Client, connect, given)
    assert connections.to("http://127.0.0.1:1/v1") is connections.to("http://assistants.example") is given
    given.close()
    assert connections.is_closed
    assert connections.close() == [given]


@pytest.mark.parametrize("given", [httpx.AsyncClient(), "http://proxy", httpx])
def test_what_is_no_http_client_of_this_colour_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match=r"http_client must be an httpx\.Client, not a"):
        Connections(httpx.Client, connect, given)


@pytest.mark.anyio
async def test_clients_of_the_programs_own_with_our_defaults() -> None:
    with DefaultHttpxClient(headers={"a": "b"}) as http:
        assert (http.timeout, http.follow_redirects, http.headers["a"]) == (DEFAULT_TIMEOUT, True, "b")
    async with DefaultAsyncHttpxClient(timeout=3) as other:
        assert (other.timeout, other.follow_redirects) == (httpx.Timeout(3), True)


def test_aiohttp_gets_limits_and_what_is_said_about_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []

    def transport(**options: object) -> httpx.AsyncBaseTransport:
        told.append(options)
        return httpx.AsyncHTTPTransport()

    monkeypatch.setitem(sys.modules, "httpx_aiohttp", SimpleNamespace(AiohttpTransport=transport))
    few = httpx.Limits(max_connections=3)
    assert DefaultAioHttpClient().timeout == DEFAULT_TIMEOUT
    DefaultAioHttpClient(limits=few, verify=False, trust_env=False, headers={"a": "b"})
    assert told == [{"limits": LIMITS}, {"limits": few, "verify": False, "trust_env": False}]


def test_aiohttp_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx_aiohttp", None)
    with pytest.raises(RuntimeError, match="pip install httpx-aiohttp"):
        DefaultAioHttpClient()
