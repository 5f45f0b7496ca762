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
        """Fetch what is known about a model."""
        return get(path("/models/{model}", model=model), Model, params, version=None)

    @unpaged
    def list(self, **params: Unpack[RequestOptions]) -> Call[Page[Model]]:
        """List the models."""
        return get("/models", Page[Model], params, version=None)


class ModelsWithRawResponse(_Models, RawView): ...


class ModelsWithStreamingResponse(_Models, StreamingView): ...


class AsyncModelsWithRawResponse(_Models, AsyncRawView): ...


class AsyncModelsWithStreamingResponse(_Models, AsyncStreamingView): ...


class Models(_Models, Resource):
    with_raw_response: Final = view(ModelsWithRawResponse)
    with_streaming_response: Final = view(ModelsWithStreamingResponse)


class AsyncModels(_Models, AsyncResource):
    with_raw_response: Final = view(AsyncModelsWithRawResponse)
    with_streaming_response: Final = view(AsyncModelsWithStreamingResponse)
