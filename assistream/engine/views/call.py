"""What every view works with: the request, the parts of the engine, and how answers are written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeVar, cast

from anyio import to_thread
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from .. import schemas_v1
from ..answers import Answers
from ..attached import file_ids
from ..errors import Refused
from ..eventlog import Channel
from ..forms import check_length
from ..ids import now
from ..lifecycle import INCLUDED, Document, shown
from ..models.base import Model as LanguageModel
from ..observing.watch import Watch
from ..rest import Rest
from ..runner import Runner
from ..schemas import PageQuery
from ..store import Store
from ..tables import (
    ASSISTANTS,
    FILES,
    MESSAGES,
    RUNS,
    STEPS,
    THREADS,
    VECTOR_STORE_BATCHES,
    VECTOR_STORE_FILES,
    VECTOR_STORES,
    Table,
    to_json,
)
from ..transaction import Page, Transaction, UnknownCursor
from ..validation import check, parse
from ..vector_stores import Library
from ..versions import Version, as_v1, stream_v1

Model = TypeVar("Model", bound=BaseModel)

KINDS: Mapping[Table, str] = {
    ASSISTANTS: "assistant",
    THREADS: "thread",
    MESSAGES: "message",
    RUNS: "run",
    STEPS: "run step",
    FILES: "file",
    VECTOR_STORES: "vector store",
    VECTOR_STORE_FILES: "file",
    VECTOR_STORE_BATCHES: "file batch",
}
PREFIXES = {
    "assistant": "asst",
    "thread": "thread",
    "message": "msg",
    "run": "run",
    "step": "step",
    "vector_store": "vs",
    "batch": "vsfb",
}
_DELETED = {
    MESSAGES: "thread.message.deleted",
    FILES: "file",
    VECTOR_STORES: "vector_store.deleted",
    VECTOR_STORE_FILES: "vector_store.file.deleted",
}
_PENDING = frozenset({"queued", "in_progress", "cancelling"})
_POLLED = frozenset({"thread.run", "vector_store", "vector_store.file", "vector_store.files_batch"})
_POLL_AFTER = {"openai-poll-after-ms": "100"}
RESUME = "assistream-resume"
FOUND = "step_details.tool_calls[*].file_search.results[*].content"
"""What `include` may ask for."""
TIMES = "assistream-times"
_STREAM_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # reverse proxies shall pass on each event as it comes
}


MAX_UPLOAD = 512 * 1024 * 1024
"""What the hosted API took."""
MAX_BODY = 32 * 1024 * 1024
_LARGE = 64 * 1024
"""A body above this is parsed in a thread: other requests go on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may send, in bytes, and which files they may read back."""

    upload: int = MAX_UPLOAD
    body: int = MAX_BODY
    open_files: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of an engine that views need."""

    store: Store
    runner: Runner
    keepalive: float
    model: LanguageModel
    library: Library
    watch: Watch
    limits: Limits = Limits()
    started: int = field(default_factory=now)
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True, slots=True)
class Call:
    """A request. Views know version 2 only: where `version` is another one, bodies and answers are translated."""

    request: Request
    services: Services
    version: Version = "v2"
    content: bytes | None = None
    """The body, if it has been read."""

    @property
    def store(self) -> Store:
        return self.services.store

    @property
    def runner(self) -> Runner:
        return self.services.runner

    def id(self, name: str) -> str:
        """An id from the path: ``call.id("thread")``."""
        id = str(self.request.path_params[f"{name}_id"])
        if not id.startswith(prefix := PREFIXES.get(name, "")):
            raise Refused("wrong_id", where=f"{name}_id", param=f"{name}_id", id=id, prefix=prefix)
        return id

    async def body(self, model: type[Model]) -> Model:
        raw = await self.read()
        if len(raw) > _LARGE:
            return await to_thread.run_sync(self._checked, model, raw)
        return self._checked(model, raw)

    def _checked(self, model: type[Model], raw: bytes) -> Model:
        if self.version == "v2" or model not in schemas_v1.BODIES:
            return parse(model, raw)
        old, new = schemas_v1.BODIES[model]
        return cast("Model", check(new, schemas_v1.translated(parse(old, raw))))

    async def read(self) -> bytes:
        if self.content is not None:
            return self.content
        limit, received = self.services.limits.body, bytearray()
        check_length(self.request.headers, limit, limit)
        async for chunk in self.request.stream():
            received += chunk
            if len(received) > limit:
                raise Refused("too_large", limit=limit, got=len(received))
        return bytes(received)

    @property
    def included(self) -> Document:
        """What the request wants to be told besides: the key of a run, or step, that says so, or nothing."""
        asked = [value for name, value in self.request.query_params.multi_items() if name in ("include", "include[]")]
        for index, value in enumerate(asked):
            if value != FOUND:
                raise Refused("value", param=f"include[{index}]", got=value, expected=f"'{FOUND}'")
        return {INCLUDED: True} if asked else {}

    def query(self, model: type[Model]) -> Model:
        return check(model, dict(self.request.query_params))

    def reply(self, document: Document) -> Response:
        pending = document["object"] in _POLLED and document["status"] in _PENDING
        return self._answer(self._rendered(document), _POLL_AFTER if pending else None)

    def listed(self, documents: Sequence[Document], has_more: bool) -> Response:
        data = [self._rendered(document) for document in documents]
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
        return self._answer({"object": "list", "data": data, **ends, "has_more": has_more})

    def paged(self, kind: str, documents: Sequence[Document], **more: object) -> Response:
        """A list of things that have no ids; all of it."""
        return self._answer({"object": kind, "data": list(documents), "has_more": False, "next_page": None} | more)

    def deleted(self, table: Table, id: str) -> Response:
        kind = _DELETED.get(table) or f"{KINDS[table]}.deleted"
        return self._answer({"id": id, "object": kind, "deleted": True})

    def stream(self, run: Document, events: Channel | Rest) -> Response:
        """The events of a leg; the answer says where the rest of it can be had, should the connection be lost."""
        frames = events.follow(self.services.keepalive, timed=self.request.headers.get(TIMES) == "yes")
        if self.version == "v1":
            frames = stream_v1(frames, file_ids(run))
        address = f"/v1/threads/{run['thread_id']}/runs/{run['id']}/stream?leg={events.leg}"
        headers = {**_STREAM_HEADERS, RESUME: address}
        return _Followed(frames, headers, self.runner.audience.follower(run["id"]))

    def _rendered(self, document: Document) -> Document:
        if document["object"] == "thread.run.step":  # whatever its run was to include
            document = {key: value for key, value in document.items() if key != INCLUDED} | self.included
        visible = shown(document)
        return as_v1(visible, file_ids(document)) if self.version == "v1" else visible

    def _answer(self, rendered: Document, headers: Mapping[str, str] | None = None) -> Response:
        return Response(to_json(rendered), headers=headers, media_type="application/json")


class _Followed(StreamingResponse):
    """The events of a run, for as long as somebody follows them."""

    def __init__(
        self, frames: AsyncIterator[bytes], headers: Mapping[str, str], follower: AbstractContextManager[None]
    ) -> None:
        super().__init__(frames, headers=headers)
        self._follower = follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._follower:
            await super().__call__(scope, receive, send)


async def find(transaction: Transaction, table: Table, id: str, **where: str) -> Document:
    return there(await transaction.get(table, id, **where), table, id)


def there(document: Document | None, table: Table, id: str) -> Document:
    """What was looked for by its id; refused if it is not there."""
    if document is None:
        raise absent(table, id)
    return document


def absent(table: Table, id: str) -> Refused:
    """Nothing has this id. The operations on files have a text of their own for that."""
    if table is FILES:
        return Refused("no_file", id=id, param="id")
    return Refused("not_found", kind=KINDS[table], id=id)


async def listing(
    transaction: Transaction,
    table: Table,
    call: Call,
    query: type[PageQuery] = PageQuery,
    /,
    **where: str | Collection[str],
) -> Response:
    return call.listed(*await page_of(transaction, table, call.query(query), **where))


async def page_of(
    transaction: Transaction, table: Table, asked: PageQuery, /, **where: str | Collection[str]
) -> tuple[list[Document], bool]:
    """The objects of a list that a query asks for, and whether there are more."""
    page = Page(asked.limit, asked.order, asked.after, asked.before)
    try:
        return await transaction.page(table, page, **asked.where, **where)
    except UnknownCursor as unknown:
        raise absent(table, str(unknown)) from None
