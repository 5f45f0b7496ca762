from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistream import APIStatusError, AsyncClient, Client

from ...wire import Wire, answer
from ..operations import PAGE, PAGE_QUERY, Operation, async_check, check, listed
from .objects import UPLOADED, batch, stored

BATCHES = "/vector_stores/vs_1/file_batches"
BATCH = f"{BATCHES}/vsfb_1"

OPERATIONS = {
    "create": Operation(
        lambda root: root.vector_stores.file_batches.create("vs_1", file_ids=["file_1"], attributes={"a": "b"}),
        "POST",
        BATCHES,
        batch(),
        {"file_ids": ["file_1"], "attributes": {"a": "b"}},
    ),
    "create, each with its own": Operation(
        lambda root: root.vector_stores.file_batches.create(
            "vs_1", files=[{"file_id": "file_1", "attributes": {"a": 1}}]
        ),
        "POST",
        BATCHES,
        batch(),
        {"files": [{"file_id": "file_1", "attributes": {"a": 1}}]},
    ),
    "retrieve": Operation(
        lambda root: root.vector_stores.file_batches.retrieve("vsfb_1", vector_store_id="vs_1"), "GET", BATCH, batch()
    ),
    "cancel": Operation(
        lambda root: root.vector_stores.file_batches.cancel("vsfb_1", vector_store_id="vs_1"),
        "POST",
        f"{BATCH}/cancel",
        batch("cancelled"),
    ),
    "list_files": Operation(
        lambda root: root.vector_stores.file_batches.list_files(
            "vsfb_1", vector_store_id="vs_1", filter="completed", **PAGE
        ),
        "GET",
        f"{BATCH}/files",
        listed(stored("completed")),
        query=(("filter", "completed"), *PAGE_QUERY),
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
    """A server where a batch is processed the second time it is asked for."""
    for number in (1, 2, 3):
        server.add(answer({**UPLOADED, "id": f"file_{number}"}), path="/files")
    server.add(answer(batch()), path=BATCHES)
    server.add(answer(batch()), path=BATCH)
    server.add(answer(batch("completed")), path=BATCH)
    return server


@pytest.mark.anyio
async def test_poll(processing: Wire, async_client: AsyncClient) -> None:
    seen: list[str] = []
    await async_client.vector_stores.file_batches.poll(
        "vsfb_1", vector_store_id="vs_1", poll_interval_ms=1, on_poll=lambda batch: seen.append(batch.status)
    )
    assert seen == ["in_progress", "completed"]
    assert asked(processing) == [f"GET {BATCH}"] * 2


def test_create_and_poll(processing: Wire, client: Client) -> None:
    made = client.vector_stores.file_batches.create_and_poll("vs_1", file_ids=["a"], poll_interval_ms=1)
    assert made.status == "completed"
    assert asked(processing) == [f"POST {BATCHES}", f"GET {BATCH}", f"GET {BATCH}"]


@pytest.mark.parametrize("wrong", [("", {}), ("vs_1", {"poll_interval_ms": None}), ("vs_1", {"poll_interval_ms": -5})])
def test_what_makes_no_sense_uploads_nothing(server: Wire, client: Client, wrong: tuple[str, Any]) -> None:
    vector_store_id, options = wrong
    with pytest.raises(ValueError, match=r"vector_store_id|poll_interval_ms"):
        client.vector_stores.file_batches.upload_and_poll(vector_store_id, files=[b"content"], **options)
    assert asked(server) == []


def test_upload_and_poll(processing: Wire, client: Client) -> None:
    made = client.vector_stores.file_batches.upload_and_poll(
        "vs_1", files=[b"one", b"two", b"three"], file_ids=["file_0"], max_concurrency=2, poll_interval_ms=1
    )
    assert made.status == "completed"
    assert asked(processing) == ["POST /files"] * 3 + [f"POST {BATCHES}", f"GET {BATCH}", f"GET {BATCH}"]
    first, *rest = processing.requests[3].body["file_ids"]
    assert (first, sorted(rest)) == ("file_0", ["file_1", "file_2", "file_3"])


@pytest.mark.anyio
async def test_async_upload_and_poll_keeps_the_order_of_files(processing: Wire, async_client: AsyncClient) -> None:
    await async_client.vector_stores.file_batches.upload_and_poll(
        "vs_1", files=[b"one", b"two", b"three"], max_concurrency=1, poll_interval_ms=1
    )
    bodies = [request.content for request in processing.requests[:3]]
    assert [content in body for content, body in zip([b"one", b"two", b"three"], bodies, strict=True)] == [True] * 3
    assert processing.requests[3].body == {"file_ids": ["file_1", "file_2", "file_3"]}


@pytest.mark.anyio
async def test_no_batch_is_made_where_an_upload_fails(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer({"error": {"message": "No."}}, 413), path="/files", times=2)
    with pytest.raises(APIStatusError, match="No"):
        await async_client.vector_stores.file_batches.upload_and_poll("vs_1", files=[b"one", b"two"])
    assert set(asked(server)) == {"POST /files"}
