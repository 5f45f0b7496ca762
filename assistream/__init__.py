"""Event-driven streaming for assistants: a typed client, handlers, and a server for the same API.

Start with `Client` (or `AsyncClient`); subclass `AssistantEventHandler` (or `AsyncAssistantEventHandler`).
`Client.embedded()` brings its own server along.
"""

from __future__ import annotations

from ._version import __version__
from .client import AsyncClient, AsyncOpenAI, Client, OpenAI
from .errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AssistreamError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
    RateLimitError,
    RunFailedError,
    StreamContentTypeError,
    StreamProtocolError,
    StreamTruncatedError,
    StreamUsageError,
    UnprocessableEntityError,
    UsageError,
)
from .handlers import AssistantEventHandler, AsyncAssistantEventHandler
from .streaming import AssistantStreamManager, AsyncAssistantStreamManager, AsyncStream, Stream
from .transport.pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
from .transport.response import APIResponse
from .types import NOT_GIVEN, AssistantStreamEvent, BaseModel, NotGiven, Omit, not_given, omit

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponse",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AssistantEventHandler",
    "AssistantStreamEvent",
    "AssistantStreamManager",
    "AssistreamError",
    "AsyncAssistantEventHandler",
    "AsyncAssistantStreamManager",
    "AsyncClient",
    "AsyncCursorPage",
    "AsyncOpenAI",
    "AsyncPaginator",
    "AsyncStream",
    "AuthenticationError",
    "BadRequestError",
    "BaseModel",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "InternalServerError",
    "NotFoundError",
    "NotGiven",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "RateLimitError",
    "RunFailedError",
    "Stream",
    "StreamContentTypeError",
    "StreamProtocolError",
    "StreamTruncatedError",
    "StreamUsageError",
    "SyncCursorPage",
    "UnprocessableEntityError",
    "UsageError",
    "__version__",
    "not_given",
    "omit",
]
