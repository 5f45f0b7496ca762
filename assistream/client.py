"""`Client` and `AsyncClient`: where a program begins."""

from __future__ import annotations

import copy
import os
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypedDict, Unpack

import anyio
import anyio.to_thread
import httpx

from .errors import ConfigurationError
from .resources import AsyncBeta, AsyncBetaWithRawResponse, Beta, BetaWithRawResponse
from .transport import logs
from .transport._async import AsyncTransport
from .transport._sync import Transport
from .transport.settings import ClientOptions, Settings, changed, resolve
from .transport.signatures import checked, renamed
from .types.base import Omittable

if TYPE_CHECKING:
    from .engine import Engine
    from .engine.models import Model, ModelFunction

__all__ = ["AsyncClient", "AsyncOpenAI", "Client", "OpenAI"]


class EngineOptions(TypedDict, total=False):
    """What an embedded server is made from: the options of `assistream.engine.Engine`, where they are explained."""

    model: Omittable[Model | ModelFunction | None]
    host: Omittable[str]
    port: Omittable[int]
    api_key: Omittable[str | None]
    run_ttl: Omittable[float]
    keepalive: Omittable[float]


class _Client:
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
            client = cls(base_url=engine.base_url, api_key=options.get("api_key") or "")
        except BaseException:
            engine.close()
            raise
        client._engine = engine
        return client

    @property
    def base_url(self) -> httpx.URL:
        """The server's address, with a slash at its end."""
        return httpx.URL(f"{self._settings.base_url}/")

    @property
    def api_key(self) -> str | None:
        """The key that is sent with each request; None where none is."""
        return self._settings.api_key

    @property
    def organization(self) -> str | None:
        """The organization that is named with each request; None where none is."""
        return self._settings.organization

    @property
    def project(self) -> str | None:
        """The project that is named with each request; None where none is."""
        return self._settings.project

    @property
    def timeout(self) -> float | httpx.Timeout | None:
        """The limit of a call that has none of its own, in seconds; None for no limit."""
        return self._settings.timeout

    @property
    def max_retries(self) -> int:
        """How often a request is tried again."""
        return self._settings.max_retries

    def __repr__(self) -> str:
        address = httpx.URL(self._settings.base_url)
        key = "set" if self._settings.api_key else "none"
        return f"<{type(self).__name__} {address.scheme}://{address.netloc.decode()}{address.path} api_key: {key}>"

    def _copied(self, options: ClientOptions) -> Self:
        """A copy with other settings and its own resources; which connections it has is left to say."""
        other = copy.copy(self)
        for name in ("beta", "with_raw_response"):
            other.__dict__.pop(name, None)
        other._settings = changed(self._settings, options)
        other._engine = None
        return other


class Client(_Client):
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

    @cached_property
    def beta(self) -> Beta:
        """Assistants and threads, with their messages and runs."""
        return Beta(self._transport)

    @cached_property
    def with_raw_response(self) -> ClientWithRawResponse:
        """The same resources, answering with `APIResponse` objects."""
        return ClientWithRawResponse(self._transport)

    @checked
    def with_options(self, *, http_client: httpx.Client | None = None, **options: Unpack[ClientOptions]) -> Self:
        """A client that differs in these options and shares the connections, so it is cheap.

        `default_headers` and `default_query` are added to what there is. Closing it does not close what it shares.
        With an `http_client`, or a `base_url` that leads from this machine to another or back, nothing is shared:
        close it then.
        """
        other = self._copied(options)
        if http_client is None:
            other._transport = self._transport.with_settings(other._settings)
        else:
            other._transport = Transport(other._settings, http_client)
        other._owner = other._transport.http is not self._transport.http
        return other

    copy: Final = renamed(with_options, "copy")

    @property
    def is_closed(self) -> bool:
        """Whether the connections are closed; those that are shared, by their owner."""
        return self._transport.http.is_closed

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


class AsyncClient(_Client):
    """As `Client`, for asyncio and trio: methods are awaited, streams are read with ``async for``."""

    @checked
    def __init__(self, *, http_client: httpx.AsyncClient | None = None, **options: Unpack[ClientOptions]) -> None:
        super().__init__(http_client=http_client, **options)
        self._transport = AsyncTransport(self._settings, http_client)

    @cached_property
    def beta(self) -> AsyncBeta:
        """Assistants and threads, with their messages and runs."""
        return AsyncBeta(self._transport)

    @cached_property
    def with_raw_response(self) -> AsyncClientWithRawResponse:
        """The same resources, answering with `APIResponse` objects."""
        return AsyncClientWithRawResponse(self._transport)

    @checked
    def with_options(self, *, http_client: httpx.AsyncClient | None = None, **options: Unpack[ClientOptions]) -> Self:
        """A client that differs in these options and shares the connections, so it is cheap.

        `default_headers` and `default_query` are added to what there is. Closing it does not close what it shares.
        With an `http_client`, or a `base_url` that leads from this machine to another or back, nothing is shared:
        close it then.
        """
        other = self._copied(options)
        if http_client is None:
            other._transport = self._transport.with_settings(other._settings)
        else:
            other._transport = AsyncTransport(other._settings, http_client)
        other._owner = other._transport.http is not self._transport.http
        return other

    copy: Final = renamed(with_options, "copy")

    @property
    def is_closed(self) -> bool:
        """Whether the connections are closed; those that are shared, by their owner."""
        return self._transport.http.is_closed

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


class ClientWithRawResponse:
    """The client's resources, answering with `APIResponse` objects."""

    def __init__(self, transport: Transport) -> None:
        self.beta: BetaWithRawResponse = BetaWithRawResponse(transport)


class AsyncClientWithRawResponse:
    """The client's resources, answering with `APIResponse` objects."""

    def __init__(self, transport: AsyncTransport) -> None:
        self.beta: AsyncBetaWithRawResponse = AsyncBetaWithRawResponse(transport)


OpenAI = Client
AsyncOpenAI = AsyncClient


def _start_engine(path: str | os.PathLike[str], options: EngineOptions) -> Engine:
    try:
        from .engine import Engine
    except ImportError as exc:
        raise ConfigurationError(f"Client.embedded() has no server to start. {exc}") from exc
    given: Any = options  # `checked` has left out what is absent
    return Engine(os.fspath(path), **given).start()
