"""For administrators: all that the engine has, out and in.

What does it is imported when it is asked for, which is seldom: engines start often.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Literal

from anyio import to_thread
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ..errors import Refused
from ..store import Store
from ..tables import to_json
from .call import Call

_PIECE = 256 * 1024
"""Bytes that are sent at once, about."""
_LINES = "application/jsonl"


class LoadQuery(BaseModel):
    existing: Literal["refuse", "skip"] = "refuse"


async def export(call: Call) -> Response:
    """As the engine was when this was asked for; it goes on meanwhile."""
    return _Lines(call.store)


class _Lines(StreamingResponse):
    """Reads as its client reads, and holds the snapshot until then."""

    def __init__(self, store: Store) -> None:
        super().__init__(self._pieces(), media_type=_LINES)
        self._store = store
        self._lines: Iterator[bytes] = iter(())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from ..transfer.exporting import counts_of, lines_of
        from ..transfer.running import readable
        from ..transfer.snapshot import reading

        async with AsyncExitStack() as stack:
            path = await stack.enter_async_context(readable(self._store))
            connection = stack.enter_context(reading(path))
            counts = await to_thread.run_sync(counts_of, connection)
            self._lines = lines_of(connection, counts)
            await super().__call__(scope, receive, send)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while piece := await to_thread.run_sync(self._piece):
            yield piece

    def _piece(self) -> bytes:
        piece = bytearray()
        while len(piece) < _PIECE and (line := next(self._lines, b"")):
            piece += line
        return bytes(piece)


async def load(call: Call) -> Response:
    """All of the lines that come, or nothing."""
    from ..transfer.outcome import TransferError
    from ..transfer.running import beside, take_in
    from ..transfer.staging import staging

    skip = call.query(LoadQuery).existing == "skip"
    try:
        with staging(beside(call.store)) as stage:
            async for data in _body(call):
                await to_thread.run_sync(stage.feed, data)
            counts = await to_thread.run_sync(stage.finish)
            tally = await take_in(call.store, call.runner, stage, counts, skip)
    except TransferError as error:
        raise Refused("not_imported", reason=error) from None
    return Response(to_json(asdict(tally)), media_type="application/json")


async def _body(call: Call) -> AsyncIterator[bytes]:
    """As it comes, unless it was read to see whether it has come before."""
    if call.content is not None:
        yield call.content
        return
    async for data in call.request.stream():
        yield data
