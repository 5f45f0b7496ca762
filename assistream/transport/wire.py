"""From a `Call` to an httpx request, and from what httpx says to our errors. Colourless; performs nothing."""

from __future__ import annotations

import codecs
import json
import platform
import uuid
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

import httpx

from .._version import __version__
from ..errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    status_error,
)
from .call import Call, absent, query_pairs
from .logs import is_secret
from .retry import Failure
from .settings import Settings
from .uploads import Content, Form, form, rewindable

T = TypeVar("T")

IDEMPOTENT = "assistream-idempotency"
"""The header by which a server says that it knows an `Idempotency-Key` again."""

REDIRECTED = "assistream.redirected"
"""The extension of a request that another server, or another address, was asked before."""

USER_AGENT = f"assistream/{__version__} python/{platform.python_version()}"

_BUILD_REQUEST = httpx.Client.build_request
"""httpx's own, and the same for both colours."""

_WITH_BODY = {"POST", "PUT", "PATCH"}
"""Methods whose requests say how long their body is, also if there is none."""

_OF_HOSTS = {"idna", "punycode"}
"""Codecs of Python for names of hosts; what they make of a text is none."""


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
    headers = _headers(settings, call, key)
    timeout = settings.timeout if absent(call.timeout) else call.timeout
    if files or query or not _adds_only_headers(http):
        request = http.build_request(
            call.method,
            settings.base_url + call.path,
            headers=httpx.Headers(list(headers.values())),
            params=query or None,
            json=None if files else call.body,
            data=form(call.body) if files else None,
            files=files or None,
            timeout=timeout,
        )
    else:
        theirs = [(name, value) for name, value in http.headers.raw if name.lower() not in headers]
        url = _url(settings.base_url + call.path)
        request = _quickly(call, url, [*theirs, *headers.values()], httpx.Timeout(timeout))
    request.stream = Form(request, again=rewindable(files)) if files else Content(request.content)
    return request


def _quickly(
    call: Call[Any], url: httpx.URL, headers: list[tuple[bytes, bytes]], timeout: httpx.Timeout
) -> httpx.Request:
    """What httpx would make, in a quarter of the time: it looks through all headers for each one that it adds."""
    names = {name.lower() for name, _ in headers}
    first = [(b"Host", url.netloc)] if url.host and b"host" not in names else []
    last: list[tuple[bytes, bytes]] = []
    content = b""
    if call.body is not None:
        content = json.dumps(call.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        about = (b"Content-Length", str(len(content)).encode()), (b"Content-Type", b"application/json")
        last = [(name, value) for name, value in about if name.lower() not in names]
    elif call.method in _WITH_BODY and names.isdisjoint((b"content-length", b"transfer-encoding")):
        first.append((b"Content-Length", b"0"))
    request = httpx.Request(
        call.method,
        url,
        headers=[*first, *headers, *last],
        stream=httpx.ByteStream(content),
        extensions={"timeout": timeout.as_dict()},
    )
    request.read()
    return request


@lru_cache(maxsize=128)
def _url(address: str) -> httpx.URL:
    """A program asks at the same few addresses again and again, and to take one apart takes 8 µs."""
    return httpx.URL(address)


def _adds_only_headers(http: httpx.Client | httpx.AsyncClient) -> bool:
    """Whether this client would add nothing to a request but headers, and has no way of its own to make one."""
    made_by = getattr(http.build_request, "__func__", None)
    return made_by is _BUILD_REQUEST and not http.params and not http.cookies


def _headers(settings: Settings, call: Call[Any], key: str | None) -> dict[bytes, tuple[bytes, bytes]]:
    """What the program says wins over what the call needs; `omit` takes a header out.

    But a call for one version of the API asks for that one, unless the program says otherwise for this very call.

    Returns:
        Names and values, by the names in lower case.
    """
    first: dict[str, object] = {"Accept": "application/json", "User-Agent": USER_AGENT, "X-Stainless-Lang": "python"}
    if key:
        first[settings.key_header] = f"Bearer {key}" if settings.key_header == "Authorization" else key
    if call.version == "client":
        first["OpenAI-Beta"] = f"assistants={settings.assistants_version}"
    whose = {"OpenAI-Organization": settings.organization, "OpenAI-Project": settings.project}
    first |= {header: value for header, value in whose.items() if value}
    own = {"OpenAI-Beta": f"assistants={call.version}"} if call.version in {"v1", "v2"} else {}
    headers: dict[bytes, tuple[bytes, bytes]] = {}
    for source in (first, call.headers, settings.default_headers, own, call.extra_headers):
        for name, value in source.items():
            sent = name.encode()
            headers.pop(sent.lower(), None)
            if not absent(value):
                headers[sent.lower()] = sent, _sendable(name, str(value)).encode()
    return headers


def _sendable(name: str, value: str) -> str:
    """The value of a header, if it is one: what says so later quotes it, and it may be a secret."""
    value = value.strip(" \t")
    if not (value.isascii() and value.replace("\t", "").isprintable()):
        raise ValueError(
            f"The header {name!r} has a value with characters that no header may have: is there a line break in it?"
        )
    return value


def redirected(http: httpx.Client | httpx.AsyncClient, response: httpx.Response) -> httpx.Request | None:
    """The request to which an answer leads, if it does and `http` follows.

    httpx itself would show a secret in any header but `Authorization` to whatever server that leads to.
    """
    request = response.next_request
    if request is None or not http.follow_redirects:
        return None
    if len(response.history) >= http.max_redirects:
        raise httpx.TooManyRedirects("Exceeded maximum allowed redirects.", request=response.request)
    if not _same_server(response.url, request.url):
        for name in filter(is_secret, list(request.headers)):
            del request.headers[name]
    request.extensions = {**request.extensions, REDIRECTED: True}
    return request


def _same_server(before: httpx.URL, after: httpx.URL) -> bool:
    return (after.host, after.port) == (before.host, before.port) and after.scheme in {before.scheme, "https"}


def readable(response: httpx.Response) -> None:
    """See to it that the text of an answer can be read, if its charset is none: a server may claim anything."""
    if response.default_encoding == "utf-8" and "charset" not in response.headers.get("content-type", "").lower():
        return  # as of nearly every stream; to ask httpx takes 15 µs
    charset = response.encoding or "utf-8"
    try:
        b"\xff".decode(charset, "replace")
        usable = codecs.lookup(charset).name not in _OF_HOSTS
    except (LookupError, ValueError):
        usable = False
    if not usable:
        response.encoding = "utf-8"


def undecodable(response: httpx.Response, exc: httpx.DecodingError) -> APIError:
    """Our error for an answer whose body is not compressed as it claims to be."""
    why = f"The answer is not {response.headers.get('content-encoding')}, as it claims to be: {exc}"
    if response.is_success:
        return APIResponseValidationError(response, message=why)
    return status_error(f"Error code: {response.status_code} - {why}", response=response)


def connection_error(exc: Exception, request: httpx.Request) -> APIConnectionError:
    """Our error for one of httpx's, which becomes its cause."""
    if isinstance(exc, httpx.RequestError):
        exc.request = request
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
    """Our error for an answer that is no success, whose body was read."""
    body = _json(response)
    details = _field(body, "error") or body
    message = _field(details, "message") or details
    said = message if isinstance(message, str) else response.text or response.reason_phrase
    if response.has_redirect_location:
        said = f"The http_client does not follow this redirect to {response.headers['location']}"
    return status_error(f"Error code: {response.status_code} - {said[:2000]}", response=response, body=details)


def _json(response: httpx.Response) -> object:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return response.text or None


def _field(body: object, name: str) -> object:
    return cast("dict[str, object]", body).get(name) if isinstance(body, dict) else None


def failure(error: APIError) -> Failure:
    """What `retry` needs to know about an error made here."""
    elsewhere = error.request is not None and REDIRECTED in error.request.extensions
    if isinstance(error, APIStatusError):
        return Failure(error.status_code, error.response.headers, redirected=elsewhere)
    not_sent = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    lasting = isinstance(error.__cause__, httpx.UnsupportedProtocol | httpx.LocalProtocolError)
    lasting = lasting or isinstance(error, APIResponseValidationError)
    return Failure(sent=not not_sent, lasting=lasting, redirected=elsewhere)
