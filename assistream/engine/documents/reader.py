"""Reading documents: what is small and plain at once, all else in processes of their own that are kept for the next."""

from __future__ import annotations

import math
import os
from types import TracebackType
from typing import Self

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread

from .encodings import decoded
from .kinds import PLAIN, kind_of
from .parsing import MAX_PLAIN, parse, too_long
from .process import Process, late

SECONDS = 120.0
"""What a document may take: a thousand pages of PDF, about."""
_SMALL = 128 * 1024
"""Bytes of plain text that are read at once; it takes a few milliseconds, and a process would take more."""
_USES = 100
"""Documents that a process reads before it is replaced: parsers keep things."""


async def read(name: str, data: bytes) -> str:
    """The text of one document, `data`, that is called `name`; raises `Unreadable`. For many, see `Reader`."""
    async with Reader() as reader:
        return await reader.read(name, data)


class Reader:
    """Reads documents, several at once. To be held (``async with``) as long as there are any: its processes stay."""

    def __init__(self, processes: int | None = None, seconds: float = SECONDS) -> None:
        self._most = processes or min(4, os.cpu_count() or 1)
        self._seconds = seconds
        self._idle: list[tuple[Process, int]] = []
        self._open = False

    async def __aenter__(self) -> Self:
        self._reading, self._threads = CapacityLimiter(self._most), CapacityLimiter(math.inf)
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        while self._idle:
            await self._stop(self._idle.pop()[0])

    async def read(self, name: str, data: bytes) -> str:
        """The text of the document `data`, that is called `name`.

        Raises `Unreadable` for what is broken, hostile or of no known kind. It takes a limited time and memory, most of
        it not in this process; if it is cancelled, nothing is left of it.
        """
        kind = kind_of(name, data)
        if kind in PLAIN:
            if len(data) <= _SMALL:
                return parse(kind, data)
            if len(data) > MAX_PLAIN:
                raise too_long()
            decoded(data[:_SMALL])  # what does not begin like a text needs no process to be refused
        async with self._reading:
            return await self._parse(kind, data)

    async def _parse(self, kind: str, data: bytes) -> str:
        process, uses = self._taken()
        try:
            with fail_after(self._seconds):
                text = await to_thread.run_sync(
                    process.parse, kind, data, self._seconds, abandon_on_cancel=True, limiter=self._threads
                )
        except TimeoutError:
            await self._stop(process)
            raise late() from None
        except BaseException:  # cancelled; or it met something that it may not have got over
            await self._stop(process)
            raise
        if self._open and uses + 1 < _USES:
            self._idle.append((process, uses + 1))
        else:
            await self._stop(process)
        return text

    def _taken(self) -> tuple[Process, int]:
        while self._idle:
            process, uses = self._idle.pop()
            if process.lives:
                return process, uses
            process.stop()
        return Process(), 0

    async def _stop(self, process: Process) -> None:
        process.kill()
        with CancelScope(shield=True):
            await to_thread.run_sync(process.stop, limiter=self._threads)
