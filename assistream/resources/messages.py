"""Messages of a thread."""

from __future__ import annotations

from functools import cached_property
from typing import Unpack

from ..transport.call import Call, delete, get, path, post
from ..transport.endpoint import AsyncRawView, AsyncResource, RawView, Resource, endpoint, listing
from ..types.messages import Message, MessageDeleted
from ..types.pages import CursorPage
from ..types.params import MessageCreateParams, MessageListParams, MessageUpdateParams, RequestOptions


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
    """As `Messages`, answering with `APIResponse` objects."""


class AsyncMessagesWithRawResponse(_Messages, AsyncRawView):
    """As `AsyncMessages`, answering with `APIResponse` objects."""


class Messages(_Messages, Resource):
    """Messages of a thread.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    @cached_property
    def with_raw_response(self) -> MessagesWithRawResponse:
        return MessagesWithRawResponse(self._transport)


class AsyncMessages(_Messages, AsyncResource):
    """As `Messages`; methods are awaited, and so is a list, or read with ``async for``."""

    @cached_property
    def with_raw_response(self) -> AsyncMessagesWithRawResponse:
        return AsyncMessagesWithRawResponse(self._transport)
