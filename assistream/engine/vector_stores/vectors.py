"""The vectors of chunks: kept in memory for the stores that were searched last, and compared by their cosine.

numpy is imported only here, and only when there is something to compare.
"""

from __future__ import annotations

import sys
from array import array
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from anyio import to_thread

from ..tables import CHUNKS
from ..transaction import Transaction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 256 * 1024 * 1024
"""Bytes of vectors that are kept, beside those of the last store."""
_SOME = 500
"""Entries that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The vectors of a store, of length 1 each, with the chunks and the entries that they are of."""

    entries: frozenset[int]
    chunks: NDArray[np.int64]
    owners: NDArray[np.int64]
    rows: NDArray[np.float32]

    def nearest(self, question: Sequence[float], entries: Collection[int], most: int) -> dict[int, float]:
        """The chunks with the highest cosine, from 0 to 1, of these entries."""
        import numpy as np

        wanted = np.asarray(question, dtype=np.float32)
        if self.rows.shape[1] != len(wanted) or not len(self.chunks):
            return {}
        cosines = self.rows @ (wanted / (np.linalg.norm(wanted) or 1.0))
        if len(entries) < len(self.entries):
            cosines = np.where(np.isin(self.owners, list(entries)), cosines, -np.inf)
        best = np.argsort(-cosines, kind="stable")[:most]
        found = zip(self.chunks[best].tolist(), cosines[best].tolist(), strict=True)
        return {id: min(max(cosine, 0.0), 1.0) for id, cosine in found if cosine > -np.inf}


class Vectors:
    def __init__(self) -> None:
        self._held: OrderedDict[str, Matrix] = OrderedDict()

    async def matrix(self, transaction: Transaction, store_id: str, entries: Collection[int]) -> Matrix:
        """Of all that can be searched in a store. What was read before is not read again: an entry never changes."""
        wanted, held = frozenset(entries), self._held.get(store_id)
        if held is None or held.entries != wanted:
            missing = wanted - (held.entries if held else frozenset())
            rows = await _read(transaction, sorted(missing))
            held = await to_thread.run_sync(_joined, held, wanted, rows)
        self._held[store_id] = held
        self._held.move_to_end(store_id)
        self._shrink()
        return held

    def _shrink(self) -> None:
        kept = 0
        for store_id, matrix in reversed(list(self._held.items())):
            kept += matrix.rows.nbytes
            if kept > MOST and store_id != next(reversed(self._held)):
                del self._held[store_id]


async def _read(transaction: Transaction, entries: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    columns = (CHUNKS.c.id, CHUNKS.c.entry, CHUNKS.c.vector)
    for start in range(0, len(entries), _SOME):
        some = entries[start : start + _SOME]
        query = sa.select(*columns).where(CHUNKS.c.entry.in_(some), CHUNKS.c.vector.is_not(None))
        found += await transaction.execute(query)
    return found


def _joined(held: Matrix | None, entries: frozenset[int], read: Sequence[Any]) -> Matrix:
    """What is held and still wanted, and what was read: of the length that most of it has, for servers change."""
    import numpy as np

    lengths: list[int] = [len(row.vector) for row in read]
    width = max(set(lengths), key=lengths.count) if lengths else held.rows.shape[1] * 4 if held else 0
    read = [row for row in read if len(row.vector) == width]
    chunks = np.array([row.id for row in read], dtype=np.int64)
    owners = np.array([row.entry for row in read], dtype=np.int64)
    rows = np.frombuffer(b"".join(row.vector for row in read), dtype="<f4").reshape(len(read), width // 4)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = (rows / np.maximum(norms, np.float32(1e-30))).astype(np.float32)
    if held is not None and held.rows.shape[1] == width // 4:
        kept = np.isin(held.owners, list(entries))
        chunks = np.concatenate([held.chunks[kept], chunks])
        owners = np.concatenate([held.owners[kept], owners])
        rows = np.concatenate([held.rows[kept], rows])
    return Matrix(entries, chunks, owners, rows)


def packed(vector: Sequence[float]) -> bytes:
    """As it is stored: float32, the lowest byte first on every machine."""
    numbers = array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def rankings(
    matrices: Mapping[str, Matrix], entries: Collection[int], question: Sequence[float], most: int
) -> dict[int, float]:
    """The nearest chunks of several stores."""
    found: dict[int, float] = {}
    for matrix in matrices.values():
        found |= matrix.nearest(question, entries, most)
    return found
