from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import httpx
import pytest

from assistream.engine import Engine, Scripted
from assistream.engine.server import listen
from assistream.errors import ConfigurationError
from tests.engine.conftest import Api

Connect = Callable[[Engine], Api]


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "assistream-engine"]


def test_a_chosen_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Engine(port=port) as engine:
        assert engine.base_url == f"http://127.0.0.1:{port}/v1"


def test_a_port_that_is_taken() -> None:
    with Engine() as engine:
        port = httpx.URL(engine.base_url).port or 0
        with pytest.raises(ConfigurationError, match=f"cannot listen on '127.0.0.1', port {port}"):
            Engine(port=port).start()


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 70_000)])
def test_nowhere_tolisten(host: str, port: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen"):
        Engine(host=host, port=port, api_key="key").start()


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]")])
def test_addresses(host: str, shown: str) -> None:
    with Engine(host=host, api_key="key") as engine:
        assert engine.base_url.startswith(f"http://{shown}:")
        assert httpx.get(f"{engine.base_url}/assistants").status_code == 401


def test_connections_know_they_are_tcp() -> None:
    # asyncio switches Nagle's algorithm off for such sockets only.
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_client_that_reads_nothing_does_not_hold_up_closing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistream.engine.server.GRACE", 0.1)
    engine = Engine(model=Scripted(["x" * 20_000_000])).start()
    api = connect(engine)
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", f"/threads/{api.thread('Hi')['id']}/runs", json=body) as response:
        assert response.status_code == 200
        engine.close()
    assert not threads()
