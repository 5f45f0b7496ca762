"""What built-in tools do for a run, in a task of its own, so that a tool that does not let go holds up nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import anyio

_log = logging.getLogger("assistream.engine")

PATIENCE = 2.0
"""Seconds a tool gets to let go when its run ends. After them it is left to itself."""


class Working:
    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        # A scope, and not `Task.cancel`: what is written to the database is shielded from the one only.
        self._scope = anyio.CancelScope()
        self._woken = asyncio.Event()
        self._error: Exception | None = None
        self._task = asyncio.create_task(self._run(work))

    async def wait(self) -> None:
        """Returns when it is done, or interrupted; raises what was raised."""
        await self._woken.wait()
        if self._error:
            raise self._error

    def interrupt(self) -> None:
        """Wakes who waits, who is to `release` it."""
        self._woken.set()

    async def release(self) -> None:
        """Cancels it if it goes on; returns when it has let go, or its time for that is over."""
        self._scope.cancel()
        _, late = await asyncio.wait([self._task], timeout=PATIENCE)
        if late:
            _log.warning("A built-in tool does not let go of its call; it is left to itself")

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with self._scope:
                await work()
        except Exception as error:
            self._error = error
        except BaseException as error:  # SystemExit too: whatever a tool raises must not reach, and end, the loop
            self._error = RuntimeError(f"A built-in tool ended with {error!r}.")
        finally:
            self._woken.set()
