"""What every view works with: the request, the parts of the engine, and how answers are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..errors import Refused
from ..eventlog import Channel
from ..lifecycle import Document, shown
from ..runner import Runner
from ..schemas import PageQuery
from ..store import ASSISTANTS, MESSAGES, RUNS, STEPS, THREADS, Page, Store, Table, Transaction, UnknownCursor, to_json
from ..validation import check, parse

Model = TypeVar("Model", bound=BaseModel)

KINDS: Mapping[Table, str] = {
    ASSISTANTS: "assistant",
    THREADS: "thread",
    MESSAGES: "message",
    RUNS: "run",
    STEPS: "run step",
}
_STREAM_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # reverse proxies shall pass on each event as it comes
}


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of an engine that views need."""

    store: Store
    runner: Runner
    keepalive: float


@dataclass(frozen=True, slots=True)
class Call:
    request: Request
    services: Services

    @property
    def store(self) -> Store:
        return self.services.store

    @property
    def runner(self) -> Runner:
        return self.services.runner

    def id(self, name: str) -> str:
        """An id from the path: ``call.id("thread")``."""
        return str(self.request.path_params[f"{name}_id"])

    async def body(self, model: type[Model]) -> Model:
        return parse(model, await self.request.body())

    def stream(self, channel: Channel) -> Response:
        return StreamingResponse(channel.follow(self.services.keepalive), headers=_STREAM_HEADERS)


async def find(transaction: Transaction, table: Table, id: str, **where: str) -> Document:
    if document := await transaction.get(table, id, **where):
        return document
    raise Refused("not_found", kind=KINDS[table], id=id)


async def listing(transaction: Transaction, table: Table, call: Call, **where: str) -> Response:
    query = check(PageQuery, dict(call.request.query_params))
    try:
        data, has_more = await transaction.page(table, Page(**query.model_dump()), **where)
    except UnknownCursor as unknown:
        raise Refused("not_found", kind=KINDS[table], id=unknown) from None
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return reply({"object": "list", "data": [shown(one) for one in data], **ends, "has_more": has_more})


def reply(document: Document, headers: Mapping[str, str] | None = None) -> Response:
    rendered = shown(document) if "status" in document else document
    return Response(to_json(rendered), headers=headers, media_type="application/json")


def deleted(table: Table, id: str) -> Response:
    return reply({"id": id, "object": f"{KINDS[table]}.deleted", "deleted": True})
