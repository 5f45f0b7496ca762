"""Files of a message: of v1 only. In v2 they are its `attachments`."""

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
    listing,
    view,
)
from ..types.messages import MessageFile
from ..types.pages import CursorPage
from ..types.params import PageParams, RequestOptions


class _MessageFiles:
    @endpoint
    def retrieve(
        self, file_id: str, *, thread_id: str, message_id: str, **params: Unpack[RequestOptions]
    ) -> Call[MessageFile]:
        """Fetch one of its files."""
        file = path("/{file_id}", file_id=file_id)
        return get(_path(thread_id, message_id) + file, MessageFile, params, version="v1")

    @listing
    def list(self, message_id: str, *, thread_id: str, **params: Unpack[PageParams]) -> Call[CursorPage[MessageFile]]:
        """List its files."""
        return get(_path(thread_id, message_id), CursorPage[MessageFile], params, version="v1")


def _path(thread_id: str, message_id: str) -> str:
    return path("/threads/{thread_id}/messages/{message_id}/files", thread_id=thread_id, message_id=message_id)


class MessageFilesWithRawResponse(_MessageFiles, RawView):
    """As `MessageFiles`, answering with `RawResponse` objects."""


class MessageFilesWithStreamingResponse(_MessageFiles, StreamingView):
    """As `MessageFiles`, answering with context managers that give `APIResponse` objects."""


class AsyncMessageFilesWithRawResponse(_MessageFiles, AsyncRawView):
    """As `AsyncMessageFiles`, answering with `RawResponse` objects."""


class AsyncMessageFilesWithStreamingResponse(_MessageFiles, AsyncStreamingView):
    """As `AsyncMessageFiles`, answering with context managers that give `AsyncAPIResponse` objects."""


class MessageFiles(_MessageFiles, Resource):
    """Files of a message, of v1 of the API; in v2 they are its `attachments`.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(MessageFilesWithRawResponse)
    with_streaming_response: Final = view(MessageFilesWithStreamingResponse)


class AsyncMessageFiles(_MessageFiles, AsyncResource):
    """As `MessageFiles`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncMessageFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncMessageFilesWithStreamingResponse)
