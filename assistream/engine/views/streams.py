"""The events of a run once more: for a client whose connection was lost, or for a second one."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field
from starlette.responses import Response

from ..errors import Refused
from ..rest import rest_of
from .call import Call
from .runs import run_of

_MOST = 2**53


class LegQuery(BaseModel):
    leg: Annotated[int, Field(ge=0, le=_MOST)] | None = None


async def follow(call: Call) -> Response:
    """A leg of the run from its beginning, or from `Last-Event-ID`, to its end, which may be yet to come."""
    query, last = call.query(LegQuery), _last(call.request.headers.get("last-event-id", ""))
    run = await run_of(call)
    return call.stream(run, await rest_of(call.store, call.runner, run["id"], query.leg, last))


def _last(given: str) -> int | None:
    if not given:
        return None
    if given.isascii() and given.isdecimal() and len(given) < 19 and int(given) <= _MOST:
        return int(given)
    raise Refused("bad_event_id", got=given[:100])
