from __future__ import annotations

import gc
import os
import socket
from io import BytesIO
from pathlib import Path

import anyio
import httpx
import pytest

from assistream.transport._async import AsyncTransport
from assistream.transport.call import post
from assistream.transport.settings import Settings
from assistream.transport.uploads import Form, form, opened, rewindable
from assistream.types import FileObject


def test_paths_are_open_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    with opened({"file": path, "other": ("b.txt", path, "text/plain")}) as files:
        assert Path(files["file"].name).name == "a.txt"
        assert files["file"].read() == files["other"][1].read() == b"content"
        assert (files["other"][0], files["other"][2]) == ("b.txt", "text/plain")
    assert files["file"].closed
    assert files["other"][1].closed


def test_what_the_program_opened_stays_open() -> None:
    file = BytesIO(b"content")
    with opened({"file": file, "bytes": b"x", "pair": ("a.txt", b"y")}) as files:
        assert files == {"file": file, "bytes": b"x", "pair": ("a.txt", b"y")}
    assert not file.closed


def test_one_that_is_missing_leaves_none_open(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(FileNotFoundError), opened({"a": tmp_path / "a", "b": tmp_path / "b"}):
        pass


def test_a_pipe_cannot_be_sent_twice() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with open(reading, "rb") as pipe:
        assert not rewindable({"file": pipe})
        assert not rewindable({"file": ("a.txt", pipe)})
    assert rewindable({"file": BytesIO(), "bytes": b"", "path": Path("a"), "pair": ("a.txt", BytesIO())})


class Reader:
    """A file that only knows how it is read."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = [*chunks]

    def read(self, size: int = -1) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""


def test_what_does_not_say_that_it_can_be_rewound_cannot() -> None:
    assert not rewindable({"file": Reader()})
    assert not rewindable({"file": ("a.txt", Reader())})


def request_of(files: dict[str, object]) -> httpx.Request:
    request = httpx.Request("POST", "http://h/", files=files)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- as they come
    request.stream = Form(request, again=rewindable(files))
    return request


def body_of(request: httpx.Request) -> bytes:
    assert isinstance(request.stream, Form)
    return b"".join(request.stream)


def test_what_has_no_length_is_sent_in_chunks() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"piped")
    os.close(writing)
    with open(reading, "rb") as pipe, opened({"file": ("a.txt", pipe), "other": Reader(b"read")}) as files:
        request = request_of(files)
        assert request.headers["transfer-encoding"] == "chunked"
        body = body_of(request)
    assert b"piped" in body
    assert b"read" in body


def test_a_file_that_says_it_is_empty_need_not_be(tmp_path: Path) -> None:
    path = tmp_path / "as those of the system do"
    path.touch()
    with opened({"file": path}) as files:
        request = request_of(files)
        path.write_bytes(b"content")
        assert b"content" in body_of(request)
        assert b"content" in body_of(request)


@pytest.mark.parametrize(("then", "says"), [(b"x" * 200_000, "longer"), (b"x", "shorter")])
def test_a_file_whose_length_changes(tmp_path: Path, then: bytes, says: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100_000)
    with opened({"file": path}) as files:
        request = request_of(files)
        path.write_bytes(then)
        with pytest.raises(httpx.LocalProtocolError, match=says):
            body_of(request)


def test_an_upload_is_read_again_only_if_that_can_be() -> None:
    again, once = request_of({"file": BytesIO(b"content")}), request_of({"file": ("a.txt", Reader(b"content"))})
    assert body_of(again) == body_of(again)
    body_of(once)
    with pytest.raises(httpx.LocalProtocolError, match="second time"):
        body_of(once)


@pytest.mark.anyio
async def test_an_upload_that_is_given_up_leaves_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        transport = AsyncTransport(Settings(f"http://127.0.0.1:{deaf.getsockname()[1]}"))
        call = post("/files", FileObject, {"file": bytes(20_000_000)}, files=("file",))
        with anyio.move_on_after(0.05) as scope:
            await transport.send(call)
        assert scope.cancelled_caught
        gc.collect()  # an async generator left behind would be a ResourceWarning on trio, and that an error
        await transport.aclose()


def test_the_other_fields_of_a_form() -> None:
    assert form({"purpose": "p", "expires_after": {"anchor": "created_at", "seconds": 3600}, "ids": ["a", "b"]}) == {
        "purpose": ["p"],
        "expires_after[anchor]": ["created_at"],
        "expires_after[seconds]": ["3600"],
        "ids[]": ["a", "b"],
    }
    assert form(None) == {}
