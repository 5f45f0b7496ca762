from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistream import AsyncClient, Client, WaitTimeoutError
from assistream.types import VectorStoreFile

from ...wire import Wire, answer
from ..operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed
from .objects import UPLOADED, stored

FILE = "/vector_stores/vs_1/files/file_1"

OPERATIONS = {
    "create": Operation(
        lambda root: root.vector_stores.files.create(
            "vs_1", file_id="file_1", attributes={"a": 1}, chunking_strategy={"type": "auto"}
        ),
        "POST",
        "/vector_stores/vs_1/files",
        stored(),
        {"file_id": "file_1", "attributes": {"a": 1}, "chunking_strategy": {"type": "auto"}},
    ),
    "retrieve": Operation(
        lambda root: root.vector_stores.files.retrieve("file_1", vector_store_id="vs_1"), "GET", FILE, stored()
    ),
    "update": Operation(
        lambda root: root.vector_stores.files.update("file_1", vector_store_id="vs_1", attributes={"a": True}),
        "POST",
        FILE,
        stored(),
        {"attributes": {"a": True}},
    ),
    "list": Operation(
        lambda root: root.vector_stores.files.list("vs_1", filter="failed", **PAGE),
        "GET",
        "/vector_stores/vs_1/files",
        listed(stored("failed")),
        query=(("filter", "failed"), *PAGE_QUERY),
    ),
    "delete": Operation(
        lambda root: root.vector_stores.files.delete("file_1", vector_store_id="vs_1"),
        "DELETE",
        FILE,
        {"id": "file_1", "object": "vector_store.file.deleted", "deleted": True},
    ),
    "content": Operation(
        lambda root: root.vector_stores.files.content("file_1", vector_store_id="vs_1"),
        "GET",
        f"{FILE}/content",
        {"object": "vector_store.file_content.page", "data": [{"type": "text", "text": "Hi"}], "has_more": False},
    ),
}


@pytest.mark.parametrize("root", ["", "beta"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str, root: str) -> None:
    check(replace(OPERATIONS[name], root=root), server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("root", ["", "beta"])
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str, root: str) -> None:
    await async_check(replace(OPERATIONS[name], root=root), server, async_client)


def asked(server: Wire) -> list[str]:
    return [f"{request.method} {request.path}" for request in server.requests]


@pytest.fixture
def processing(server: Wire) -> Wire:
    """A server where a file is processed the second time it is asked for."""
    server.add(answer(UPLOADED), path="/files")
    server.add(answer(stored()), path="/vector_stores/vs_1/files")
    server.add(answer(stored()), path=FILE)
    server.add(answer({**stored("failed"), "last_error": {"code": "invalid_file", "message": "No."}}), path=FILE)
    return server


def test_poll(processing: Wire, client: Client) -> None:
    seen: list[str] = []
    file = client.vector_stores.files.poll(
        "file_1", vector_store_id="vs_1", poll_interval_ms=1, on_poll=lambda file: seen.append(file.status)
    )
    assert file.last_error is not None
    assert (file.last_error.code, seen) == ("invalid_file", ["in_progress", "failed"])
    assert asked(processing) == [f"GET {FILE}"] * 2


@pytest.mark.anyio
async def test_create_and_poll(processing: Wire, async_client: AsyncClient) -> None:
    seen: list[str] = []

    async def tell(file: VectorStoreFile) -> None:
        seen.append(file.status)

    file = await async_client.vector_stores.files.create_and_poll(
        "file_1", vector_store_id="vs_1", attributes={"a": "b"}, poll_interval_ms=1, on_poll=tell
    )
    assert (file.status, seen) == ("failed", ["in_progress", "failed"])
    assert asked(processing) == ["POST /vector_stores/vs_1/files", f"GET {FILE}", f"GET {FILE}"]
    assert processing.requests[0].body == {"file_id": "file_1", "attributes": {"a": "b"}}


@pytest.mark.parametrize("name", ["upload", "upload_and_poll"])
def test_nothing_is_uploaded_for_no_vector_store(server: Wire, client: Client, name: str) -> None:
    with pytest.raises(ValueError, match="vector_store_id"):
        getattr(client.vector_stores.files, name)(vector_store_id="", file=b"content")
    assert asked(server) == []


@pytest.mark.anyio
async def test_a_limit(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer(UPLOADED), path="/files")
    server.add(answer(stored()), times=9)
    files = async_client.vector_stores.files
    for waiting in (
        files.poll("file_1", vector_store_id="vs_1", max_wait_seconds=0),
        files.create_and_poll("file_1", vector_store_id="vs_1", max_wait_seconds=0),
        files.upload_and_poll(vector_store_id="vs_1", file=b"content", max_wait_seconds=0),
        files.poll("file_1", vector_store_id="vs_1", max_wait_seconds=0.01, poll_interval_ms=60_000),
    ):
        with pytest.raises(WaitTimeoutError, match=f"{FILE} was not done"):
            await waiting
    taken = ["POST /vector_stores/vs_1/files"]
    assert asked(server) == [*taken, "POST /files", *taken, f"GET {FILE}"]


@pytest.mark.parametrize("nonsense", [{"poll_interval_ms": None}, {"poll_interval_ms": -5}, {"max_wait_seconds": -1}])
def test_what_is_no_time_costs_nothing(server: Wire, client: Client, nonsense: Any) -> None:
    files = client.vector_stores.files
    with pytest.raises(ValueError, match="must be a number"):
        files.create_and_poll("file_1", vector_store_id="vs_1", **nonsense)
    with pytest.raises(ValueError, match="must be a number"):
        files.upload_and_poll(vector_store_id="vs_1", file=b"content", **nonsense)
    assert asked(server) == []


def test_upload(processing: Wire, client: Client) -> None:
    file = client.vector_stores.files.upload(vector_store_id="vs_1", file=b"content", extra_headers={"X-A": "1"})
    assert file.status == "in_progress"
    assert asked(processing) == ["POST /files", "POST /vector_stores/vs_1/files"]
    assert b'name="purpose"\r\n\r\nassistants\r\n' in processing.requests[0].content
    assert processing.requests[1].body == {"file_id": "file_1"}
    assert [request.headers["x-a"] for request in processing.requests] == ["1", "1"]


@pytest.mark.anyio
async def test_upload_and_poll(processing: Wire, async_client: AsyncClient) -> None:
    file = await async_client.beta.vector_stores.files.upload_and_poll(
        vector_store_id="vs_1", file=("a.txt", b"content"), poll_interval_ms=1
    )
    assert file.status == "failed"
    steps = ["POST /files", "POST /vector_stores/vs_1/files", f"GET {FILE}", f"GET {FILE}"]
    assert asked(processing) == steps
