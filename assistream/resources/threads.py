"""Threads: conversations. What streams is in `_async.py` and its twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from ..tools.binding import defined
from ..transport.call import Call, delete, get, path, post
from ..transport.endpoint import endpoint, flow, listing
from ..transport.flows import Flow, Polling, perform
from ..types.base import NOT_GIVEN, Omittable
from ..types.pages import CursorPage
from ..types.params import RequestOptions, ThreadCreateAndRunParams, ThreadCreateParams, ThreadUpdateParams
from ..types.runs import Run
from ..types.store_params import ThreadListParams
from ..types.threads import Thread, ThreadDeleted
from .runs import refreshed, rests


class ThreadEndpoints:
    """The operations whose answer never streams."""

    @endpoint
    def create(self, **params: Unpack[ThreadCreateParams]) -> Call[Thread]:
        """Make a thread, with its first messages if there are any.

        Args:
            messages: Its first messages: each with a `role`, and as `content` text or blocks.
            metadata: Up to 16 pairs of strings, of 64 and 512 characters.
            tool_resources: The files and vector stores that tools have at hand in this thread.
        """
        return post("/threads", Thread, params)

    @endpoint
    def retrieve(self, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Thread]:
        """Fetch a thread."""
        return get(_path(thread_id), Thread, params)

    @endpoint
    def update(self, thread_id: str, **params: Unpack[ThreadUpdateParams]) -> Call[Thread]:
        """Change a thread's metadata or what its tools may use."""
        return post(_path(thread_id), Thread, params)

    @listing
    def list(self, **params: Unpack[ThreadListParams]) -> Call[CursorPage[Thread]]:
        """List threads, the newest first. The hosted API has no such list; the embedded server and others have."""
        return get("/threads", CursorPage[Thread], params)

    @endpoint
    def delete(self, thread_id: str, **params: Unpack[RequestOptions]) -> Call[ThreadDeleted]:
        """Delete a thread, with its messages and runs."""
        return delete(_path(thread_id), ThreadDeleted, params)


class StreamableThreadEndpoints:
    """The operations that answer with a run, or with the stream of its events: as calls."""

    @endpoint
    def create_and_run(self, **params: Unpack[ThreadCreateAndRunParams]) -> Call[Run]:
        """Make a thread and start a run on it."""
        return post("/threads/runs", Run, defined(params))


class ThreadFlows:
    """The operation that waits, as those of `RunFlows` do."""

    @flow
    def create_and_run_poll(
        self,
        *,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[Run], object] | None = None,
        allow_truncated: bool = False,
        **params: Unpack[ThreadCreateAndRunParams],
    ) -> Flow[Run]:
        """Make a thread, start a run on it and wait for it.

        Args:
            assistant_id: The assistant that runs.
            thread: What the thread is made from: its `messages`, `metadata` and `tool_resources`.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the run each time the server was asked; a coroutine function is awaited.
            allow_truncated: Means nothing here; `create` has it.
        """
        polling = Polling(poll_interval_ms, on_poll)
        run = yield from perform(StreamableThreadEndpoints.create_and_run.call(**params).unstreamed(False))
        return (yield from polling.until(refreshed(run.id, run.thread_id, params), rests))


def _path(thread_id: str) -> str:
    return path("/threads/{thread_id}", thread_id=thread_id)
