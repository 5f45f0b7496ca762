"""One file into the index: read, cut, its words and its vectors found, and written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from anyio import to_thread

from .. import contents
from ..documents import Reader, Unreadable
from ..documents.chunks import spans
from ..embeddings import Embedder, vectors
from ..lifecycle import Document
from ..store import Store
from ..tables import FILES
from . import fulltext
from .fulltext import Piece
from .vectors import packed
from .words import words

AT_ONCE = 64
"""Chunks that are worked on, and written, together."""


async def filed(store: Store, reader: Reader, embedder: Embedder | None, document: Document, entry: int) -> int:
    """Writes all chunks of the file as this entry: how many bytes they take.

    Raises `Unreadable` for a file without a text, `EmbeddingError` if there are no vectors for it.
    """
    name, text = await _read(store, reader, document["id"])
    if not text.strip():
        raise Unreadable("invalid_file", "The file could not be parsed because it has no text.")
    title, usage = " ".join(words(name)), 0
    cutting = _cut(text.encode("utf-8", "replace"), document["chunking_strategy"]["static"])
    while pieces := await to_thread.run_sync(list[Piece], islice(cutting, AT_ONCE)):
        if embedder:
            pieces = await _with_vectors(embedder, pieces)
        async with store.transaction() as transaction:
            await fulltext.add(transaction, entry, document["vector_store_id"], title, pieces)
        usage += sum(map(_size, pieces))
    return usage


async def _with_vectors(embedder: Embedder, pieces: Sequence[Piece]) -> list[Piece]:
    """Not for those that are blank, which some servers refuse."""
    said = [piece for piece in pieces if piece.text.strip()]
    found = await vectors(embedder, [piece.text for piece in said]) if said else []
    packs = {piece.number: packed(vector) for piece, vector in zip(said, found, strict=True)}
    return [replace(piece, vector=packs.get(piece.number)) for piece in pieces]


async def _read(store: Store, reader: Reader, file_id: str) -> tuple[str, str]:
    """The name of the file, and its text."""
    data = await contents.whole(store, file_id)
    async with store.transaction() as transaction:
        file = await transaction.get(FILES, file_id)
    if file is None or data is None:
        raise Unreadable("invalid_file", "The file was deleted.")
    return file["filename"], await reader.read(file["filename"], data)


def _cut(data: bytes, sizes: Document) -> Iterator[Piece]:
    last = 0
    places = spans(data, sizes["max_chunk_size_tokens"], sizes["chunk_overlap_tokens"])
    for number, (start, end) in enumerate(places):
        text, shared = data[start:end].decode(), len(data[start : max(start, last)].decode())
        last = end
        yield Piece(number, text, shared, " ".join(words(text)))


def _size(piece: Piece) -> int:
    return len(piece.text.encode()) + len(piece.vector or b"")


async def dropped(store: Store, entry: int) -> None:
    """Deletes what was written as this entry, some of it at a time."""
    gone = False
    while not gone:
        async with store.transaction() as transaction:
            gone = await fulltext.drop(transaction, entry, AT_ONCE)
