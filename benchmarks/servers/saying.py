"""What the models of both servers say: what the question asks for, "deltas hold name".

``deltas`` pieces that have the name and their number in them; with ``hold`` above 0 they wait, after the first one,
until that many runs have come as far.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

PATIENCE = 60.0
_waiting = 0
_go: dict[int, asyncio.Event] = {}


def text(name: str, deltas: int) -> str:
    return "".join(f"{name}-{number} " for number in range(deltas))


async def pieces(question: str) -> AsyncIterator[str]:
    deltas, hold, name = question.split()
    for number in range(int(deltas)):
        if number == 1 and int(hold):
            await _all(int(hold))
        yield f"{name}-{number} "


async def _all(hold: int) -> None:
    global _waiting
    gate = _go.setdefault(hold, asyncio.Event())
    _waiting += 1
    if _waiting >= hold:
        _waiting = 0
        gate.set()
        del _go[hold]
    async with asyncio.timeout(PATIENCE):
        await gate.wait()
