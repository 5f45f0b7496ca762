"""Assistants: a model with instructions and tools, to be used in many threads."""

from __future__ import annotations

from functools import cached_property
from typing import Unpack

from ..transport.call import Call, delete, get, path, post
from ..transport.endpoint import AsyncRawView, AsyncResource, RawView, Resource, endpoint, listing
from ..types.assistants import Assistant, AssistantDeleted
from ..types.pages import CursorPage
from ..types.params import AssistantCreateParams, AssistantListParams, AssistantUpdateParams, RequestOptions


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
    """As `Assistants`, answering with `APIResponse` objects."""


class AsyncAssistantsWithRawResponse(_Assistants, AsyncRawView):
    """As `AsyncAssistants`, answering with `APIResponse` objects."""


class Assistants(_Assistants, Resource):
    """Assistants: a model with instructions and tools.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    @cached_property
    def with_raw_response(self) -> AssistantsWithRawResponse:
        return AssistantsWithRawResponse(self._transport)


class AsyncAssistants(_Assistants, AsyncResource):
    """As `Assistants`; methods are awaited, and so is a list, or read with ``async for``."""

    @cached_property
    def with_raw_response(self) -> AsyncAssistantsWithRawResponse:
        return AsyncAssistantsWithRawResponse(self._transport)
