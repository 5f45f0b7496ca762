from __future__ import annotations

from types import NoneType
from typing import Any

import httpx
import pytest

from assistream import AsyncClient, NotFoundError, RateLimitError
from assistream.types import Thread

from ...frames import thread
from ...wire import Wire, answer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
async def test_a_body_is_sent_and_the_answer_read_as_what_is_asked_for(server: Wire, method: str) -> None:
    server.add(answer(thread()), method=method.upper(), path="/threads/thread_1/fork")
    async with AsyncClient(base_url=server.url, api_key="key", default_headers={"X-All": "1"}) as client:
        request: Any = getattr(client, method)
        forked = await request("/threads/thread_1/fork", cast_to=Thread, body={"at": 1}, options={"params": {"a": 2}})
    assert isinstance(forked, Thread)
    (sent,) = server.requests
    assert (sent.method, sent.query, sent.body) == (method.upper(), "a=2", {"at": 1})
    assert (sent.headers["authorization"], sent.headers["x-all"]) == ("Bearer key", "1")


async def test_what_an_answer_can_be_read_as(server: Wire) -> None:
    server.add(answer(thread()), method="GET", times=5)
    async with AsyncClient(base_url=server.url) as client:
        assert (await client.get("/x", cast_to=dict))["id"] == "thread_1"
        assert (await client.get("/x", cast_to=str)).startswith("{")
        assert (await client.get("/x", cast_to=bytes)).startswith(b"{")
        response = await client.get("/x", cast_to=httpx.Response)
        assert (response.status_code, response.json()) == (200, thread())
        untyped: Any = client
        assert await untyped.get("/x", cast_to=NoneType) is None


async def test_errors_and_retries_are_those_of_any_call(server: Wire) -> None:
    server.add(answer({"error": {"message": "no"}}, status=404))
    server.add(answer({}, status=429, headers={"retry-after-ms": "1"}), times=2)
    async with AsyncClient(base_url=server.url, max_retries=5) as client:
        with pytest.raises(NotFoundError, match="no"):
            await client.get("/x", cast_to=dict)
        with pytest.raises(RateLimitError):
            await client.request("GET", "/x", cast_to=dict, options={"max_retries": 1})
    assert len(server.requests) == 3
