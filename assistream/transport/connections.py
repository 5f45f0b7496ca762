"""The connections that a client makes when it is not given an httpx client."""

from __future__ import annotations

import importlib
import ssl
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, Protocol
from weakref import WeakSet

import httpx

from .settings import DEFAULT_TIMEOUT

LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
"""A stream holds its connection for as long as a run takes, and a program may have many."""


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


class _Client(httpx.Client):
    """Closes itself with the program that forgot to, as short ones do; an asynchronous one has no way to."""

    def __del__(self) -> None:
        with suppress(Exception):  # at the end of the interpreter anything may be gone already
            self.close()


def connect(base_url: str) -> httpx.Client:
    """A client of our own for a server."""
    return _Client(**connect_options(base_url))


def async_connect(base_url: str) -> httpx.AsyncClient:
    """A client of our own for a server."""
    return httpx.AsyncClient(**connect_options(base_url))


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
        super().__init__(transport=aiohttp.AiohttpTransport(), **options)
