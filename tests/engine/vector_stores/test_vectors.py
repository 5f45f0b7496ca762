from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from assistream.engine.store import Store
from assistream.engine.tables import CHUNKS
from assistream.engine.vector_stores import vectors
from assistream.engine.vector_stores.vectors import Matrix, Vectors, packed, rankings


class Shelved:
    """Vectors in a store, and what was read of them."""

    def __init__(self, *rows: tuple[int, Sequence[float] | None]) -> None:
        self.rows = rows
        self.vectors = Vectors()

    async def matrices(self, *wanted: Sequence[int], add: Sequence[tuple[int, Sequence[float]]] = ()) -> list[Matrix]:
        """The matrix for these entries, one after the other; the last one after some more were added."""
        store = Store()
        await store.open()
        try:
            async with store.transaction() as transaction:
                await transaction.execute(CHUNKS.insert(), [_row(*row) for row in self.rows])
                found: list[Matrix] = []
                for number, entries in enumerate(wanted):
                    if add and number == len(wanted) - 1:
                        await transaction.execute(CHUNKS.insert(), [_row(*row) for row in add])
                    found.append(await self.vectors.matrix(transaction, "vs_1", entries))
                return found
        finally:
            await store.close()


def _row(entry: int, vector: Sequence[float] | None) -> dict[str, Any]:
    return {"entry": entry, "number": 0, "text": "", "shared": 0, "vector": packed(vector) if vector else None}


def test_the_nearest_are_first() -> None:
    shelved = Shelved((1, [1, 0]), (2, [1, 1]), (3, [0, 9]), (4, [-1, 0]))
    [matrix] = asyncio.run(shelved.matrices([1, 2, 3, 4]))
    found = matrix.nearest([2, 0], [1, 2, 3, 4], 10)
    assert list(found) == [1, 2, 3, 4]
    assert found == {1: pytest.approx(1), 2: pytest.approx(0.7071, abs=1e-3), 3: 0, 4: 0}
    assert list(matrix.nearest([2, 0], [1, 2, 3, 4], 2)) == [1, 2]
    assert list(matrix.nearest([2, 0], [3, 2], 10)) == [2, 3]
    assert rankings({"vs_1": matrix}, [3], [2, 0], 10) == {3: 0}


def test_what_has_no_vectors_or_others_is_left_out() -> None:
    [matrix] = asyncio.run(Shelved((1, None), (2, [1, 1, 1]), (3, [1, 0]), (4, [0, 1])).matrices([1, 2, 3, 4]))
    assert set(matrix.nearest([1, 0], [1, 2, 3, 4], 10)) == {3, 4}
    assert matrix.nearest([1, 0, 0], [1, 2, 3, 4], 10) == {}
    [empty] = asyncio.run(Shelved((1, None)).matrices([1]))
    assert empty.nearest([1, 0], [1], 10) == {}


def test_a_vector_of_zeros_is_near_to_nothing() -> None:
    [matrix] = asyncio.run(Shelved((1, [0, 0]), (2, [1, 0])).matrices([1, 2]))
    assert matrix.nearest([1, 0], [1, 2], 10) == {2: pytest.approx(1), 1: 0}
    assert matrix.nearest([0, 0], [1, 2], 10) == {1: 0, 2: 0}


def test_only_what_is_new_is_read() -> None:
    shelved = Shelved((1, [1, 0]), (2, [0, 1]))
    first, second, third = asyncio.run(shelved.matrices([1, 2], [1, 2], [2, 3], add=[(3, [1, 1])]))
    assert second is first
    assert third.owners.tolist() == [2, 3]
    assert list(third.nearest([0, 1], [2, 3], 10)) == [2, 3]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "MOST", 8 * 2)

    async def filled() -> list[str]:
        store = Store()
        await store.open()
        held = Vectors()
        async with store.transaction() as transaction:
            await transaction.execute(CHUNKS.insert(), [_row(entry, [1, 0]) for entry in range(1, 5)])
            for entry in (1, 2, 3, 1):
                await held.matrix(transaction, f"vs_{entry}", [entry])
            await held.matrix(transaction, "vs_all", [1, 2, 3, 4])
        await store.close()
        return list(held._held)

    assert asyncio.run(filled()) == ["vs_all"]


def test_numbers_are_kept_as_float32() -> None:
    assert packed([1.0, -2.5]) == bytes.fromhex("0000803f000020c0")
