from __future__ import annotations

from contextlib import nullcontext
from typing import Self

import pytest

from assistream.engine.errors import Refused
from assistream.engine.forms import Form, check_length, receive

pytestmark = pytest.mark.anyio

TYPE = "multipart/form-data; boundary=b"
PURPOSE = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: x\r\n\r\none\r\n--two\r\n'
)
END = b"--b--\r\n"


class Chunks:
    def __init__(self, body: bytes, size: int) -> None:
        self._chunks = iter([body[start : start + size] for start in range(0, len(body), size)])

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration


async def received(body: bytes, size: int = 1000, content_type: str = TYPE, limit: int = 1000) -> tuple[Form, bytes]:
    content = bytearray()

    async def sink(data: bytes) -> None:
        content.extend(data)

    return await receive(Chunks(body, size), {"content-type": content_type}, sink, limit), bytes(content)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_a_form_cut_anywhere(size: int) -> None:
    form, content = await received(PURPOSE + FILE + END, size)
    assert (form.fields, form.filename, content) == ({"purpose": "assistants"}, "a.txt", b"one\r\n--two")


async def test_the_file_may_come_first() -> None:
    assert await received(FILE + PURPOSE + END) == await received(PURPOSE + FILE + END)


async def test_names_are_utf_8_whatever_they_are() -> None:
    form, _ = await received(FILE.replace(b"a.txt", "ä".encode()) + PURPOSE.replace(b"assistants", b"\xff") + END)
    assert (form.filename, form.fields) == ("ä", {"purpose": "\ufffd"})


BROKEN = {
    "nothing": b"",
    "no boundary at the beginning": b"x" + FILE + END,
    "no end": PURPOSE + FILE,
    "half of it": (PURPOSE + FILE)[:-20],
    "no name": b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END,
    "no headers": b"--b\r\n\r\nx\r\n" + END,
    "a header that is none": b"--b\r\nCon tent: x\r\n\r\nx\r\n" + END,
    "a long field": PURPOSE.replace(b"assistants", b"x" * 65_537) + END,
    "many fields": b"".join(PURPOSE.replace(b"purpose", b"p%d" % number) for number in range(21)) + END,
    "a long header": FILE.replace(b"a.txt", b"a" * 100_000) + END,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_what_is_broken(body: bytes) -> None:
    with pytest.raises(Refused, match="could not parse the multipart/form-data"):
        await received(body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (FILE + FILE + END, "one request uploads one file"),
        (FILE.replace(b'"file"', b'"photo"') + END, "Unknown parameter: 'photo'"),
    ],
)
async def test_other_files(body: bytes, text: str) -> None:
    with pytest.raises(Refused, match=text):
        await received(body)


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "multipart/mixed; boundary=b"])
async def test_what_is_no_form(content_type: str) -> None:
    with pytest.raises(Refused, match="expected multipart/form-data, but got"):
        await received(PURPOSE + FILE + END, content_type=content_type)


async def test_a_boundary_that_is_too_long() -> None:
    with pytest.raises(Refused, match="could not parse"):
        await received(PURPOSE, content_type=f"multipart/form-data; boundary={'b' * 1000}")


async def test_what_stands_after_the_end_counts_too() -> None:
    with pytest.raises(Refused, match="Maximum content size limit") as raised:
        await received(PURPOSE + FILE + END + b"x" * 2_000_000, size=100_000)
    assert raised.value.status == 413


@pytest.mark.parametrize(("length", "refused"), [("11", True), ("9" * 20, True), ("10", False), ("", False)])
def test_a_length_that_is_told(length: str, refused: bool) -> None:
    with pytest.raises(Refused, match=rf"limit \(5\) exceeded \({length} bytes") if refused else nullcontext():
        check_length({"content-length": length} if length else {}, 5, 10)
