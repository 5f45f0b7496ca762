"""Models that a server offers."""

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
    unpaged,
    view,
)
from ..types.models import Model
from ..types.pages import Page
from ..types.params import RequestOptions


class _Models:
    @endpoint
    def retrieve(self, model: str, **params: Unpack[RequestOptions]) -> Call[Model]:
        """Fetch what is known about a model.

        Args:
            model: Its name.
        """
        return get(path("/models/{model}", model=model), Model, params, version=None)

    @unpaged
    def list(self, **params: Unpack[RequestOptions]) -> Call[Page[Model]]:
        """List the models."""
        return get("/models", Page[Model], params, version=None)


class ModelsWithRawResponse(_Models, RawView):
    """As `Models`, answering with `RawResponse` objects."""


class ModelsWithStreamingResponse(_Models, StreamingView):
    """As `Models`, answering with context managers that give `APIResponse` objects."""


class AsyncModelsWithRawResponse(_Models, AsyncRawView):
    """As `AsyncModels`, answering with `RawResponse` objects."""


class AsyncModelsWithStreamingResponse(_Models, AsyncStreamingView):
    """As `AsyncModels`, answering with context managers that give `AsyncAPIResponse` objects."""


class Models(_Models, Resource):
    """Models: what a server lets assistants use.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(ModelsWithRawResponse)
    with_streaming_response: Final = view(ModelsWithStreamingResponse)


class AsyncModels(_Models, AsyncResource):
    """As `Models`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncModelsWithRawResponse)
    with_streaming_response: Final = view(AsyncModelsWithStreamingResponse)
