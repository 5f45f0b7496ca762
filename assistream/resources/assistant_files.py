"""Files of an assistant: of v1 only. In v2 they are in its `tool_resources`."""

from __future__ import annotations

from typing import Final, Unpack

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
from ..types.assistants import AssistantFile, AssistantFileDeleted
from ..types.pages import CursorPage
from ..types.params import PageParams, RequestOptions
from ..types.store_params import AssistantFileCreateParams


class _AssistantFiles:
    @endpoint
    def create(self, assistant_id: str, **params: Unpack[AssistantFileCreateParams]) -> Call[AssistantFile]:
        """Give an assistant a file."""
        return post(_path(assistant_id), AssistantFile, params, version="v1")

    @endpoint
    def retrieve(self, file_id: str, *, assistant_id: str, **params: Unpack[RequestOptions]) -> Call[AssistantFile]:
        """Fetch one of its files."""
        return get(_path(assistant_id, file_id), AssistantFile, params, version="v1")

    @listing
    def list(self, assistant_id: str, **params: Unpack[PageParams]) -> Call[CursorPage[AssistantFile]]:
        """List its files."""
        return get(_path(assistant_id), CursorPage[AssistantFile], params, version="v1")

    @endpoint
    def delete(
        self, file_id: str, *, assistant_id: str, **params: Unpack[RequestOptions]
    ) -> Call[AssistantFileDeleted]:
        """Take a file away from an assistant; the file itself stays."""
        return delete(_path(assistant_id, file_id), AssistantFileDeleted, params, version="v1")


def _path(assistant_id: str, *file_id: str) -> str:
    files = path("/assistants/{assistant_id}/files", assistant_id=assistant_id)
    return files + "".join(path("/{file_id}", file_id=one) for one in file_id)


class AssistantFilesWithRawResponse(_AssistantFiles, RawView):
    """As `AssistantFiles`, answering with `RawResponse` objects."""


class AssistantFilesWithStreamingResponse(_AssistantFiles, StreamingView):
    """As `AssistantFiles`, answering with context managers that give `APIResponse` objects."""


class AsyncAssistantFilesWithRawResponse(_AssistantFiles, AsyncRawView):
    """As `AsyncAssistantFiles`, answering with `RawResponse` objects."""


class AsyncAssistantFilesWithStreamingResponse(_AssistantFiles, AsyncStreamingView):
    """As `AsyncAssistantFiles`, answering with context managers that give `AsyncAPIResponse` objects."""


class AssistantFiles(_AssistantFiles, Resource):
    """Files of an assistant, of v1 of the API; in v2 they are in its `tool_resources`.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(AssistantFilesWithRawResponse)
    with_streaming_response: Final = view(AssistantFilesWithStreamingResponse)


class AsyncAssistantFiles(_AssistantFiles, AsyncResource):
    """As `AssistantFiles`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncAssistantFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncAssistantFilesWithStreamingResponse)
