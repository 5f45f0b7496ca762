"""The connections that a client makes when it is not given an httpx client."""

from __future__ import annotations

import importlib
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

import httpx

from ..errors import APIConnectionError, UsageError
from .pools import hasten
from .settings import DEFAULT_TIMEOUT

C = TypeVar("C", bound="httpx.Client | httpx.AsyncClient")

LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
"""A stream holds its connection for as long as a run takes, and a program may have many."""

CLOSED = "This client is closed: make another one, or do this before the end of its `with`."


class _Certificates(ssl.SSLContext):
    """Knows whom to trust from the first TLS connection on: a server on this machine never needs it, and loading
    the certificates takes ten times as long as all the rest of making a client.
    """

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        return _trusted().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return _trusted().wrap_bio(*args, **kwargs)


@cache
def _trusted() -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def _certificates() -> ssl.SSLContext:
    return _Certificates(ssl.PROTOCOL_TLS_CLIENT)


@lru_cache
def is_local(base_url: str) -> bool:
    """Whether the server is on this machine."""
    host = httpx.URL(base_url).host
    return host in {"localhost", "::1"} or host.startswith("127.")


class Interruptible(Protocol):
    """A streamed answer that is being read."""

    def interrupt(self) -> None: ...


class Bodies:
    """The streamed answers of some connections that somebody may still read; used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._bodies: WeakSet[Interruptible] = WeakSet()

    def add(self, body: Interruptible) -> None:
        with self._lock:
            self._bodies.add(body)

    def interrupt(self) -> None:
        """Cut all of them off. Closing the client alone leaves a thread that reads waiting for its timeout."""
        with self._lock:
            bodies = list(self._bodies)
        for body in bodies:
            body.interrupt()


class Connections(Generic[C]):
    """What a client and its copies share: the httpx client that it was given, or those that it makes when they are
    needed: one for servers on this machine and one for all others, which may be behind a proxy.
    """

    def __init__(self, kind: type[C], connect: Callable[[str], C], given: object) -> None:
        if given is not None and not isinstance(given, kind):
            raise TypeError(
                f"http_client must be an httpx.{kind.__name__}, not a {type(given).__module__}.{type(given).__name__}: "
                "Client takes httpx.Client, AsyncClient takes httpx.AsyncClient."
            )
        self.open: Bodies = Bodies()
        self._connect: Callable[[str], C] = connect
        self._given: C | None = given
        self._made: dict[bool, C] = {}
        self._lock = Lock()
        self._closed = False

    @property
    def is_closed(self) -> bool:
        return self._closed or (self._given is not None and self._given.is_closed)

    def to(self, base_url: str) -> C:
        """The httpx client for a server; UsageError after `close`, APIConnectionError if none can be made."""
        with self._lock:
            if self.is_closed:
                raise UsageError(CLOSED)
            if self._given is not None:
                return self._given
            local = is_local(base_url)
            if local not in self._made:
                try:
                    self._made[local] = self._connect(base_url)
                except OSError as exc:  # its certificates are files, and there may be no descriptor left to read them
                    raise APIConnectionError(message=f"No connection can be made: {exc}.") from exc
            return self._made[local]

    def close(self) -> list[C]:
        """Cut streams off, and give out no httpx client any more; it is left to the caller to close these."""
        self.open.interrupt()
        with self._lock:
            self._closed = True
            return [self._given] if self._given is not None else list(self._made.values())


class _Client(httpx.Client):
    """Closes itself with the program that forgot to, as short ones do; an asynchronous one has no way to."""

    def __del__(self) -> None:
        with suppress(Exception):  # at the end of the interpreter anything may be gone already
            self.close()


def connect(base_url: str) -> httpx.Client:
    """A client of our own for a server."""
    http = _Client(**connect_options(base_url))
    hasten(http)
    return http


def async_connect(base_url: str) -> httpx.AsyncClient:
    """A client of our own for a server."""
    http = httpx.AsyncClient(**connect_options(base_url))
    hasten(http)
    return http


def connect_options(base_url: str) -> dict[str, Any]:
    """Options of an httpx client. A server on this machine is never asked through a proxy, which could not reach it."""
    local = is_local(base_url)
    return {"limits": LIMITS, "follow_redirects": True, "trust_env": not local, "verify": _certificates()}


def _defaults(options: dict[str, Any]) -> dict[str, Any]:
    return {"timeout": DEFAULT_TIMEOUT, "limits": LIMITS, "follow_redirects": True, **options}


class DefaultHttpxClient(httpx.Client):
    """An `httpx.Client` with the limits, timeouts and redirects that this library would give its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_defaults(options))


class DefaultAsyncHttpxClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` with the limits, timeouts and redirects that this library would give its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_defaults(options))


class DefaultAioHttpClient(DefaultAsyncHttpxClient):
    """As `DefaultAsyncHttpxClient`, over aiohttp's connections; needs the package httpx-aiohttp."""

    def __init__(self, **options: Any) -> None:
        try:
            aiohttp: Any = importlib.import_module("httpx_aiohttp")
        except ImportError as exc:
            raise RuntimeError("DefaultAioHttpClient needs a package: pip install httpx-aiohttp") from exc
        # What httpx would tell a transport that it makes itself.
        told = {name: options[name] for name in ("verify", "cert", "trust_env", "http1", "http2") if name in options}
        transport = aiohttp.AiohttpTransport(limits=options.get("limits", LIMITS), **told)
        super().__init__(transport=transport, **options)
