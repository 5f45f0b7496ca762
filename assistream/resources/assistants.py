"""Assistants: a model with instructions and tools, to be used in many threads."""

from __future__ import annotations

from typing import Final, Unpack

from ..tools.binding import defined
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
        """Make an assistant.

        Args:
            model: The name of a model that the server has.
            instructions: What the model is told before it reads a thread.
            tools: What the model may use: code_interpreter, file_search, or functions of the program.
            tool_resources: The files and vector stores that the tools have at hand.
        """
        return post("/assistants", Assistant, defined(params))

    @endpoint
    def retrieve(self, assistant_id: str, **params: Unpack[RequestOptions]) -> Call[Assistant]:
        """Fetch an assistant."""
        return get(_path(assistant_id), Assistant, params)

    @endpoint
    def update(self, assistant_id: str, **params: Unpack[AssistantUpdateParams]) -> Call[Assistant]:
        """Change an assistant; what is not given stays as it is."""
        return post(_path(assistant_id), Assistant, defined(params))

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
    """As `Assistants`, answering with `RawResponse` objects."""

    files: Final = view(AssistantFilesWithRawResponse)


class AsyncAssistantsWithRawResponse(_Assistants, AsyncRawView):
    """As `AsyncAssistants`, answering with `RawResponse` objects."""

    files: Final = view(AsyncAssistantFilesWithRawResponse)


class AssistantsWithStreamingResponse(_Assistants, StreamingView):
    """As `Assistants`, answering with context managers that give `APIResponse` objects."""

    files: Final = view(AssistantFilesWithStreamingResponse)


class AsyncAssistantsWithStreamingResponse(_Assistants, AsyncStreamingView):
    """As `AsyncAssistants`, answering with context managers that give `AsyncAPIResponse` objects."""

    files: Final = view(AsyncAssistantFilesWithStreamingResponse)


class Assistants(_Assistants, Resource):
    """Assistants: a model with instructions and tools.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(AssistantsWithRawResponse)
    with_streaming_response: Final = view(AssistantsWithStreamingResponse)
    files: Final = view(AssistantFiles)


class AsyncAssistants(_Assistants, AsyncResource):
    """As `Assistants`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncAssistantsWithRawResponse)
    with_streaming_response: Final = view(AsyncAssistantsWithStreamingResponse)
    files: Final = view(AsyncAssistantFiles)
