from __future__ import annotations

from starlette.responses import Response

from ..tables import STEPS
from .call import Call, find, listing
from .runs import run_of


async def retrieve(call: Call) -> Response:
    run = await run_of(call)
    async with call.store.transaction() as transaction:
        return call.reply(await find(transaction, STEPS, call.id("step"), run_id=run["id"]))


async def all(call: Call) -> Response:
    run = await run_of(call)
    async with call.store.transaction() as transaction:
        return await listing(transaction, STEPS, call, run_id=run["id"])
