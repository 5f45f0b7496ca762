"""An answer that is not JSON: what a file holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx


class HttpxBinaryResponseContent:
    """A body that was received whole. For one that should not be in memory there is `with_streaming_response`."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response

    @property
    def content(self) -> bytes:
        return self.response.content

    @property
    def text(self) -> str:
        return self.response.text

    @property
    def encoding(self) -> str | None:
        return self.response.encoding

    def json(self) -> Any:
        return self.response.json()

    def read(self) -> bytes:
        return self.content

    async def aread(self) -> bytes:
        return self.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        return self.response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        return self.response.iter_lines()

    def write_to_file(self, file: str | os.PathLike[str]) -> None:
        with open(file, "wb") as out:
            out.write(self.content)

    def __repr__(self) -> str:
        kind = self.response.headers.get("content-type", "unknown type")
        return f"<{type(self).__name__} of {len(self.content)} bytes, {kind}>"
