"""Reading a document."""

from __future__ import annotations

from .unreadable import Unreadable


async def read(name: str, data: bytes) -> str:
    """The text of the document `data` that is called `name`; raises `Unreadable`."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable("unsupported_file", f"{name!r} is not text.") from None
