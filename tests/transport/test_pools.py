"""Pools that do not look at every connection do what those do that look: the same connections, the same refusals."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.transport import pools
from assistream.transport.connections import async_connect, connect
from assistream.transport.pools import hasten

LIMITS = httpx.Limits(max_connections=5, max_keepalive_connections=2)
TIMEOUT = httpx.Timeout(5, pool=0)
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none"

ACTIONS = st.one_of(
    st.sampled_from(["http://a", "http://b", "http://refuses"]),
    st.tuples(st.sampled_from(["read", "leave"]), st.integers(0, 5)),
    st.just("expire"),
)


class Network(httpcore.MockBackend):
    """Every connection answers as often as it is asked, but no connection can be made to one of the hosts."""

    def __init__(self) -> None:
        super().__init__([ANSWER] * 99)

    def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        if host == "refuses":
            raise httpcore.ConnectError("refused")
        return super().connect_tcp(host, *args, **kwargs)


def pool_of(http: object) -> Any:
    client: Any = http
    return client._transport._pool


class World:
    """A client, and what it has open."""

    def __init__(self, *, quick: bool) -> None:
        self.http = httpx.Client(limits=LIMITS, timeout=TIMEOUT, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.pool = pool_of(self.http)
        self.pool._network_backend = Network()
        if quick:
            hasten(self.http)
        self.open: list[httpx.Response] = []

    def do(self, action: str | tuple[str, int]) -> object:
        """What can be seen after this action."""
        refused = ""
        if action == "expire":
            for connection in self.pool.connections:
                if connection.is_idle():
                    connection._connection._expire_at = 0.0
        elif isinstance(action, str):
            try:
                self.open.append(self.http.send(self.http.build_request("GET", action), stream=True))
            except httpx.TransportError as error:
                refused = type(error).__name__
        elif action[1] < len(self.open):
            response = self.open.pop(action[1])
            if action[0] == "read":
                response.read()
            response.close()
        return refused, [connection.info() for connection in self.pool.connections], len(self.pool._requests)


@given(st.lists(ACTIONS, max_size=40))
def test_the_same_connections(actions: list[str | tuple[str, int]]) -> None:
    plain, quick = World(quick=False), World(quick=True)
    for action in actions:
        assert plain.do(action) == quick.do(action), action
    plain.http.close()
    quick.http.close()


def test_where_nothing_rests_no_connection_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(quick=True)
    looked: list[object] = []

    def has_expired(connection: object) -> bool:
        looked.append(connection)
        return False

    monkeypatch.setattr(httpcore.HTTPConnection, "has_expired", has_expired)
    for _ in range(4):
        world.do("http://a")
    assert not looked
    world.do(("leave", 0))
    assert not looked  # it was closed, and no other is of interest
    world.do(("read", 0))
    assert len(world.pool.connections) == 2
    assert len(set(map(id, looked))) <= 1
    world.http.close()


def is_quick(pool: Any) -> bool:
    return "_assign_requests_to_connections" in vars(pool)


@pytest.mark.anyio
async def test_clients_of_our_own_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    there: Any = connect("https://assistants.example")
    here: Any = async_connect("http://127.0.0.1:1")
    pools = [pool_of(there), pool_of(here), *(transport._pool for transport in there._mounts.values() if transport)]
    assert len(pools) == 3
    assert all(map(is_quick, pools))
    there.close()
    await here.aclose()


def test_what_is_not_known_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with httpx.Client(transport=httpx.HTTPTransport()) as http:
        pool_of(http)._http2 = True
        hasten(http)
        assert not is_quick(pool_of(http))
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
        hasten(http)
        assert http.get("http://here").status_code == 200
    monkeypatch.setattr(pools, "IS_KNOWN", False)
    with httpx.Client(transport=httpx.HTTPTransport()) as http:
        hasten(http)
        assert not is_quick(pool_of(http))


def test_the_version_that_these_tests_hold_it_against_is_known() -> None:
    assert pools.IS_KNOWN
