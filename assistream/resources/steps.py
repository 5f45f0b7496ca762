"""Steps of a run: what the assistant did, in order."""

from __future__ import annotations

from typing import Final, Unpack

from ..transport.call import Call, get, path
from ..transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    endpoint,
    listing,
    view,
)
from ..types.pages import CursorPage
from ..types.params import StepListParams, StepRetrieveParams
from ..types.steps import RunStep


class _Steps:
    @endpoint
    def retrieve(
        self, step_id: str, *, thread_id: str, run_id: str, **params: Unpack[StepRetrieveParams]
    ) -> Call[RunStep]:
        """Fetch a step."""
        return get(_path(thread_id, run_id) + path("/{step_id}", step_id=step_id), RunStep, params)

    @listing
    def list(self, run_id: str, *, thread_id: str, **params: Unpack[StepListParams]) -> Call[CursorPage[RunStep]]:
        """List the steps of a run, the newest first."""
        return get(_path(thread_id, run_id), CursorPage[RunStep], params)


def _path(thread_id: str, run_id: str) -> str:
    return path("/threads/{thread_id}/runs/{run_id}/steps", thread_id=thread_id, run_id=run_id)


class StepsWithRawResponse(_Steps, RawView):
    """As `Steps`, answering with `RawResponse` objects."""


class AsyncStepsWithRawResponse(_Steps, AsyncRawView):
    """As `AsyncSteps`, answering with `RawResponse` objects."""


class StepsWithStreamingResponse(_Steps, StreamingView):
    """As `Steps`, answering with context managers that give `APIResponse` objects."""


class AsyncStepsWithStreamingResponse(_Steps, AsyncStreamingView):
    """As `AsyncSteps`, answering with context managers that give `AsyncAPIResponse` objects."""


class Steps(_Steps, Resource):
    """Steps of a run.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(StepsWithRawResponse)
    with_streaming_response: Final = view(StepsWithStreamingResponse)


class AsyncSteps(_Steps, AsyncResource):
    """As `Steps`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncStepsWithRawResponse)
    with_streaming_response: Final = view(AsyncStepsWithStreamingResponse)
