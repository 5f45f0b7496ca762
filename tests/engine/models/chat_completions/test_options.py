from __future__ import annotations

import math
from typing import Any

import pytest

from assistream.engine.models.chat_completions.options import Options
from assistream.errors import ConfigurationError

HERE = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        (HERE, f"{HERE}/chat/completions"),
        (f"{HERE}/", f"{HERE}/chat/completions"),
        (f"{HERE}/chat/completions", f"{HERE}/chat/completions"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/chat/completions"),
        ("https://x.test/a/?api-version=1", "https://x.test/a/chat/completions?api-version=1"),
    ],
)
def test_the_endpoint(base_url: str, url: str) -> None:
    assert str(Options(base_url).url("chat/completions")) == url


def test_the_place_has_no_secrets() -> None:
    assert Options("https://user:pass@x.test:8443/v1/?key=secret").place == "https://x.test:8443/v1"
    assert "s3cret" not in repr(Options(HERE, api_key="s3cret", headers={"x-key": "s3cret"}))


@pytest.mark.parametrize(
    ("base_url", "local"),
    [(HERE, True), ("http://localhost/v1", True), ("http://[::1]:1/v1", True), ("http://10.0.0.1/v1", False)],
)
def test_this_machine(base_url: str, local: bool) -> None:
    assert Options(base_url).is_local is local


@pytest.mark.parametrize(
    ("base_url", "options", "name"),
    [
        (HERE, {}, "max_tokens"),
        (HERE, {"token_limit": "max_completion_tokens"}, "max_completion_tokens"),
        ("https://api.openai.com/v1", {}, "max_completion_tokens"),
        ("https://me.openai.azure.com/openai/v1", {}, "max_completion_tokens"),
        ("https://api.openai.com/v1", {"token_limit": "max_tokens"}, "max_tokens"),
    ],
)
def test_the_name_of_the_limit(base_url: str, options: dict[str, Any], name: str) -> None:
    assert Options(base_url, **options).limit_field == name


@pytest.mark.parametrize(
    ("options", "text"),
    [
        *(({"base_url": url}, "base_url") for url in ("", "localhost:1", "ftp://x/v1", "http://", "http://x:y", 5)),
        *(({"model": name}, "name of a model") for name in ("", 5)),
        *(({"models": models}, "models must say") for models in ({"a": None}, {5: "a"}, {"a": ""}, ["a"], "a", None)),
        *(({"api_key": key}, "api_key") for key in ("", "a\nb", "schl\u00fcssel", b"key", 5)),
        *(({"headers": headers}, "headers") for headers in ({"a": "b\r\nc"}, {"a": 5}, {"\u00fc": "a"}, ["a"], None)),
        ({"system_role": "user"}, "system_role must be one of 'system', 'developer'"),
        ({"token_limit": "tokens"}, "token_limit must be one of"),
        ({"reasoning": True}, "reasoning must be one of"),
        *(({"timeout": seconds}, "timeout") for seconds in (0, -1, math.inf, math.nan, "5", None, True)),
        *(({"max_retries": number}, "max_retries") for number in (-1, 1.5, "1", None, True)),
        *(({"backoff": seconds}, "backoff") for seconds in (-1, math.inf, "1", None)),
        *(({"extra_body": body}, "extra_body") for body in ({"a": ...}, {"a": {1, 2}})),
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_server_can_be_asked_with(options: dict[str, Any], text: str) -> None:
    given: dict[str, Any] = {"base_url": HERE} | options
    with pytest.raises(ConfigurationError, match=text):
        Options(**given)


def test_what_it_can() -> None:
    assert Options(HERE, "m", "a key", timeout=0.1, max_retries=0, backoff=0)
