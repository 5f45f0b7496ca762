"""Steps of a run: what the assistant did, in order."""

from __future__ import annotations

from functools import cached_property
from typing import Unpack

from ..transport.call import Call, get, path
from ..transport.endpoint import AsyncRawView, AsyncResource, RawView, Resource, endpoint, listing
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
    """As `Steps`, answering with `APIResponse` objects."""


class AsyncStepsWithRawResponse(_Steps, AsyncRawView):
    """As `AsyncSteps`, answering with `APIResponse` objects."""


class Steps(_Steps, Resource):
    """Steps of a run.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    @cached_property
    def with_raw_response(self) -> StepsWithRawResponse:
        return StepsWithRawResponse(self._transport)


class AsyncSteps(_Steps, AsyncResource):
    """As `Steps`; methods are awaited, and so is a list, or read with ``async for``."""

    @cached_property
    def with_raw_response(self) -> AsyncStepsWithRawResponse:
        return AsyncStepsWithRawResponse(self._transport)
