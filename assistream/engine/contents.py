"""What files hold: in the store, in pieces. No name of a client reaches the file system, no file is whole in memory.

Each piece has a transaction of its own: runs go on while a large file comes in. The file itself is written after its
last piece; pieces without a file are nobody's, and go when the engine starts.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

from .errors import Refused
from .ids import new_id, now
from .lifecycle import Document
from .store import Store
from .tables import FILES

PIECE = 256 * 1024
"""Bytes of a piece: one is written in a millisecond or two, and nothing else is written meanwhile."""
_AT_ONCE = 16
"""Pieces that are deleted together."""


class Upload:
    """A file that is coming in; what was written goes again unless `finish` is reached."""

    def __init__(self, store: Store, limit: int) -> None:
        self._store, self._limit = store, limit
        self._id = new_id("file")
        self._buffer = bytearray()
        self._pieces = 0
        self.size: int = 0

    async def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._limit:
            raise Refused("too_large", limit=self._limit, got=self.size)
        self._buffer += data
        while len(self._buffer) >= PIECE:
            await self._put(bytes(self._buffer[:PIECE]))
            del self._buffer[:PIECE]

    async def _put(self, data: bytes) -> None:
        async with self._store.transaction() as transaction:
            await transaction.add_piece(self._id, self._pieces, data)
        self._pieces += 1

    async def finish(self, filename: str, purpose: str, seconds: int | None) -> Document:
        """The file, which is there from now on; it expires after so many seconds."""
        created_at = now()
        file: Document = {
            "id": self._id,
            "object": "file",
            "bytes": self.size,
            "created_at": created_at,
            "filename": filename,
            "purpose": purpose,
            "status": "processed",
        }
        if seconds is not None:
            file["expires_at"] = created_at + seconds
        async with self._store.transaction() as transaction:
            await transaction.add_piece(self._id, self._pieces, bytes(self._buffer))
            await transaction.insert(file)
        return file

    async def abandon(self) -> None:
        await drop(self._store, self._id)


@contextlib.asynccontextmanager
async def uploading(store: Store, limit: int) -> AsyncGenerator[Upload]:
    upload = Upload(store, limit)
    try:
        yield upload
    except BaseException:
        await upload.abandon()
        raise


async def read(store: Store, file: Document) -> AsyncIterator[bytes]:
    """What the file holds, piece by piece."""
    sent = number = 0
    while sent < file["bytes"]:
        async with store.transaction() as transaction:
            piece = await transaction.piece(file["id"], number)
        if not piece:
            raise FileNotFoundError(f"{file['id']} was deleted while it was read")
        yield piece
        sent, number = sent + len(piece), number + 1


async def delete(store: Store, file_id: str) -> bool:
    """Whether it was there."""
    async with store.transaction() as transaction:
        existed = await transaction.delete(FILES, file_id)
    if existed:
        await drop(store, file_id)
    return existed


async def drop(store: Store, file_id: str) -> None:
    """Deletes pieces, some at a time, the first ones first."""
    async with store.transaction() as transaction:
        last = await transaction.last_piece(file_id)
    for below in range(_AT_ONCE, (-1 if last is None else last) + _AT_ONCE + 1, _AT_ONCE):
        async with store.transaction() as transaction:
            await transaction.delete_pieces(file_id, below)


async def sweep(store: Store) -> None:
    """Deletes the files whose time is over. Whoever looks for files calls it first, so that nobody finds one."""
    async with store.transaction() as transaction:
        expired = await transaction.expired_files(now())
    for file_id in expired:
        await delete(store, file_id)


async def tidy(store: Store) -> None:
    """When an engine starts: pieces that belong to no file go."""
    async with store.transaction() as transaction:
        left = await transaction.pieces_of_nothing()
    for file_id in left:
        await drop(store, file_id)


async def whole(store: Store, file_id: str) -> bytes | None:
    """All that a file holds, for what cannot take it in pieces; None if there is no such file, or no more."""
    await sweep(store)
    async with store.transaction() as transaction:
        file = await transaction.get(FILES, file_id)
    try:
        return None if file is None else b"".join([piece async for piece in read(store, file)])
    except FileNotFoundError:
        return None
