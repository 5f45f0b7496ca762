"""Steps of a run: what the assistant did, in order."""

from __future__ import annotations

from typing import Unpack

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


class StepsWithRawResponse(_Steps, RawView): ...


class AsyncStepsWithRawResponse(_Steps, AsyncRawView): ...


class StepsWithStreamingResponse(_Steps, StreamingView): ...


class AsyncStepsWithStreamingResponse(_Steps, AsyncStreamingView): ...


class Steps(_Steps, Resource):
    with_raw_response = view(StepsWithRawResponse)
    with_streaming_response = view(StepsWithStreamingResponse)


class AsyncSteps(_Steps, AsyncResource):
    with_raw_response = view(AsyncStepsWithRawResponse)
    with_streaming_response = view(AsyncStepsWithStreamingResponse)
