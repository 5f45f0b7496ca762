"""Messages of a thread."""

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
        """Add a message to a thread, which no run may be using.

        Args:
            thread_id: The id of the thread.
            role: Who says it: "user", or "assistant" for what the assistant is to have said before.
            content: Text, or blocks of text and images.
            attachments: Files, and the tools they are given to.
        """
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
        """List the messages of a thread, the newest first.

        Args:
            thread_id: The id of the thread.
            limit: How many messages a page has at most, from 1 to 100; 20 by default.
            order: "asc" for the oldest first.
            run_id: Only the messages that this run wrote.
        """
        return get(_path(thread_id), CursorPage[Message], params)

    @endpoint
    def delete(self, message_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[MessageDeleted]:
        """Delete a message."""
        return delete(_path(thread_id, message_id), MessageDeleted, params)


def _path(thread_id: str, *message_id: str) -> str:
    messages = path("/threads/{thread_id}/messages", thread_id=thread_id)
    return messages + "".join(path("/{message_id}", message_id=one) for one in message_id)


class MessagesWithRawResponse(_Messages, RawView):
    """As `Messages`, answering with `RawResponse` objects."""

    files: Final = view(MessageFilesWithRawResponse)


class AsyncMessagesWithRawResponse(_Messages, AsyncRawView):
    """As `AsyncMessages`, answering with `RawResponse` objects."""

    files: Final = view(AsyncMessageFilesWithRawResponse)


class MessagesWithStreamingResponse(_Messages, StreamingView):
    """As `Messages`, answering with context managers that give `APIResponse` objects."""

    files: Final = view(MessageFilesWithStreamingResponse)


class AsyncMessagesWithStreamingResponse(_Messages, AsyncStreamingView):
    """As `AsyncMessages`, answering with context managers that give `AsyncAPIResponse` objects."""

    files: Final = view(AsyncMessageFilesWithStreamingResponse)


class Messages(_Messages, Resource):
    """Messages of a thread.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(MessagesWithRawResponse)
    with_streaming_response: Final = view(MessagesWithStreamingResponse)
    files: Final = view(MessageFiles)


class AsyncMessages(_Messages, AsyncResource):
    """As `Messages`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncMessagesWithRawResponse)
    with_streaming_response: Final = view(AsyncMessagesWithStreamingResponse)
    files: Final = view(AsyncMessageFiles)
