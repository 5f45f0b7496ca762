from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from assistream.errors import ConfigurationError
from assistream.streaming.sse import SSEDecoder
from assistream.transport.settings import DEFAULT_TIMEOUT, Settings, changed, resolve

HERE = "http://127.0.0.1:1/v1"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "API_KEY", "ORG_ID", "PROJECT_ID", "TRANSPORT"):
        monkeypatch.delenv(f"ASSISTREAM_{name}", raising=False)
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)


def test_defaults() -> None:
    settings = resolve({"base_url": HERE}, None)
    assert settings == Settings(base_url=HERE)
    assert (settings.api_key, settings.max_retries, settings.timeout) == (None, 2, DEFAULT_TIMEOUT)
    assert httpx.Timeout(600, connect=5.0) == DEFAULT_TIMEOUT


def test_without_an_address() -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve({}, None)
    for way in ("Client.embedded()", "base_url=", "ASSISTREAM_BASE_URL"):
        assert way in str(raised.value)


def test_the_environment_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://second/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    assert resolve({}, None).base_url == "http://second/v1"
    monkeypatch.setenv("ASSISTREAM_BASE_URL", "http://first/v1/")
    monkeypatch.setenv("ASSISTREAM_API_KEY", " first\n")
    monkeypatch.setenv("OPENAI_ORG_ID", "org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj")
    settings = resolve({}, None)
    assert (settings.base_url, settings.api_key) == ("http://first/v1", "first")
    assert (settings.organization, settings.project) == ("org", "proj")
    settings = resolve({"base_url": HERE, "api_key": "mine", "organization": "o", "project": "p"}, None)
    assert (settings.base_url, settings.api_key, settings.organization, settings.project) == (HERE, "mine", "o", "p")
    assert resolve({"api_key": ""}, None).api_key is None


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://host/v1", "http://", "http://[::1", "/v1"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        resolve({"base_url": address}, None)


@pytest.mark.parametrize("key", ["sk-s3cret\n", "sk-s3cr\u00e9t", "sk-\x00s3cret", "sk-s3cret "])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve({"base_url": HERE, "api_key": key}, None)
    assert "s3cr" not in str(raised.value)


@pytest.mark.parametrize("retries", [-1, None, "2", float("nan")])
def test_what_counts_no_retries(retries: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_retries"):
        resolve({"base_url": HERE, "max_retries": retries}, None)
    with pytest.raises(ConfigurationError, match="max_retries"):
        replace(Settings(HERE), max_retries=retries)
    with pytest.raises(ConfigurationError, match="max_event_size"):
        resolve({"base_url": HERE, "max_event_size": 0}, None)


def test_how_streams_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve({"base_url": HERE}, None).transport == "httpx"
    monkeypatch.setenv("ASSISTREAM_TRANSPORT", "fast")
    assert resolve({"base_url": HERE}, None).transport == "fast"
    assert resolve({"base_url": HERE, "transport": "httpx"}, None).transport == "httpx"
    monkeypatch.setenv("ASSISTREAM_TRANSPORT", "pigeon")
    with pytest.raises(ConfigurationError, match="'httpx' or 'fast', not 'pigeon'"):
        resolve({"base_url": HERE}, None)


def test_the_timeout_of_a_clients_own_http_client() -> None:
    with httpx.Client() as plain, httpx.Client(timeout=7) as set_up:
        assert resolve({"base_url": HERE}, plain).timeout == DEFAULT_TIMEOUT
        assert resolve({"base_url": HERE}, set_up).timeout == httpx.Timeout(7)
        assert resolve({"base_url": HERE, "timeout": None}, set_up).timeout is None


def test_changes_add_headers_and_replace_the_rest() -> None:
    before = resolve({"base_url": HERE, "api_key": "k", "timeout": 1, "default_headers": {"a": "1", "b": "1"}}, None)
    after = changed(
        before, {"max_retries": 5, "max_event_size": 9, "default_headers": {"b": "2"}, "default_query": {"q": "1"}}
    )
    assert (after.api_key, after.timeout, after.max_retries, after.max_event_size) == ("k", 1, 5, 9)
    assert after.default_headers == {"a": "1", "b": "2"}
    assert after.default_query == {"q": "1"}
    assert before.default_headers == {"a": "1", "b": "1"}


def test_the_largest_event_is_that_of_the_decoder() -> None:
    assert Settings(HERE).max_event_size == SSEDecoder().max_event_size


def test_no_secret_is_shown() -> None:
    settings = resolve({"base_url": HERE, "api_key": "s3cret", "default_headers": {"api-key": "s3cret"}}, None)
    assert "s3cret" not in repr(settings)


def test_the_version_of_the_api() -> None:
    assert resolve({"base_url": HERE}, None).assistants_version == "v2"
    settings = resolve({"base_url": HERE, "assistants_version": "v1"}, None)
    assert settings.assistants_version == changed(settings, {}).assistants_version == "v1"
    with pytest.raises(ConfigurationError, match="'v1' or 'v2', not 'v3'"):
        resolve({"base_url": HERE, "assistants_version": "v3"}, None)  # type: ignore[typeddict-item] # pyright: ignore[reportArgumentType] -- what is tested
