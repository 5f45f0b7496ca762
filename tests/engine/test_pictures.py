"""Images that are files of the engine."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistream.engine import ModelRequest, contents
from assistream.engine.models import ChatMessage, ContentPart, ImagePart, TextPart
from assistream.engine.models.base import StoredImage
from assistream.engine.pictures import plain, shown
from assistream.engine.store import Store

PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n...",
    "image/jpeg": b"\xff\xd8\xff\xe0...",
    "image/gif": b"GIF89a...",
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # the only loop an engine runs on


@pytest.fixture
async def store(anyio_backend: Any) -> AsyncIterator[Store]:
    opened = Store(":memory:")
    await opened.open()
    yield opened
    await opened.close()


async def stored(store: Store, data: bytes) -> str:
    async with contents.uploading(store, 1_000_000) as upload:
        await upload.write(data)
        file_id: str = (await upload.finish("a.png", "vision", None))["id"]
    return file_id


def request(*parts: ContentPart) -> ModelRequest:
    return ModelRequest("m", [ChatMessage("system", "Look."), ChatMessage("user", list(parts))])


def image(file_id: str) -> StoredImage:
    return StoredImage("[no image]", file_id, "low")


@pytest.mark.anyio
@pytest.mark.parametrize("kind", PICTURES)
async def test_an_image_goes_along(store: Store, kind: str) -> None:
    file_id = await stored(store, PICTURES[kind])
    asked = await shown(request(TextPart("What is this?"), image(file_id)), store)
    url = f"data:{kind};base64,{base64.b64encode(PICTURES[kind]).decode()}"
    assert asked.messages[1].content == [TextPart("What is this?"), ImagePart(url, "low")]
    assert asked.messages[0] == ChatMessage("system", "Look.")


@pytest.mark.anyio
async def test_what_is_no_image_or_gone_is_words(store: Store) -> None:
    text = await stored(store, b"text")
    asked = await shown(request(TextPart("What is this?"), image(text), image("file-gone")), store)
    assert asked.messages[1].content == "What is this?\n[no image]\n[no image]"


@pytest.mark.anyio
async def test_without_files_nothing_is_changed(store: Store) -> None:
    asked = request(TextPart("What is this?"), ImagePart("http://x.test/a.png"))
    assert await shown(asked, store) is asked


def test_text_alone_is_a_string() -> None:
    assert plain([TextPart("a"), TextPart("b")]) == "a\nb"
    parts = [TextPart("a"), image("file-1")]
    assert plain(parts) is parts
