"""`Client` and `AsyncClient`: where a program begins."""

from __future__ import annotations

import copy
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypedDict, TypeVar, Unpack, overload

import anyio
import anyio.to_thread
import httpx

from .errors import ConfigurationError
from .resources import (
    AsyncBeta,
    AsyncBetaWithRawResponse,
    AsyncBetaWithStreamingResponse,
    AsyncFiles,
    AsyncFilesWithRawResponse,
    AsyncFilesWithStreamingResponse,
    AsyncModels,
    AsyncModelsWithRawResponse,
    AsyncModelsWithStreamingResponse,
    AsyncVectorStores,
    AsyncVectorStoresWithRawResponse,
    AsyncVectorStoresWithStreamingResponse,
    Beta,
    BetaWithRawResponse,
    BetaWithStreamingResponse,
    Files,
    FilesWithRawResponse,
    FilesWithStreamingResponse,
    Models,
    ModelsWithRawResponse,
    ModelsWithStreamingResponse,
    VectorStores,
    VectorStoresWithRawResponse,
    VectorStoresWithStreamingResponse,
)
from .transport import azure, logs
from .transport._async import AsyncTransport
from .transport._sync import Transport
from .transport.azure import AzureOptions
from .transport.direct import AsyncRequests, Requests
from .transport.elsewhere import Incomplete
from .transport.endpoint import VIEWS, AsyncRawView, AsyncStreamingView, RawView, StreamingView, view
from .transport.settings import ClientOptions, Key, Settings, changed, resolve
from .transport.signatures import checked, renamed
from .transport.wire import USER_AGENT
from .types.base import Omit, Omittable

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from .engine import CodeInterpreter, Engine, Webhook
    from .engine.embeddings import Embedder, EmbeddingFunction
    from .engine.models import Model, ModelFunction
    from .engine.terms import WhenBusy

__all__ = ["AsyncAzureOpenAI", "AsyncClient", "AsyncOpenAI", "AzureOpenAI", "Client", "OpenAI"]

T = TypeVar("T")


class EngineOptions(TypedDict, total=False):
    """What an embedded server is made from: the options of `assistream.engine.Engine`, where they are explained."""

    model: Omittable[Model | ModelFunction | None]
    host: Omittable[str]
    port: Omittable[int]
    api_key: Omittable[str | Sequence[str] | None]
    run_ttl: Omittable[float]
    busy: Omittable[WhenBusy]
    max_runs: Omittable[int]
    max_queued: Omittable[int]
    cancel_on_disconnect: Omittable[bool]
    drain: Omittable[float]
    keepalive: Omittable[float]
    max_upload: Omittable[int]
    max_body: Omittable[int]
    open_files: Omittable[bool]
    embeddings: Omittable[Embedder | EmbeddingFunction | None]
    code_interpreter: Omittable[bool | CodeInterpreter]
    access_log: Omittable[bool]
    tracer_provider: Omittable[TracerProvider | None]
    webhooks: Omittable[Sequence[Webhook]]
    playground: Omittable[bool]


class CopyOptions(ClientOptions, total=False):
    """What a copy of a client may differ in."""

    set_default_headers: Omittable[Mapping[str, str | Omit] | None]
    """Instead of the client's default headers, and not in addition to them."""
    set_default_query: Omittable[Mapping[str, object] | None]
    """Instead of the client's default query, and not in addition to it."""
    api_version: Omittable[str | None]
    """Which API is meant: for Azure, which is told so in the query."""


class setting(Generic[T]):
    """A setting of a client as an attribute; what is set there counts from the next request on."""

    def __init__(self, name: str) -> None:
        self._name: Any = name

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: _Client, owner: type) -> T: ...
    def __get__(self, obj: _Client | None, owner: type) -> Any:
        return self if obj is None else getattr(obj._settings, self._name)

    def __set__(self, obj: _Client, value: T) -> None:
        options: Any = {self._name: value}
        obj._use(replace(obj._settings, **options))


class _Client(Incomplete):
    """What both clients share: their settings, and what they show of them."""

    _settings: Settings
    _engine: Engine | None = None
    _owner = True
    """Whether the connections are closed with this client."""

    def __init__(self, *, http_client: Any = None, **options: Unpack[ClientOptions]) -> None:
        logs.setup()
        self._settings = resolve(options, http_client)

    @classmethod
    @checked
    def embedded(cls, path: str | os.PathLike[str] = ":memory:", **options: Unpack[EngineOptions]) -> Self:
        """A client with a server of its own in this process, an `assistream.engine.Engine` with these options.

        Its state is in the file `path`, or in memory. Closing the client stops the server.
        """
        engine = _start_engine(path, options)
        try:
            client = cls(base_url=engine.base_url, api_key=_first(options.get("api_key")))
        except BaseException:
            engine.close()
            raise
        client._engine = engine
        return client

    api_key: setting[Key | None] = setting[Key | None]("api_key")
    organization: setting[str | None] = setting[str | None]("organization")
    project: setting[str | None] = setting[str | None]("project")
    webhook_secret: setting[str | None] = setting[str | None]("webhook_secret")
    timeout: setting[float | httpx.Timeout | None] = setting["float | httpx.Timeout | None"]("timeout")
    max_retries: setting[int] = setting[int]("max_retries")

    @property
    def base_url(self) -> httpx.URL:
        """The server's address, with a slash at its end."""
        return httpx.URL(f"{self._settings.base_url}/")

    @base_url.setter
    def base_url(self, url: str | httpx.URL) -> None:
        self._use(changed(self._settings, {"base_url": url}))

    @property
    def default_headers(self) -> dict[str, object]:
        """What every request carries: who we are, the key if it is known beforehand, and what the program added."""
        return {"User-Agent": self.user_agent, **self.auth_headers, **self._settings.default_headers}

    @property
    def default_query(self) -> dict[str, object]:
        """The query that every request carries."""
        return dict(self._settings.default_query)

    @property
    def auth_headers(self) -> dict[str, str]:
        """The header with the key; none where there is no key, or a function that is asked for it each time."""
        key, header = self._settings.api_key, self._settings.key_header
        if not isinstance(key, str):
            return {}
        return {header: f"Bearer {key}" if header == "Authorization" else key}

    @property
    def user_agent(self) -> str:
        """Who requests say that they come from."""
        return USER_AGENT

    def _use(self, settings: Settings) -> None:
        self._settings = settings
        vars(self)["_transport"].use(settings)

    def __repr__(self) -> str:
        address = httpx.URL(self._settings.base_url)
        key = "set" if self._settings.api_key else "none"
        return f"<{type(self).__name__} {address.scheme}://{address.netloc.decode()}{address.path} api_key: {key}>"

    def _copied(self, options: CopyOptions) -> Self:
        """A copy with other settings and its own resources; which connections it has is left to say."""
        other = copy.copy(self)
        vars(other).pop(VIEWS, None)
        settings = self._settings
        if "set_default_headers" in options:
            settings = replace(settings, default_headers=options["set_default_headers"] or {})
        if "set_default_query" in options:
            settings = replace(settings, default_query=options["set_default_query"] or {})
        if version := options.get("api_version"):
            settings = replace(settings, default_query={**settings.default_query, "api-version": version})
        other._settings = changed(settings, options)
        other._engine = None
        return other


class ClientWithRawResponse(Incomplete, RawView):
    """The client's resources, answering with `RawResponse` objects."""

    _place = "with_raw_response."
    beta: Final = view(BetaWithRawResponse)
    files: Final = view(FilesWithRawResponse)
    models: Final = view(ModelsWithRawResponse)
    vector_stores: Final = view(VectorStoresWithRawResponse)


class AsyncClientWithRawResponse(Incomplete, AsyncRawView):
    """The client's resources, answering with `RawResponse` objects."""

    _place = "with_raw_response."
    beta: Final = view(AsyncBetaWithRawResponse)
    files: Final = view(AsyncFilesWithRawResponse)
    models: Final = view(AsyncModelsWithRawResponse)
    vector_stores: Final = view(AsyncVectorStoresWithRawResponse)


class ClientWithStreamingResponse(Incomplete, StreamingView):
    """The client's resources, answering with `APIResponse` objects inside of a ``with``."""

    _place = "with_streaming_response."
    beta: Final = view(BetaWithStreamingResponse)
    files: Final = view(FilesWithStreamingResponse)
    models: Final = view(ModelsWithStreamingResponse)
    vector_stores: Final = view(VectorStoresWithStreamingResponse)


class AsyncClientWithStreamingResponse(Incomplete, AsyncStreamingView):
    """The client's resources, answering with `AsyncAPIResponse` objects inside of an ``async with``."""

    _place = "with_streaming_response."
    beta: Final = view(AsyncBetaWithStreamingResponse)
    files: Final = view(AsyncFilesWithStreamingResponse)
    models: Final = view(AsyncModelsWithStreamingResponse)
    vector_stores: Final = view(AsyncVectorStoresWithStreamingResponse)


class Client(_Client, Requests):
    """Talks to an Assistants server. One client may be used by any number of threads.

    ::

        with Client(base_url="http://127.0.0.1:8000/v1") as client:
            thread = client.beta.threads.create()

    Options are those of `ClientOptions`. An `http_client` of the program's own brings its own proxies, certificates
    and limits; it is closed together with this client.

    Raises:
        ConfigurationError: Nothing says where the server is, or an option makes no sense.
    """

    @checked
    def __init__(self, *, http_client: httpx.Client | None = None, **options: Unpack[ClientOptions]) -> None:
        super().__init__(http_client=http_client, **options)
        self._transport = Transport(self._settings, http_client)

    beta: Final = view(Beta)
    files: Final = view(Files)
    models: Final = view(Models)
    vector_stores: Final = view(VectorStores)
    with_raw_response: Final = view(ClientWithRawResponse)
    with_streaming_response: Final = view(ClientWithStreamingResponse)

    @checked
    def with_options(self, *, http_client: httpx.Client | None = None, **options: Unpack[CopyOptions]) -> Self:
        """A client that differs in these options and shares the connections, so it is cheap.

        `default_headers` and `default_query` are added to what there is. Closing it does not close what it shares.
        With an `http_client` nothing is shared: close it then.
        """
        other = self._copied(options)
        if http_client is None:
            other._transport = self._transport.with_settings(other._settings)
        else:
            other._transport = Transport(other._settings, http_client)
        other._owner = http_client is not None and http_client is not self._transport.http
        return other

    copy: Final = renamed(with_options, "copy")

    def is_closed(self) -> bool:
        """Whether the connections are closed; those that are shared, by their owner."""
        return self._transport.connections.is_closed

    def close(self) -> None:
        """Close the connections and stop the embedded server, if there is one. Streams still open are cut off."""
        try:
            if self._owner:
                self._transport.close()
        finally:
            if self._engine is not None:
                self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Client, AsyncRequests):
    """As `Client`, for asyncio and trio: methods are awaited, streams are read with ``async for``."""

    @checked
    def __init__(self, *, http_client: httpx.AsyncClient | None = None, **options: Unpack[ClientOptions]) -> None:
        super().__init__(http_client=http_client, **options)
        self._transport = AsyncTransport(self._settings, http_client)

    beta: Final = view(AsyncBeta)
    files: Final = view(AsyncFiles)
    models: Final = view(AsyncModels)
    vector_stores: Final = view(AsyncVectorStores)
    with_raw_response: Final = view(AsyncClientWithRawResponse)
    with_streaming_response: Final = view(AsyncClientWithStreamingResponse)

    @checked
    def with_options(self, *, http_client: httpx.AsyncClient | None = None, **options: Unpack[CopyOptions]) -> Self:
        """A client that differs in these options and shares the connections, so it is cheap.

        `default_headers` and `default_query` are added to what there is. Closing it does not close what it shares.
        With an `http_client` nothing is shared: close it then.
        """
        other = self._copied(options)
        if http_client is None:
            other._transport = self._transport.with_settings(other._settings)
        else:
            other._transport = AsyncTransport(other._settings, http_client)
        other._owner = http_client is not None and http_client is not self._transport.http
        return other

    copy: Final = renamed(with_options, "copy")

    def is_closed(self) -> bool:
        """Whether the connections are closed; those that are shared, by their owner."""
        return self._transport.connections.is_closed

    async def close(self) -> None:
        """Close the connections and stop the embedded server, if there is one. Streams still open are cut off."""
        try:
            if self._owner:
                await self._transport.aclose()
        finally:
            if self._engine is not None:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(self._engine.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class AzureOpenAI(Client):
    """A `Client` for Azure, made from `AzureOptions`: an endpoint, a version of the API, and a key or token."""

    azure_deployment: setting[str | None] = setting[str | None]("azure_deployment")

    @checked
    def __init__(self, *, http_client: httpx.Client | None = None, **options: Unpack[AzureOptions]) -> None:
        super().__init__(http_client=http_client, **azure.general(options))
        self._use(azure.particular(self._settings, options))


class AsyncAzureOpenAI(AsyncClient):
    """As `AzureOpenAI`, for asyncio and trio."""

    azure_deployment: setting[str | None] = setting[str | None]("azure_deployment")

    @checked
    def __init__(self, *, http_client: httpx.AsyncClient | None = None, **options: Unpack[AzureOptions]) -> None:
        super().__init__(http_client=http_client, **azure.general(options))
        self._use(azure.particular(self._settings, options))


OpenAI = Client
AsyncOpenAI = AsyncClient
OpenAIWithRawResponse = ClientWithRawResponse
AsyncOpenAIWithRawResponse = AsyncClientWithRawResponse
OpenAIWithStreamedResponse = ClientWithStreamingResponse
AsyncOpenAIWithStreamedResponse = AsyncClientWithStreamingResponse


def _first(api_key: Any) -> str:
    """Of the keys an engine lets in, one."""
    return api_key if isinstance(api_key, str) else next(iter(api_key or ()), "")


def _start_engine(path: str | os.PathLike[str], options: EngineOptions) -> Engine:
    try:
        from .engine import Engine
        from .engine.keys import has_keys
    except ImportError as exc:
        raise ConfigurationError(f"Client.embedded() has no server to start. {exc}") from exc
    if not options.get("api_key") and has_keys(os.fspath(path)):
        options["api_key"] = secrets.token_urlsafe(32)  # who has the database needs none of its keys
    given: Any = options  # `checked` has left out what is absent
    return Engine(os.fspath(path), **given).start()
