from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from assistream import APIConnectionError, AsyncClient, Client, WaitTimeoutError
from assistream.types import FileTypes

from ..frames import Object
from ..wire import Wire, answer, end, head, reset, send
from .operations import Operation, async_check, check, listed


def file(status: str = "processed") -> Object:
    return {
        "id": "file_1",
        "object": "file",
        "bytes": 3,
        "created_at": 1,
        "filename": "a.txt",
        "purpose": "assistants",
        "status": status,
    }


OPERATIONS = {
    "retrieve": Operation(
        lambda client: client.files.retrieve("file_1"), "GET", "/files/file_1", file(), version=None, root=""
    ),
    "list": Operation(
        lambda client: client.files.list(purpose="assistants", limit=3, order="asc", after="x"),
        "GET",
        "/files",
        listed(file()),
        query=(("purpose", "assistants"), ("limit", "3"), ("order", "asc"), ("after", "x")),
        version=None,
        root="",
    ),
    "delete": Operation(
        lambda client: client.files.delete("file_1"),
        "DELETE",
        "/files/file_1",
        {"id": "file_1", "object": "file", "deleted": True},
        version=None,
        root="",
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(server: Wire, client: Client, name: str) -> None:
    check(OPERATIONS[name], server, client)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OPERATIONS)
async def test_async_operation(server: Wire, async_client: AsyncClient, name: str) -> None:
    await async_check(OPERATIONS[name], server, async_client)


def test_create(server: Wire, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    files: list[FileTypes] = [
        path,
        b"content",
        BytesIO(b"content"),
        ("a.txt", b"content"),
        ("a.txt", path, "text/x-mine"),
    ]
    server.add(answer(file()), times=len(files) + 1)
    for given in files:
        assert client.files.create(file=given, purpose="assistants").id == "file_1"
    with path.open("rb") as opened:
        client.files.create(file=opened, purpose="assistants")
    for request in server.requests:
        assert (request.method, request.path) == ("POST", "/files")
        assert b"\r\n\r\ncontent\r\n" in request.content
        assert "openai-beta" not in request.headers
    names = [request.content.partition(b"filename=")[2].partition(b"\r\n")[0] for request in server.requests]
    assert names == [b'"a.txt"', b'"upload"', b'"upload"', b'"a.txt"', b'"a.txt"', b'"a.txt"']


@pytest.mark.anyio
async def test_async_create(server: Wire, async_client: AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"content")
    server.add(answer(file()))
    created = await async_client.files.create(
        file=tmp_path / "a.txt",
        purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
        extra_body={"more": 1},
    )
    assert created.filename == "a.txt"
    (request,) = server.requests
    for name, value in [("purpose", "user_data"), ("expires_after[seconds]", "3600"), ("more", "1")]:
        assert f'name="{name}"\r\n\r\n{value}\r\n'.encode() in request.content


def test_what_a_file_holds(server: Wire, client: Client, tmp_path: Path) -> None:
    server.add(answer(b"\x00\xff\n", content_type="application/octet-stream"), times=4)
    assert client.files.content("file_1").read() == b"\x00\xff\n"
    raw = client.files.with_raw_response.content("file_1")
    assert raw.parse().content == raw.content == b"\x00\xff\n"
    with client.files.with_streaming_response.content("file_1") as response:
        response.stream_to_file(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"\x00\xff\n"
    with client.with_streaming_response.files.content("file_1") as response:
        assert response.parse() == b"\x00\xff\n"
    assert {(request.path, request.headers["accept"]) for request in server.requests} == {
        ("/files/file_1/content", "application/binary")
    }


@pytest.mark.anyio
async def test_async_what_a_file_holds(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer(b"one\ntwo", content_type="text/plain"), times=3)
    assert (await async_client.files.content("file_1")).text == "one\ntwo"
    assert (await async_client.files.retrieve_content("file_1")) == "one\ntwo"
    async with async_client.files.with_streaming_response.content("file_1") as response:
        assert [line async for line in response.iter_lines()] == ["one", "two"]


def test_content_that_stops_short_is_an_error(server: Wire, client: Client) -> None:
    server.add(head(content_type="text/plain"), send(b"some"), reset())
    with pytest.raises(APIConnectionError):
        client.files.content("file_1")


def test_the_old_name_gives_text(server: Wire, client: Client) -> None:
    server.add(head(content_type="text/plain"), send(b"some"), end())
    assert client.files.retrieve_content("file_1") == "some"


@pytest.mark.parametrize("status", ["processed", "error"])
def test_waiting_for_a_file(server: Wire, client: Client, status: str) -> None:
    server.add(answer(file("uploaded")), times=2)
    server.add(answer(file(status)))
    assert client.files.wait_for_processing("file_1", poll_interval=0.001).status == status
    assert len(server.requests) == 3


@pytest.mark.anyio
async def test_waiting_no_longer_than_wanted(server: Wire, async_client: AsyncClient) -> None:
    server.add(answer(file("uploaded")))
    with pytest.raises(WaitTimeoutError, match=r"file_1 was not processed within 0\.5 s: it is uploaded") as raised:
        await async_client.files.wait_for_processing("file_1", poll_interval=9, max_wait_seconds=0.5)
    assert isinstance(raised.value, RuntimeError)
    assert len(server.requests) == 1
