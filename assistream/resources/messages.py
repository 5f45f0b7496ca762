"""Messages of a thread."""

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
from ..types.messages import Message, MessageDeleted
from ..types.pages import CursorPage
from ..types.params import MessageCreateParams, MessageListParams, MessageUpdateParams, RequestOptions
from .message_files import (
    AsyncMessageFiles,
    AsyncMessageFilesWithRawResponse,
    AsyncMessageFilesWithStreamingResponse,
    MessageFiles,
    MessageFilesWithRawResponse,
    MessageFilesWithStreamingResponse,
)


class _Messages:
    @endpoint
    def create(self, thread_id: str, **params: Unpack[MessageCreateParams]) -> Call[Message]:
        """Add a message to a thread, which no run may be using."""
        return post(_path(thread_id), Message, params)

    @endpoint
    def retrieve(self, message_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Message]:
        """Fetch a message."""
        return get(_path(thread_id, message_id), Message, params)

    @endpoint
    def update(self, message_id: str, *, thread_id: str, **params: Unpack[MessageUpdateParams]) -> Call[Message]:
        """Change a message's metadata."""
        return post(_path(thread_id, message_id), Message, params)

    @listing
    def list(self, thread_id: str, **params: Unpack[MessageListParams]) -> Call[CursorPage[Message]]:
        """List the messages of a thread, the newest first."""
        return get(_path(thread_id), CursorPage[Message], params)

    @endpoint
    def delete(self, message_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[MessageDeleted]:
        """Delete a message."""
        return delete(_path(thread_id, message_id), MessageDeleted, params)


def _path(thread_id: str, *message_id: str) -> str:
    messages = path("/threads/{thread_id}/messages", thread_id=thread_id)
    return messages + "".join(path("/{message_id}", message_id=one) for one in message_id)


class MessagesWithRawResponse(_Messages, RawView):
    files = view(MessageFilesWithRawResponse)


class AsyncMessagesWithRawResponse(_Messages, AsyncRawView):
    files = view(AsyncMessageFilesWithRawResponse)


class MessagesWithStreamingResponse(_Messages, StreamingView):
    files = view(MessageFilesWithStreamingResponse)


class AsyncMessagesWithStreamingResponse(_Messages, AsyncStreamingView):
    files = view(AsyncMessageFilesWithStreamingResponse)


class Messages(_Messages, Resource):
    with_raw_response = view(MessagesWithRawResponse)
    with_streaming_response = view(MessagesWithStreamingResponse)
    files = view(MessageFiles)


class AsyncMessages(_Messages, AsyncResource):
    with_raw_response = view(AsyncMessagesWithRawResponse)
    with_streaming_response = view(AsyncMessagesWithStreamingResponse)
    files = view(AsyncMessageFiles)
