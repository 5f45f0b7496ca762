"""Assistants: a model with instructions and tools, to be used in many threads."""

from __future__ import annotations

from typing import Unpack

from ..transport.call import Call, delete, get, path, post
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
from ..types.assistants import Assistant, AssistantDeleted
from ..types.pages import CursorPage
from ..types.params import AssistantCreateParams, AssistantListParams, AssistantUpdateParams, RequestOptions
from .assistant_files import (
    AssistantFiles,
    AssistantFilesWithRawResponse,
    AssistantFilesWithStreamingResponse,
    AsyncAssistantFiles,
    AsyncAssistantFilesWithRawResponse,
    AsyncAssistantFilesWithStreamingResponse,
)


class _Assistants:
    @endpoint
    def create(self, **params: Unpack[AssistantCreateParams]) -> Call[Assistant]:
        """Make an assistant."""
        return post("/assistants", Assistant, params)

    @endpoint
    def retrieve(self, assistant_id: str, **params: Unpack[RequestOptions]) -> Call[Assistant]:
        """Fetch an assistant."""
        return get(_path(assistant_id), Assistant, params)

    @endpoint
    def update(self, assistant_id: str, **params: Unpack[AssistantUpdateParams]) -> Call[Assistant]:
        """Change an assistant; what is not given stays as it is."""
        return post(_path(assistant_id), Assistant, params)

    @listing
    def list(self, **params: Unpack[AssistantListParams]) -> Call[CursorPage[Assistant]]:
        """List assistants, the newest first."""
        return get("/assistants", CursorPage[Assistant], params)

    @endpoint
    def delete(self, assistant_id: str, **params: Unpack[RequestOptions]) -> Call[AssistantDeleted]:
        """Delete an assistant; runs that use it go on."""
        return delete(_path(assistant_id), AssistantDeleted, params)


def _path(assistant_id: str) -> str:
    return path("/assistants/{assistant_id}", assistant_id=assistant_id)


class AssistantsWithRawResponse(_Assistants, RawView):
    files = view(AssistantFilesWithRawResponse)


class AsyncAssistantsWithRawResponse(_Assistants, AsyncRawView):
    files = view(AsyncAssistantFilesWithRawResponse)


class AssistantsWithStreamingResponse(_Assistants, StreamingView):
    files = view(AssistantFilesWithStreamingResponse)


class AsyncAssistantsWithStreamingResponse(_Assistants, AsyncStreamingView):
    files = view(AsyncAssistantFilesWithStreamingResponse)


class Assistants(_Assistants, Resource):
    with_raw_response = view(AssistantsWithRawResponse)
    with_streaming_response = view(AssistantsWithStreamingResponse)
    files = view(AssistantFiles)


class AsyncAssistants(_Assistants, AsyncResource):
    with_raw_response = view(AsyncAssistantsWithRawResponse)
    with_streaming_response = view(AsyncAssistantsWithStreamingResponse)
    files = view(AsyncAssistantFiles)
