"""Who is let in: with a key that the engine was given, or one in its database (see `keys`)."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .ids import now
from .keys import Key, digest, key_of
from .projects import DEFAULT
from .store import Store, StoreError

_log = logging.getLogger("assistream.engine")

FRESH = 0.5
"""Seconds after which the database is asked again: a key that was revoked is good for so long, and no longer."""
SELDOM = 60
"""Seconds between two notes that a key was used."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who has come in."""

    project: str
    key: Key | None = None
    """Which key of the database that was."""


class Keyring:
    """The keys that count now. Without any, ``open_`` says that no key is needed."""

    def __init__(self, store: Store, given: Sequence[str] = (), *, open_: bool = True) -> None:
        self._store = store
        self._given = [digest(key) for key in given]
        self._open = open_ and not given
        self._stored: list[tuple[str, Key]] = []
        self._looked = float("-inf")
        self._looking = asyncio.Lock()
        self._noted: dict[str, int] = {}

    @property
    def demands(self) -> bool:
        """Whether a key is needed. An engine whose keys are all revoked is not open to everybody again."""
        return not self._open or bool(self._stored)

    async def look(self) -> None:
        """Takes notice of what others have changed."""
        async with self._looking:
            if time.monotonic() - self._looked < FRESH:
                return
            try:
                async with self._store.transaction() as transaction:
                    rows = await transaction.keys()
            except StoreError:
                _log.exception("The keys cannot be read; those that were read last count on")
            else:
                self._stored = [(row.digest, key_of(row)) for row in rows]
            self._looked = time.monotonic()

    async def admit(self, presented: str) -> Bearer | None:
        """Who has this key."""
        given, at = digest(presented), now()
        found: Bearer | None = None
        # All of them are compared, and what is compared is always as long: the time it takes tells nothing.
        for expected in self._given:
            found = Bearer(DEFAULT) if hmac.compare_digest(given, expected) else found
        for expected, key in self._stored:
            found = Bearer(key.project, key) if hmac.compare_digest(given, expected) else found
        if found and found.key:
            if found.key.status(at) != "active":
                return None
            await self._note(found.key, at)
        return found

    async def _note(self, key: Key, at: int) -> None:
        if at - self._noted.get(key.id, key.used_at or 0) < SELDOM:
            return
        self._noted[key.id] = at
        try:
            async with self._store.transaction() as transaction:
                await transaction.note_key(key.id, at)
        except StoreError:
            _log.exception("It cannot be noted that key %s was used", key.name)


def credential(authorization: str) -> str | None:
    """The key in this header, if it has one."""
    scheme, _, key = authorization.partition(" ")
    return key.lstrip(" ") if scheme.lower() == "bearer" else None
