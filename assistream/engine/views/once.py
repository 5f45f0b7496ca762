"""A POST with an `Idempotency-Key` is done once; who repeats it gets the same answer, a stream of the same run."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..answers import claiming, digest, keep
from ..claims import Claim
from ..errors import Refused
from ..keyring import credential
from ..rest import rest_of
from ..tables import RUNS
from .call import Call

_LONGEST = 255


async def once(call: Call, view: Callable[[Call], Awaitable[Response]]) -> Response:
    key = call.request.headers.get("idempotency-key")
    if call.request.method != "POST" or not key:
        return await view(call)
    if len(key) > _LONGEST:
        raise Refused("long_key", limit=_LONGEST, got=len(key))
    if not _is_form(call.request):
        call = replace(call, content=await call.read())
    claim, answers = _claim(call, key), call.services.answers
    async with answers.turn(claim.key):
        if (row := await answers.find(call.store, claim)) is not None:
            return await _again(call, row)
        async with claiming(claim):
            response = await view(call)
        if not isinstance(response, StreamingResponse):
            await keep(call.store, claim, bytes(response.body).decode())
        return response


def _claim(call: Call, key: str) -> Claim:
    request = call.request
    # Whose it is belongs to it: nobody is given the answer of somebody else.
    whose = request.headers.get("authorization", "")
    whose = credential(whose) or whose
    # A form is not read before it is known whether it is wanted; and its boundary is another one each time.
    body = call.content if call.content is not None else request.headers.get("content-length", "").encode()
    what = (request.url.path.encode(), request.url.query.encode(), call.version.encode(), body)
    return Claim(digest(whose.encode(), key.encode()), digest(*what))


async def _again(call: Call, row: Any) -> Response:
    if row.body is None:
        raise Refused("answer_gone")
    if row.leg is None or not _streams(call):
        return Response(row.body, media_type="application/json")
    async with call.store.transaction() as transaction:
        run = await transaction.get(RUNS, row.object_id)
    if run is None:
        raise Refused("answer_gone")
    return call.stream(run, await rest_of(call.store, call.runner, run["id"], row.leg))


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/")


def _streams(call: Call) -> bool:
    """It is the request that was accepted before, so it is well formed."""
    body: Any = json.loads(call.content or b"{}")
    return body.get("stream") is True
