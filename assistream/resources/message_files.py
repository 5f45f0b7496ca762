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


class MessageFilesWithRawResponse(_MessageFiles, RawView): ...


class MessageFilesWithStreamingResponse(_MessageFiles, StreamingView): ...


class AsyncMessageFilesWithRawResponse(_MessageFiles, AsyncRawView): ...


class AsyncMessageFilesWithStreamingResponse(_MessageFiles, AsyncStreamingView): ...


class MessageFiles(_MessageFiles, Resource):
    with_raw_response: Final = view(MessageFilesWithRawResponse)
    with_streaming_response: Final = view(MessageFilesWithStreamingResponse)


class AsyncMessageFiles(_MessageFiles, AsyncResource):
    with_raw_response: Final = view(AsyncMessageFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncMessageFilesWithStreamingResponse)
