"""Threads: conversations. What streams is in `_async.py` and its twin."""

from __future__ import annotations

from functools import cached_property
from typing import Unpack

from ..transport.call import Call, delete, get, path, post
from ..transport.endpoint import AsyncRawView, RawView, endpoint
from ..types.params import RequestOptions, ThreadCreateAndRunParams, ThreadCreateParams, ThreadUpdateParams
from ..types.runs import Run
from ..types.threads import Thread, ThreadDeleted
from .messages import AsyncMessagesWithRawResponse, MessagesWithRawResponse
from .runs import AsyncRunsWithRawResponse, RunsWithRawResponse


class ThreadEndpoints:
    """The operations whose answer never streams."""

    @endpoint
    def create(self, **params: Unpack[ThreadCreateParams]) -> Call[Thread]:
        """Make a thread, with its first messages if there are any."""
        return post("/threads", Thread, params)

    @endpoint
    def retrieve(self, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Thread]:
        """Fetch a thread."""
        return get(_path(thread_id), Thread, params)

    @endpoint
    def update(self, thread_id: str, **params: Unpack[ThreadUpdateParams]) -> Call[Thread]:
        """Change a thread's metadata or what its tools may use."""
        return post(_path(thread_id), Thread, params)

    @endpoint
    def delete(self, thread_id: str, **params: Unpack[RequestOptions]) -> Call[ThreadDeleted]:
        """Delete a thread, with its messages and runs."""
        return delete(_path(thread_id), ThreadDeleted, params)


class StreamableThreadEndpoints:
    """The operations that answer with a run, or with the stream of its events."""

    @endpoint
    def create_and_run(self, **params: Unpack[ThreadCreateAndRunParams]) -> Call[Run]:
        """Make a thread and start a run on it."""
        return post("/threads/runs", Run, params)


def _path(thread_id: str) -> str:
    return path("/threads/{thread_id}", thread_id=thread_id)


class ThreadsWithRawResponse(ThreadEndpoints, StreamableThreadEndpoints, RawView):
    """As `Threads`, answering with `APIResponse` objects; without what streams."""

    @cached_property
    def messages(self) -> MessagesWithRawResponse:
        return MessagesWithRawResponse(self._transport)

    @cached_property
    def runs(self) -> RunsWithRawResponse:
        return RunsWithRawResponse(self._transport)


class AsyncThreadsWithRawResponse(ThreadEndpoints, StreamableThreadEndpoints, AsyncRawView):
    """As `AsyncThreads`, answering with `APIResponse` objects; without what streams."""

    @cached_property
    def messages(self) -> AsyncMessagesWithRawResponse:
        return AsyncMessagesWithRawResponse(self._transport)

    @cached_property
    def runs(self) -> AsyncRunsWithRawResponse:
        return AsyncRunsWithRawResponse(self._transport)
