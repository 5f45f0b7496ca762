"""What a `ChatCompletions` is made from, checked before anything is asked."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

import httpx

from ....errors import ConfigurationError

SystemRole: TypeAlias = Literal["system", "developer"]
TokenLimit: TypeAlias = Literal["max_tokens", "max_completion_tokens"]
Reasoning: TypeAlias = Literal["ignore", "show"]

_VISIBLE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_PATH = "/chat/completions"
# Who gave the limit its second name, and refuses the first for some models.
_OPENAI = ("openai.com", ".openai.azure.com")


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments of `ChatCompletions`, which says what they are."""

    base_url: str
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    stream: bool = True
    system_role: SystemRole = "system"
    token_limit: TokenLimit | None = None
    reasoning: Reasoning = "ignore"
    extra_body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    timeout: float = 600.0
    max_retries: int = 2
    backoff: float = 0.5

    def __post_init__(self) -> None:
        _check_url(self.base_url)
        _check_names(self.model, self.models)
        _check_headers(self.api_key, self.headers)
        _check_choice("system_role", self.system_role, "system", "developer")
        _check_choice("token_limit", self.token_limit, "max_tokens", "max_completion_tokens", None)
        _check_choice("reasoning", self.reasoning, "ignore", "show")
        _check_numbers(self.timeout, self.max_retries, self.backoff)
        try:
            json.dumps(dict(self.extra_body))
        except (TypeError, ValueError) as error:
            raise ConfigurationError(f"The extra_body of a model must be an object of JSON: {error}.") from None

    def url(self, path: str) -> httpx.URL:
        """Of an endpoint; a query stays, for there are servers that want an API version there."""
        base = httpx.URL(self.base_url)
        root = base.path.rstrip("/").removesuffix(_PATH)
        return base.copy_with(path=f"{root}/{path}")

    @property
    def place(self) -> str:
        """The server as errors name it: without what may be secret in its URL."""
        url = httpx.URL(self.base_url)
        return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path.rstrip('/').removesuffix(_PATH)}"

    @property
    def is_local(self) -> bool:
        host = httpx.URL(self.base_url).host
        return host in {"localhost", "::1"} or host.startswith("127.")

    @property
    def limit_field(self) -> TokenLimit:
        """What the limit of tokens is called in a request: unless told, its old name, which more servers know."""
        if self.token_limit:
            return self.token_limit
        return "max_completion_tokens" if httpx.URL(self.base_url).host.endswith(_OPENAI) else "max_tokens"


def _check_url(base_url: object) -> None:
    try:
        url = httpx.URL(base_url) if isinstance(base_url, str) else None
    except httpx.InvalidURL:
        url = None
    if url is None or url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            f"The base_url of a model server must be like http://127.0.0.1:11434/v1, and {base_url!r} is not."
        )


def _check_names(model: object, models: object) -> None:
    if model is not None and not (isinstance(model, str) and model):
        raise ConfigurationError(f"The name of a model must be a string, and {model!r} is none.")
    if not all(isinstance(name, str) and name for name in _pairs(models)):
        raise ConfigurationError('models must say for each name which model it is: {"gpt-4o": "llama3.1:8b"}.')


def _check_headers(api_key: object, headers: object) -> None:
    if api_key is not None and not (isinstance(api_key, str) and _VISIBLE.fullmatch(api_key)):
        raise ConfigurationError("The api_key of a model server must be printable ASCII characters. None is no key.")
    if not all(isinstance(text, str) and text.isascii() and text.isprintable() for text in _pairs(headers)):
        raise ConfigurationError("The headers for a model server must be names and values of printable ASCII.")


def _pairs(mapping: object) -> list[object]:
    """Names and values in one list; what is no mapping has nothing that is right."""
    if not isinstance(mapping, Mapping):
        return [None]
    return [text for pair in cast("Mapping[object, object]", mapping).items() for text in pair]


def _check_choice(name: str, value: object, *allowed: object) -> None:
    if value not in allowed:
        raise ConfigurationError(f"{name} must be one of {', '.join(map(repr, allowed))}, and {value!r} is not.")


def _check_numbers(timeout: object, max_retries: object, backoff: object) -> None:
    if not _is_number(timeout, above=0):
        raise ConfigurationError(f"The timeout of a model must be a number of seconds above 0, not {timeout!r}.")
    if not isinstance(max_retries, int) or not _is_number(max_retries):
        raise ConfigurationError(f"The max_retries of a model must be 0 or more, not {max_retries!r}.")
    if not _is_number(backoff):
        raise ConfigurationError(f"The backoff of a model must be a number of seconds, not {backoff!r}.")


def _is_number(value: object, above: float = -math.ulp(0)) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and above < value < math.inf
