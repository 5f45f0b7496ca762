"""Event-driven streaming for assistants: a typed client, handlers, and a server for the same API.

Start with `Client` (or `AsyncClient`); subclass `AssistantEventHandler` (or `AsyncAssistantEventHandler`).
`Client.embedded()` brings its own server along.

Programs without a client of their own set `assistream.base_url`, `assistream.api_key`, ... and use `assistream.beta`.

What a name needs is imported when the name is used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ._version import __version__
from .version import VERSION

if TYPE_CHECKING:
    import httpx

    from . import lib as lib
    from . import pagination as pagination
    from . import resources as resources
    from . import types
    from .client import AsyncAzureOpenAI, AsyncClient, AsyncOpenAI, AzureOpenAI, Client, OpenAI
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
        MaxTurnsExceeded,
        NotFoundError,
        OpenAIError,
        PermissionDeniedError,
        RateLimitError,
        RunFailedError,
        StreamContentTypeError,
        StreamProtocolError,
        StreamTruncatedError,
        StreamUsageError,
        StructuredOutputError,
        ToolArgumentsError,
        ToolError,
        ToolTimeoutError,
        UnprocessableEntityError,
        UsageError,
        WaitTimeoutError,
    )
    from .handlers import AssistantEventHandler, AsyncAssistantEventHandler
    from .names import (
        DEFAULT_CONNECTION_LIMITS,
        DEFAULT_MAX_RETRIES,
        DEFAULT_TIMEOUT,
        APIResponse,
        AsyncAPIResponse,
        AsyncCursorPage,
        AsyncPaginator,
        DefaultAioHttpClient,
        DefaultAsyncHttpxClient,
        DefaultHttpxClient,
        HttpxBinaryResponseContent,
        NoneType,
        ProxiesTypes,
        RawResponse,
        RequestOptions,
        SyncCursorPage,
        Timeout,
        Transport,
        file_from_path,
    )
    from .recording import (
        AsyncConsole,
        AsyncNotebook,
        AsyncOpenTelemetry,
        AsyncRecorder,
        AsyncTranscript,
        Console,
        Notebook,
        OpenTelemetry,
        Recorder,
        Transcript,
        replay,
        to_sse,
    )
    from .resources import Beta, Files, Models, VectorStores
    from .streaming import AssistantStreamManager, AsyncAssistantStreamManager, AsyncStream, Stream
    from .tools import ToolContext, function_tool
    from .types import NOT_GIVEN, AssistantStreamEvent, BaseModel, NotGiven, Omit, not_given, omit

    beta: Beta
    files: Files
    models: Models
    vector_stores: VectorStores

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "NOT_GIVEN",
    "VERSION",
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
    "AsyncAPIResponse",
    "AsyncAssistantEventHandler",
    "AsyncAssistantStreamManager",
    "AsyncAzureOpenAI",
    "AsyncClient",
    "AsyncConsole",
    "AsyncCursorPage",
    "AsyncNotebook",
    "AsyncOpenAI",
    "AsyncOpenTelemetry",
    "AsyncPaginator",
    "AsyncRecorder",
    "AsyncStream",
    "AsyncTranscript",
    "AuthenticationError",
    "AzureOpenAI",
    "BadRequestError",
    "BaseModel",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "Console",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "HttpxBinaryResponseContent",
    "InternalServerError",
    "MaxTurnsExceeded",
    "NoneType",
    "NotFoundError",
    "NotGiven",
    "Notebook",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "OpenTelemetry",
    "PermissionDeniedError",
    "ProxiesTypes",
    "RateLimitError",
    "RawResponse",
    "Recorder",
    "RequestOptions",
    "RunFailedError",
    "Stream",
    "StreamContentTypeError",
    "StreamProtocolError",
    "StreamTruncatedError",
    "StreamUsageError",
    "StructuredOutputError",
    "SyncCursorPage",
    "Timeout",
    "ToolArgumentsError",
    "ToolContext",
    "ToolError",
    "ToolTimeoutError",
    "Transcript",
    "Transport",
    "UnprocessableEntityError",
    "UsageError",
    "WaitTimeoutError",
    "__title__",
    "__version__",
    "file_from_path",
    "function_tool",
    "not_given",
    "omit",
    "replay",
    "to_sse",
    "types",
]

__title__ = "assistream"

_HOMES: Final = ("errors", "types", "handlers", "streaming", "tools", "client", "names", "recording")
"""Where the names above are, those first that need the least."""

_OF_A_CLIENT: Final = ("beta", "files", "models", "vector_stores")
"""What the package has as a client has it."""

# The settings of the client that `assistream.beta` and its kin use; what is None is left to the environment.
api_key: str | None = None
organization: str | None = None
project: str | None = None
webhook_secret: str | None = None
base_url: str | httpx.URL | None = None
timeout: float | httpx.Timeout | None = None
max_retries: int | None = None
default_headers: Mapping[str, str] | None = None
default_query: Mapping[str, object] | None = None
http_client: httpx.Client | None = None
api_type: str | None = None
api_version: str | None = None
azure_endpoint: str | None = None
azure_ad_token: str | None = None
azure_ad_token_provider: Any = None

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in __all__:
            return _found(name)
        if name.startswith("_"):
            raise AttributeError(f"module 'assistream' has no attribute {name!r}")
        try:
            return importlib.import_module(f".{name}", __name__)
        except ModuleNotFoundError as exc:
            if exc.name != f"{__name__}.{name}":
                raise
        from .module_client import attribute

        return attribute(name)

    def _found(name: str) -> Any:
        for home in _HOMES:
            module = importlib.import_module(f".{home}", __name__)
            if name == home or name in module.__all__:
                found = globals()[name] = module if name == home else getattr(module, name)
                return found
        raise AttributeError(name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__, *_OF_A_CLIENT})
