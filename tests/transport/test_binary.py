from __future__ import annotations

from pathlib import Path

import anyio
import httpx

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


def test_into_a_file(tmp_path: Path) -> None:
    content(b"\x00\xff").write_to_file(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"\x00\xff"


def test_what_it_shows() -> None:
    assert repr(content()) == "<HttpxBinaryResponseContent of 7 bytes, text/plain>"
