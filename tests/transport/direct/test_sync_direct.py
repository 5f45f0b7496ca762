# Written by scripts/unasync.py from test_async_direct.py; edit that file instead.
from __future__ import annotations

from types import NoneType
from typing import Any

import httpx
import pytest

from assistream import Client, NotFoundError, RateLimitError
from assistream.types import Thread

from ...frames import thread
from ...wire import Wire, answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_body_is_sent_and_the_answer_read_as_what_is_asked_for(server: Wire, method: str) -> None:
    server.add(answer(thread()), method=method.upper(), path="/threads/thread_1/fork")
    with Client(base_url=server.url, api_key="key", default_headers={"X-All": "1"}) as client:
        request: Any = getattr(client, method)
        forked = request("/threads/thread_1/fork", cast_to=Thread, body={"at": 1}, options={"params": {"a": 2}})
    assert isinstance(forked, Thread)
    (sent,) = server.requests
    assert (sent.method, sent.query, sent.body) == (method.upper(), "a=2", {"at": 1})
    assert (sent.headers["authorization"], sent.headers["x-all"]) == ("Bearer key", "1")


def test_what_an_answer_can_be_read_as(server: Wire) -> None:
    server.add(answer(thread()), method="GET", times=5)
    with Client(base_url=server.url) as client:
        assert (client.get("/x", cast_to=dict))["id"] == "thread_1"
        assert (client.get("/x", cast_to=str)).startswith("{")
        assert (client.get("/x", cast_to=bytes)).startswith(b"{")
        response = client.get("/x", cast_to=httpx.Response)
        assert (response.status_code, response.json()) == (200, thread())
        untyped: Any = client
        assert untyped.get("/x", cast_to=NoneType) is None


def test_errors_and_retries_are_those_of_any_call(server: Wire) -> None:
    server.add(answer({"error": {"message": "no"}}, status=404))
    server.add(answer({}, status=429, headers={"retry-after-ms": "1"}), times=2)
    with Client(base_url=server.url, max_retries=5) as client:
        with pytest.raises(NotFoundError, match="no"):
            client.get("/x", cast_to=dict)
        with pytest.raises(RateLimitError):
            client.request("GET", "/x", cast_to=dict, options={"max_retries": 1})
    assert len(server.requests) == 3
