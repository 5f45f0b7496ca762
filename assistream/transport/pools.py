"""Spares httpcore's pools the look at every connection whenever a request begins or ends.

Of a thousand streams that begin together that is half a million looks, a sixth of all that they take until their end
(``benchmarks/README.md``, "A thousand streams"). Mostly there is nothing to be seen: while no connection rests, a
request gets a new one; and what ends gives back the one that it had. Everything else is left to httpcore.

That takes a look into httpcore that it does not promise: pools of versions that are not known stay as they are. A
property test holds the two together (``tests/transport/test_pools.py``).
"""

from __future__ import annotations

from typing import Any

import httpcore
import httpx

__all__ = ["hasten"]

IS_KNOWN = httpcore.__version__.startswith("1.0.")
_KNOWN = ("_connections", "_max_connections", "_max_keepalive_connections", "_assign_requests_to_connections")


def hasten(http: httpx.Client | httpx.AsyncClient) -> None:
    """Make this client's pools quick, before they are used."""
    client: Any = http
    for transport in [client._transport, *client._mounts.values()]:
        pool: Any = getattr(transport, "_pool", None)
        # Over HTTP/2 requests share a connection.
        known = IS_KNOWN and all(hasattr(pool, name) for name in _KNOWN) and getattr(pool, "_http2", None) is False
        if known and getattr(pool, "_requests", None) == []:
            pool._requests = _Requests()
            pool._assign_requests_to_connections = _Assignment(pool)


class _Requests(list[Any]):
    """The requests that a pool waits for, or that have a connection.

    Attributes:
        left: The one that is no more since the last assignment.
    """

    left: Any = None

    def remove(self, value: Any, /) -> None:
        super().remove(value)
        self.left = value


class _Assignment:
    """In place of a pool's `_assign_requests_to_connections`, and as there: returns what the caller is to close."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._look_at_all = pool._assign_requests_to_connections

    def __call__(self) -> list[Any]:
        requests = self._pool._requests
        left, requests.left = requests.left, None
        return self._began(requests) if left is None else self._ended(left)

    def _began(self, requests: _Requests) -> list[Any]:
        pool, new = self._pool, requests[-1]
        # As many connections as other requests: none rests. There is room: no other waits.
        if not (new.is_queued() and len(requests) - 1 == len(pool._connections) < pool._max_connections):
            return self._all()
        connection = pool.create_connection(new.request.url.origin)
        pool._connections.append(connection)
        new.assign_to_connection(connection)
        return []

    def _ended(self, request: Any) -> list[Any]:
        connection, connections = request.connection, self._pool._connections
        # There was room, so no other waits. One connection more than there are requests: no other rests.
        room = len(connections) < self._pool._max_connections
        if not (room and len(connections) - 1 == len(self._pool._requests) and connection in connections):
            return self._all()
        if connection.is_closed():
            connections.remove(connection)
            return []
        surplus = connection.is_idle() and len(connections) > self._pool._max_keepalive_connections
        if not (surplus or connection.has_expired()):
            return []
        connections.remove(connection)
        return [connection]

    def _all(self) -> list[Any]:
        closing: list[Any] = self._look_at_all()
        return closing
