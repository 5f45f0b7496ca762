"""`client.beta`: where programs look for all of this."""

from __future__ import annotations

from ..transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    view,
)
from ._async import AsyncThreads
from ._sync import Threads
from .assistants import (
    Assistants,
    AssistantsWithRawResponse,
    AssistantsWithStreamingResponse,
    AsyncAssistants,
    AsyncAssistantsWithRawResponse,
    AsyncAssistantsWithStreamingResponse,
)
from .vector_stores import (
    AsyncVectorStores,
    AsyncVectorStoresWithRawResponse,
    AsyncVectorStoresWithStreamingResponse,
    VectorStores,
    VectorStoresWithRawResponse,
    VectorStoresWithStreamingResponse,
)
from .views import (
    AsyncThreadsWithRawResponse,
    AsyncThreadsWithStreamingResponse,
    ThreadsWithRawResponse,
    ThreadsWithStreamingResponse,
)


class BetaWithRawResponse(RawView):
    assistants = view(AssistantsWithRawResponse)
    threads = view(ThreadsWithRawResponse)
    vector_stores = view(VectorStoresWithRawResponse)


class AsyncBetaWithRawResponse(AsyncRawView):
    assistants = view(AsyncAssistantsWithRawResponse)
    threads = view(AsyncThreadsWithRawResponse)
    vector_stores = view(AsyncVectorStoresWithRawResponse)


class BetaWithStreamingResponse(StreamingView):
    assistants = view(AssistantsWithStreamingResponse)
    threads = view(ThreadsWithStreamingResponse)
    vector_stores = view(VectorStoresWithStreamingResponse)


class AsyncBetaWithStreamingResponse(AsyncStreamingView):
    assistants = view(AsyncAssistantsWithStreamingResponse)
    threads = view(AsyncThreadsWithStreamingResponse)
    vector_stores = view(AsyncVectorStoresWithStreamingResponse)


class Beta(Resource):
    with_raw_response = view(BetaWithRawResponse)
    with_streaming_response = view(BetaWithStreamingResponse)
    assistants = view(Assistants)
    threads = view(Threads)
    vector_stores = view(VectorStores)


class AsyncBeta(AsyncResource):
    with_raw_response = view(AsyncBetaWithRawResponse)
    with_streaming_response = view(AsyncBetaWithStreamingResponse)
    assistants = view(AsyncAssistants)
    threads = view(AsyncThreads)
    vector_stores = view(AsyncVectorStores)
