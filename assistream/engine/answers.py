"""What requests with an `Idempotency-Key` were answered, so that one that comes twice is done once.

That a request was done is written in the transaction that does it (`claims.CLAIM`): an engine that dies before it has
answered knows all the same. What did nothing, a refusal, is not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from .claims import CLAIM, Claim
from .errors import Refused
from .ids import now
from .store import Store
from .transaction import Transaction

KEPT = 24 * 3600
"""Seconds an answer is kept, at least."""
_TIDY = 3600
"""Seconds between two looks for answers that are older."""


class Answers:
    """The keys that are being served now, and the answers that are kept."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tidied = 0

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncGenerator[None]:
        """One request of a key at a time: the second one finds what the first was answered."""
        # Locks go with the last request that has or awaits them.
        lock = self._turns.setdefault(key, asyncio.Lock())
        async with lock:
            yield

    async def find(self, store: Store, claim: Claim) -> Any:
        """The row of an answer, or None; refused if the key was used for something else."""
        async with store.transaction() as transaction:
            await self._tidy(transaction)
            row = await transaction.answer(claim.key)
        if row is not None and row.request != claim.request:
            raise Refused("other_request")
        return row

    async def _tidy(self, transaction: Transaction) -> None:
        if now() - self._tidied >= _TIDY:
            self._tidied = now()
            await transaction.forget_answers(before=now() - KEPT)


@asynccontextmanager
async def claiming(claim: Claim) -> AsyncGenerator[None]:
    """What is written in here is done by the request."""
    token = CLAIM.set(claim)
    try:
        yield
    finally:
        CLAIM.reset(token)


async def keep(store: Store, claim: Claim, body: str) -> None:
    """The answer as it went out, where that is not what was written with the claim."""
    if claim.body == body:
        return
    async with store.transaction() as transaction:
        if claim.body is None:
            await transaction.put_answer(claim.row(None, None, now()) | {"body": body})
        else:
            await transaction.change_answer(claim.key, body)


def digest(*parts: bytes) -> str:
    """One name for several values."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d:" % len(part) + part)
    return found.hexdigest()
