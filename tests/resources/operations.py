"""What an operation should put on the wire, and a check that it does in each view and colour."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from assistream import AsyncClient, Client, omit

from ..frames import Object
from ..wire import Request, Wire, answer

PAGE: dict[str, Any] = {"limit": 3, "order": "asc", "after": "x", "before": omit}
PAGE_QUERY = (("limit", "3"), ("order", "asc"), ("after", "x"))

Invoke = Callable[[Any], Any]


@dataclass(frozen=True)
class Operation:
    """`invoke` is given `client.beta` (or what `root` names) or its views; the rest is what a server sees and says."""

    invoke: Invoke
    method: str
    path: str
    says: Object
    body: Object | None = None
    query: tuple[tuple[str, str], ...] = ()
    version: str | None = "v2"
    root: str = "beta"

    def on(self, client: Any) -> Any:
        return self.invoke(getattr(client, self.root) if self.root else client)

    def check_request(self, request: Request) -> None:
        assert (request.method, request.path) == (self.method, self.path)
        assert tuple(parse_qsl(request.query)) == self.query
        assert (json.loads(request.content) if request.content else None) == self.body
        assert request.headers.get("openai-beta") == (self.version and f"assistants={self.version}")
        assert request.headers["authorization"] == "Bearer test"
        assert ("idempotency-key" in request.headers) == (self.method == "POST")

    def check_result(self, result: Any) -> None:
        assert result.to_dict(mode="json") == self.says


def check(operation: Operation, server: Wire, client: Client) -> None:
    server.add(answer(operation.says), times=3)
    operation.check_result(operation.on(client))
    operation.check_result(operation.on(client.with_raw_response).parse())
    with operation.on(client.with_streaming_response) as response:
        operation.check_result(response.parse())
    for request in server.requests:
        operation.check_request(request)
    assert len(server.requests) == 3


async def async_check(operation: Operation, server: Wire, client: AsyncClient) -> None:
    server.add(answer(operation.says), times=3)
    operation.check_result(await _awaited(operation.on(client)))
    operation.check_result((await _awaited(operation.on(client.with_raw_response))).parse())
    async with operation.on(client.with_streaming_response) as response:
        operation.check_result(await response.parse())
    for request in server.requests:
        operation.check_request(request)
    assert len(server.requests) == 3


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result


def listed(*items: Object) -> Object:
    return {"object": "list", "data": list(items), "first_id": "a", "last_id": "b", "has_more": False}
