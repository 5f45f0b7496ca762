from __future__ import annotations

from pathlib import Path

import anyio
import httpx
import pytest

from assistream.transport.binary import HttpxBinaryResponseContent


def content(body: bytes = b"one\ntwo") -> HttpxBinaryResponseContent:
    return HttpxBinaryResponseContent(httpx.Response(200, content=body, headers={"content-type": "text/plain"}))


def test_the_whole_of_it() -> None:
    assert content().content == content().read() == b"one\ntwo"
    assert content().text == "one\ntwo"
    assert content(b'{"a": 1}').json() == {"a": 1}
    assert content().encoding == "utf-8"
    assert content().response.status_code == 200


def test_any_number_of_times_and_in_pieces() -> None:
    whole = content()
    assert list(whole.iter_bytes(3)) == [b"one", b"\ntw", b"o"]
    assert list(whole.iter_text(4)) == ["one\n", "two"]
    assert list(whole.iter_lines()) == ["one", "two"]
    assert list(whole.iter_bytes()) == [whole.content]


def test_in_async_programs() -> None:
    assert anyio.run(content().aread) == b"one\ntwo"


@pytest.mark.anyio
async def test_in_async_loops_which_may_be_left_early() -> None:
    whole = content()
    assert [piece async for piece in whole.aiter_bytes(3)] == [b"one", b"\ntw", b"o"]
    assert [piece async for piece in whole.aiter_raw()] == [whole.content]
    assert [piece async for piece in whole.aiter_text(4)] == ["one\n", "two"]
    async for line in whole.aiter_lines():
        assert line == "one"
        break


@pytest.mark.anyio
async def test_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    content(b"\x00\xff").write_to_file(file)
    assert file.read_bytes() == b"\x00\xff"
    content(b"\x01\xff").stream_to_file(file, chunk_size=1)
    assert file.read_bytes() == b"\x01\xff"
    await content(b"\x02").astream_to_file(file)
    assert file.read_bytes() == b"\x02"


@pytest.mark.anyio
async def test_closing_changes_nothing() -> None:
    whole = content()
    whole.close()
    await whole.aclose()
    assert whole.read() == b"".join(whole.iter_raw(2)) == b"one\ntwo"
    assert whole.charset_encoding is None


def test_what_it_shows() -> None:
    assert repr(content()) == "<HttpxBinaryResponseContent of 7 bytes, text/plain>"
