"""Whether the engine can do its work: for load balancers, and whoever starts and stops it."""

from __future__ import annotations

import asyncio
import logging

from ..store import Store

_log = logging.getLogger("assistream.engine")

PATIENCE = 2.0
"""Seconds the database has to answer."""
ASKED = "UPDATE threads SET id = id WHERE id = ''"
"""Changes nothing, and wants what a change wants: pages that can be read, and the lock for writing."""


class Probe:
    """Asks the database; never twice at once, however many want to know."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asking: asyncio.Task[bool] | None = None

    async def reaches(self) -> bool:
        # A task of its own, and not a timeout around it: to break off a statement would cost the connection.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait([self._asking], timeout=PATIENCE)
        return any(one.result() for one in done)

    async def _ask(self) -> bool:
        try:
            async with self._store.transaction() as transaction:
                await transaction.sql(ASKED)
        except Exception:  # what drivers, SQLAlchemy and the file system raise; whatever it is, the answer is no
            _log.warning("The database cannot be used", exc_info=True)
            return False
        return True
