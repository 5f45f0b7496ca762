"""`client.beta`: where programs look for all of this."""

from __future__ import annotations

from typing import Final

from ...transport.elsewhere import Incomplete
from ...transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    view,
)
from .._async import AsyncThreads
from .._sync import Threads
from ..assistants import (
    Assistants,
    AssistantsWithRawResponse,
    AssistantsWithStreamingResponse,
    AsyncAssistants,
    AsyncAssistantsWithRawResponse,
    AsyncAssistantsWithStreamingResponse,
)
from ..vector_stores import (
    AsyncVectorStores,
    AsyncVectorStoresWithRawResponse,
    AsyncVectorStoresWithStreamingResponse,
    VectorStores,
    VectorStoresWithRawResponse,
    VectorStoresWithStreamingResponse,
)
from ..views import (
    AsyncThreadsWithRawResponse,
    AsyncThreadsWithStreamingResponse,
    ThreadsWithRawResponse,
    ThreadsWithStreamingResponse,
)


class BetaWithRawResponse(Incomplete, RawView):
    """As `Beta`, answering with `RawResponse` objects."""

    _place = "with_raw_response.beta."
    assistants: Final = view(AssistantsWithRawResponse)
    threads: Final = view(ThreadsWithRawResponse)
    vector_stores: Final = view(VectorStoresWithRawResponse)


class AsyncBetaWithRawResponse(Incomplete, AsyncRawView):
    """As `AsyncBeta`, answering with `RawResponse` objects."""

    _place = "with_raw_response.beta."
    assistants: Final = view(AsyncAssistantsWithRawResponse)
    threads: Final = view(AsyncThreadsWithRawResponse)
    vector_stores: Final = view(AsyncVectorStoresWithRawResponse)


class BetaWithStreamingResponse(Incomplete, StreamingView):
    """As `Beta`, answering with context managers that give `APIResponse` objects."""

    _place = "with_streaming_response.beta."
    assistants: Final = view(AssistantsWithStreamingResponse)
    threads: Final = view(ThreadsWithStreamingResponse)
    vector_stores: Final = view(VectorStoresWithStreamingResponse)


class AsyncBetaWithStreamingResponse(Incomplete, AsyncStreamingView):
    """As `AsyncBeta`, answering with context managers that give `AsyncAPIResponse` objects."""

    _place = "with_streaming_response.beta."
    assistants: Final = view(AsyncAssistantsWithStreamingResponse)
    threads: Final = view(AsyncThreadsWithStreamingResponse)
    vector_stores: Final = view(AsyncVectorStoresWithStreamingResponse)


class Beta(Incomplete, Resource):
    """`client.beta`: assistants and threads, and another way to vector stores."""

    _place = "beta."
    with_raw_response: Final = view(BetaWithRawResponse)
    with_streaming_response: Final = view(BetaWithStreamingResponse)
    assistants: Final = view(Assistants)
    threads: Final = view(Threads)
    vector_stores: Final = view(VectorStores)


class AsyncBeta(Incomplete, AsyncResource):
    """As `Beta`; methods are awaited."""

    _place = "beta."
    with_raw_response: Final = view(AsyncBetaWithRawResponse)
    with_streaming_response: Final = view(AsyncBetaWithStreamingResponse)
    assistants: Final = view(AsyncAssistants)
    threads: Final = view(AsyncThreads)
    vector_stores: Final = view(AsyncVectorStores)
