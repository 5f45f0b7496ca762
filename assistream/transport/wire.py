"""From a `Call` to an httpx request, and from what httpx says to our errors. Colourless; performs nothing."""

from __future__ import annotations

import json
import platform
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar, cast

import httpx

from .._version import __version__
from ..errors import APIConnectionError, APIError, APIStatusError, APITimeoutError, status_error
from .call import Call, absent, query_pairs
from .retry import Failure
from .settings import Settings
from .uploads import form

T = TypeVar("T")

IDEMPOTENT = "assistream-idempotency"
"""The header by which a server says that it knows an `Idempotency-Key` again."""

USER_AGENT = f"assistream/{__version__} python/{platform.python_version()}"


@dataclass
class Server:
    """What is known of the server, and was sent there; shared by the clients that use the same connections."""

    idempotent: bool = False
    answers: int = 0
    """How many calls have given outputs to runs: a tool loop asks again what its run is like, if another may have."""

    def learn(self, headers: httpx.Headers) -> None:
        self.idempotent = self.idempotent or headers.get(IDEMPOTENT) == "1"


def identified(call: Call[T]) -> Call[T]:
    """The call with a key by which a server can tell that another attempt is the same call."""
    if call.repeatable:
        return call
    return replace(call, headers={**call.headers, "Idempotency-Key": f"assistream-{uuid.uuid4()}"})


def build_request(
    http: httpx.Client | httpx.AsyncClient,
    settings: Settings,
    call: Call[Any],
    key: str | None,
    files: dict[str, Any] | None = None,
) -> httpx.Request:
    """The request for a call, with the `files` of it as httpx takes them."""
    query = query_pairs({**settings.default_query, **call.query})
    request = http.build_request(
        call.method,
        settings.base_url + call.path,
        headers=_headers(settings, call, key),
        params=query or None,
        json=None if files else call.body,
        data=form(call.body) if files else None,
        files=files or None,
        timeout=settings.timeout if absent(call.timeout) else call.timeout,
    )
    if not files:
        request.stream = _Body(request.content)
    return request


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The content of a request, without generators.

    httpx's is an async one, which is left to the garbage collector when a task is cancelled while it sends: trio
    reports that as a leak.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return iter((self._content,))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Chunks(iter(self))


class _Chunks:
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration


def _headers(settings: Settings, call: Call[Any], key: str | None) -> httpx.Headers:
    """What the program says wins over what the call needs; `omit` takes a header out."""
    headers = httpx.Headers({"Accept": "application/json", "User-Agent": USER_AGENT, "X-Stainless-Lang": "python"})
    if key:
        headers[settings.key_header] = f"Bearer {key}" if settings.key_header == "Authorization" else key
    version = settings.assistants_version if call.version == "client" else call.version
    if version:
        headers["OpenAI-Beta"] = f"assistants={version}"
    if settings.organization:
        headers["OpenAI-Organization"] = settings.organization
    if settings.project:
        headers["OpenAI-Project"] = settings.project
    for source in (call.headers, settings.default_headers, call.extra_headers):
        for name, value in source.items():
            headers.pop(name, None)
            if not absent(value):
                headers[name] = str(value)
    return headers


def connection_error(exc: Exception, request: httpx.Request) -> APIConnectionError:
    """Our error for one of httpx's, which becomes its cause."""
    url = request.url  # told without what may be secret in it: a password, a query
    what = f"{request.method} {url.scheme}://{url.netloc.decode()}{url.path}"
    why = str(exc) or type(exc).__name__
    error: APIConnectionError
    if isinstance(exc, httpx.TimeoutException):
        error = APITimeoutError(request, message=f"Request timed out: {why} ({what})")
    else:
        error = APIConnectionError(message=f"Connection error: {why} ({what})", request=request)
    error.__cause__ = exc
    return error


def answer_error(response: httpx.Response) -> APIStatusError:
    """Our error for an answer of 400 or more whose body was read."""
    body = _json(response)
    details = _field(body, "error") or body
    message = _field(details, "message") or details
    said = message if isinstance(message, str) else response.text or response.reason_phrase
    return status_error(f"Error code: {response.status_code} - {said[:2000]}", response=response, body=details)


def _json(response: httpx.Response) -> object:
    try:
        return json.loads(response.content)
    except ValueError:
        return response.text or None


def _field(body: object, name: str) -> object:
    return cast("dict[str, object]", body).get(name) if isinstance(body, dict) else None


def failure(error: APIError) -> Failure:
    """What `retry` needs to know about an error made here."""
    if isinstance(error, APIStatusError):
        return Failure(error.status_code, error.response.headers)
    not_sent = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    lasting = isinstance(error.__cause__, httpx.UnsupportedProtocol | httpx.LocalProtocolError)
    return Failure(sent=not not_sent, lasting=lasting)
