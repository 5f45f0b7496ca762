"""`client.beta`: where programs look for all of this."""

from __future__ import annotations

from functools import cached_property

from ..transport.endpoint import AsyncRawView, AsyncResource, RawView, Resource
from ._async import AsyncThreads
from ._sync import Threads
from .assistants import Assistants, AssistantsWithRawResponse, AsyncAssistants, AsyncAssistantsWithRawResponse
from .threads import AsyncThreadsWithRawResponse, ThreadsWithRawResponse


class BetaWithRawResponse(RawView):
    """As `Beta`, answering with `APIResponse` objects."""

    @cached_property
    def assistants(self) -> AssistantsWithRawResponse:
        return AssistantsWithRawResponse(self._transport)

    @cached_property
    def threads(self) -> ThreadsWithRawResponse:
        return ThreadsWithRawResponse(self._transport)


class AsyncBetaWithRawResponse(AsyncRawView):
    """As `AsyncBeta`, answering with `APIResponse` objects."""

    @cached_property
    def assistants(self) -> AsyncAssistantsWithRawResponse:
        return AsyncAssistantsWithRawResponse(self._transport)

    @cached_property
    def threads(self) -> AsyncThreadsWithRawResponse:
        return AsyncThreadsWithRawResponse(self._transport)


class Beta(Resource):
    """`client.beta`: assistants and threads."""

    @cached_property
    def with_raw_response(self) -> BetaWithRawResponse:
        return BetaWithRawResponse(self._transport)

    @cached_property
    def assistants(self) -> Assistants:
        return Assistants(self._transport)

    @cached_property
    def threads(self) -> Threads:
        return Threads(self._transport)


class AsyncBeta(AsyncResource):
    """As `Beta`; methods are awaited."""

    @cached_property
    def with_raw_response(self) -> AsyncBetaWithRawResponse:
        return AsyncBetaWithRawResponse(self._transport)

    @cached_property
    def assistants(self) -> AsyncAssistants:
        return AsyncAssistants(self._transport)

    @cached_property
    def threads(self) -> AsyncThreads:
        return AsyncThreads(self._transport)
