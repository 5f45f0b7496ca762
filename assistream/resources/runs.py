"""Runs: an assistant at work on a thread. What streams is in `_async.py` and its twin."""

from __future__ import annotations

from functools import cached_property
from typing import Unpack

from ..transport.call import Call, get, path, post
from ..transport.endpoint import AsyncRawView, RawView, endpoint, listing
from ..types.pages import CursorPage
from ..types.params import (
    RequestOptions,
    RunCreateParams,
    RunListParams,
    RunSubmitToolOutputsParams,
    RunUpdateParams,
)
from ..types.runs import Run
from .steps import AsyncStepsWithRawResponse, StepsWithRawResponse


class RunEndpoints:
    """The operations whose answer never streams."""

    @endpoint
    def retrieve(self, run_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Run]:
        """Fetch a run."""
        return get(_path(thread_id, run_id), Run, params)

    @endpoint
    def update(self, run_id: str, *, thread_id: str, **params: Unpack[RunUpdateParams]) -> Call[Run]:
        """Change a run's metadata."""
        return post(_path(thread_id, run_id), Run, params)

    @listing
    def list(self, thread_id: str, **params: Unpack[RunListParams]) -> Call[CursorPage[Run]]:
        """List the runs of a thread, the newest first."""
        return get(_path(thread_id), CursorPage[Run], params)

    @endpoint
    def cancel(self, run_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Run]:
        """Ask a run to stop; it is `cancelling` first, and `cancelled` soon."""
        return post(_path(thread_id, run_id) + "/cancel", Run, params, empty=True)


class StreamableRunEndpoints:
    """The operations that answer with a run, or with the stream of its events."""

    @endpoint
    def create(self, thread_id: str, **params: Unpack[RunCreateParams]) -> Call[Run]:
        """Start a run."""
        return post(_path(thread_id), Run, params, in_query=("include",))

    @endpoint
    def submit_tool_outputs(
        self, run_id: str, *, thread_id: str, **params: Unpack[RunSubmitToolOutputsParams]
    ) -> Call[Run]:
        """Answer the tool calls of a run in `requires_action`."""
        return post(_path(thread_id, run_id) + "/submit_tool_outputs", Run, params)


def _path(thread_id: str, *run_id: str) -> str:
    runs = path("/threads/{thread_id}/runs", thread_id=thread_id)
    return runs + "".join(path("/{run_id}", run_id=one) for one in run_id)


class RunsWithRawResponse(RunEndpoints, StreamableRunEndpoints, RawView):
    """As `Runs`, answering with `APIResponse` objects; without what streams."""

    @cached_property
    def steps(self) -> StepsWithRawResponse:
        return StepsWithRawResponse(self._transport)


class AsyncRunsWithRawResponse(RunEndpoints, StreamableRunEndpoints, AsyncRawView):
    """As `AsyncRuns`, answering with `APIResponse` objects; without what streams."""

    @cached_property
    def steps(self) -> AsyncStepsWithRawResponse:
        return AsyncStepsWithRawResponse(self._transport)
