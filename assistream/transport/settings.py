"""What a client is made from: options, then the environment, then defaults."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypedDict, TypeVar, cast, get_args

import httpx

from ..errors import ConfigurationError
from ..types.base import NOT_GIVEN, NotGiven, Omit, Omittable

T = TypeVar("T")

DEFAULT_TIMEOUT = httpx.Timeout(600.0, connect=5.0)
"""Ten minutes for an answer, or from one byte of a stream to the next: models think long. Five seconds to connect."""

DEFAULT_MAX_RETRIES = 2

Key: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""A key, or a function that is asked for one before each request; an async client may have an async one."""

TransportName: TypeAlias = Literal["httpx", "fast"]

TimeoutOption: TypeAlias = float | httpx.Timeout | None

NO_ADDRESS = (
    "There is no server to talk to. Use Client.embedded(), which brings its own, or say where one is: "
    "pass base_url=..., or set ASSISTREAM_BASE_URL, for example to http://127.0.0.1:8000/v1."
)


class ClientOptions(TypedDict, total=False):
    """What a client is made from; all of it may be left out if the environment says where the server is."""

    api_key: Omittable[Key | None]
    """Sent as ``Authorization: Bearer``. From ASSISTREAM_API_KEY or OPENAI_API_KEY; without any, no key is sent,
    which is what local servers expect. A function is asked before each request."""

    organization: Omittable[str | None]
    """Sent as ``OpenAI-Organization``; from OPENAI_ORG_ID."""

    project: Omittable[str | None]
    """Sent as ``OpenAI-Project``; from OPENAI_PROJECT_ID."""

    webhook_secret: Omittable[str | None]
    """Kept for the program, from OPENAI_WEBHOOK_SECRET; nothing here sends it."""

    base_url: Omittable[str | httpx.URL | None]
    """The server, with ``/v1`` where it has that; from ASSISTREAM_BASE_URL or OPENAI_BASE_URL. No public address is
    ever assumed."""

    timeout: Omittable[TimeoutOption]
    """Seconds, None for no limit, or an `httpx.Timeout`. By default 5 s to connect and 600 s for an answer to begin
    and for each pause in it: that is also how long a stream may be silent."""

    max_retries: Omittable[int]
    """How often a request is tried again that failed for a passing reason, by default 2. A request that creates
    something is tried again only when the server certainly did not get it, or knows it again by its key."""

    max_event_size: Omittable[int]
    """How many bytes one event of a stream may have, by default 16 MiB; what is larger ends it with an error."""

    transport: Omittable[TransportName]
    """How streams are read: "httpx" leaves it to httpx, by default; "fast" takes the events out of the connection
    itself, which costs a fraction of the processor time and changes nothing else. From ASSISTREAM_TRANSPORT."""

    assistants_version: Omittable[Literal["v1", "v2"]]
    """Which version of the Assistants API is spoken, by default v2. What only v1 has is always asked for as v1."""

    default_headers: Omittable[Mapping[str, str | Omit] | None]
    """Sent with every request; `omit` as a value takes a header out."""

    default_query: Omittable[Mapping[str, object] | None]
    """Sent with every request."""

    _strict_response_validation: bool
    """An option of openai's client, for programs that pass it; here answers are always checked."""


@dataclass(frozen=True)
class Settings:
    """What a client adds to every call. None can be made that makes no sense, however it came about."""

    base_url: str
    api_key: Key | None = field(default=None, repr=False)
    key_header: str = "Authorization"
    azure: bool = False
    azure_deployment: str | None = None
    organization: str | None = None
    project: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    timeout: httpx.Timeout | float | None = field(default_factory=lambda: DEFAULT_TIMEOUT)
    max_retries: int = DEFAULT_MAX_RETRIES
    max_event_size: int = 16 * 1024 * 1024
    transport: TransportName = "httpx"
    assistants_version: Literal["v1", "v2"] = "v2"
    default_headers: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    default_query: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)

    def __post_init__(self) -> None:
        check_key(self.api_key)
        if not _counts(self.max_retries, 0):
            raise ConfigurationError("max_retries counts the attempts after the first: pass 0 or more.")
        if not _counts(self.max_event_size, 1):
            raise ConfigurationError("max_event_size counts bytes: pass 1 or more.")
        if self.transport not in get_args(TransportName):
            raise ConfigurationError(f"transport is 'httpx' or 'fast', not {self.transport!r}.")
        if self.assistants_version not in {"v1", "v2"}:
            raise ConfigurationError(f"assistants_version is 'v1' or 'v2', not {self.assistants_version!r}.")


def resolve(options: ClientOptions, http: httpx.Client | httpx.AsyncClient | None) -> Settings:
    """The settings of a new client: what was passed, then the environment, then the defaults."""
    address = options.get("base_url") or environment("ASSISTREAM_BASE_URL", "OPENAI_BASE_URL")
    if not address:
        raise ConfigurationError(NO_ADDRESS)
    settings = Settings(
        base_url=_address(address),
        api_key=environment("ASSISTREAM_API_KEY", "OPENAI_API_KEY"),
        organization=environment("OPENAI_ORG_ID"),
        project=environment("OPENAI_PROJECT_ID"),
        webhook_secret=environment("OPENAI_WEBHOOK_SECRET"),
        transport=cast(TransportName, environment("ASSISTREAM_TRANSPORT") or "httpx"),
        # httpx's own default is five seconds, which no program means when it passes a client for its proxies.
        timeout=_timeout_of(http) or DEFAULT_TIMEOUT,
    )
    return changed(settings, options)


def _timeout_of(http: object) -> httpx.Timeout | None:
    """That of an httpx client, if it was set; what is none is refused where it would be used."""
    if not isinstance(http, httpx.Client | httpx.AsyncClient) or http.timeout == httpx.Timeout(5.0):
        return None
    return http.timeout


def changed(settings: Settings, options: ClientOptions) -> Settings:
    address, key = options.get("base_url"), _given(options.get("api_key"), None)
    return replace(
        settings,
        base_url=_address(address) if address else settings.base_url,
        api_key=settings.api_key if key is None else key or None,
        organization=options.get("organization") or settings.organization,
        project=options.get("project") or settings.project,
        webhook_secret=options.get("webhook_secret") or settings.webhook_secret,
        timeout=_given(options.get("timeout", NOT_GIVEN), settings.timeout),
        max_retries=_given(options.get("max_retries", NOT_GIVEN), settings.max_retries),
        max_event_size=_given(options.get("max_event_size", NOT_GIVEN), settings.max_event_size),
        transport=_given(options.get("transport", NOT_GIVEN), settings.transport),
        assistants_version=_given(options.get("assistants_version", NOT_GIVEN), settings.assistants_version),
        default_headers={**settings.default_headers, **(options.get("default_headers") or {})},
        default_query={**settings.default_query, **(options.get("default_query") or {})},
    )


def _given(value: Omittable[T], default: T) -> T:
    return default if isinstance(value, NotGiven | Omit) else value


def environment(*names: str) -> str | None:
    return next((value for name in names if (value := os.environ.get(name, "").strip())), None)


def _address(base_url: str | httpx.URL) -> str:
    text = str(base_url).rstrip("/")
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as exc:
        raise ConfigurationError(f"base_url is not an address: {exc}") from exc
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConfigurationError(f"base_url must begin with http:// or https://, unlike {text!r}")
    return text


def check_key(key: Key | None) -> None:
    """Refuse a key that cannot go into a header: the error of the request would show it."""
    if isinstance(key, str) and not (key.isascii() and key.isprintable() and key == key.strip()):
        raise ConfigurationError("The API key has characters that no key has: is there a line break at its end?")


def _counts(value: object, least: int) -> bool:
    return isinstance(value, int | float) and value >= least
