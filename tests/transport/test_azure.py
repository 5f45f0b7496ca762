from __future__ import annotations

from typing import Any

import pytest

from assistream import AsyncAzureOpenAI, AzureOpenAI, ConfigurationError

from ..frames import thread
from ..wire import Wire, answer

VARIABLES = "AZURE_OPENAI_API_KEY AZURE_OPENAI_AD_TOKEN AZURE_OPENAI_ENDPOINT OPENAI_API_VERSION OPENAI_API_KEY"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES.split():
        monkeypatch.delenv(name, raising=False)


def asked(server: Wire, **options: Any) -> tuple[str, str, dict[str, str]]:
    """Path, query and the headers that say who asks, of a request of a client made like this."""
    server.add(answer(thread()), times=2)
    with AzureOpenAI(**options) as client:
        client.with_options(timeout=3).beta.threads.retrieve("thread_1")
    request = server.requests[-1]
    who = {name: request.headers[name] for name in ("authorization", "api-key") if name in request.headers}
    return request.path, request.query, who


def test_a_key(server: Wire) -> None:
    options = {"azure_endpoint": f"{server.url}/", "api_version": "2024-05-01-preview", "api_key": "k"}
    path = "/openai/threads/thread_1"
    assert asked(server, **options, azure_deployment="d") == (path, "api-version=2024-05-01-preview", {"api-key": "k"})


def test_tokens(server: Wire) -> None:
    options = {"azure_endpoint": server.url, "api_version": "v"}
    assert asked(server, **options, azure_ad_token="t")[2] == {"authorization": "Bearer t"}
    tokens = iter("ab")
    assert asked(server, **options, azure_ad_token_provider=lambda: next(tokens))[2] == {"authorization": "Bearer a"}


def test_the_environment(server: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.url)
    monkeypatch.setenv("OPENAI_API_VERSION", "v")
    monkeypatch.setenv("OPENAI_API_KEY", "not for Azure")
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "t")
    assert asked(server)[1:] == ("api-version=v", {"authorization": "Bearer t"})
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "k")
    assert asked(server)[1:] == ("api-version=v", {"api-key": "k"})


def test_a_deployment_is_kept(server: Wire) -> None:
    with AzureOpenAI(azure_endpoint=server.url, api_version="v", api_key="k", azure_deployment="d") as client:
        assert (client.azure_deployment, client.copy().azure_deployment) == ("d", "d")


def test_a_key_is_not_shown_to_another_server(server: Wire) -> None:
    with Wire() as other:
        server.add(answer({}, 307, headers={"location": f"{other.url}/x"}))
        other.add(answer(thread()))
        with AzureOpenAI(azure_endpoint=server.url, api_version="v", api_key="k") as client:
            client.beta.threads.create()
        assert server.requests[0].headers["api-key"] == "k"
        assert "api-key" not in other.requests[0].headers


def test_a_base_url_is_taken_as_it_is(server: Wire) -> None:
    path, _, _ = asked(server, base_url=f"{server.url}/gateway", api_version="v", api_key="k")
    assert path == "/gateway/threads/thread_1"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_version": "v", "api_key": "k"}, "AZURE_OPENAI_ENDPOINT"),
        ({"azure_endpoint": "http://x", "api_key": "k"}, "OPENAI_API_VERSION"),
        ({"azure_endpoint": "http://x", "api_version": "v"}, "AZURE_OPENAI_API_KEY"),
        ({"azure_endpoint": "http://x", "base_url": "http://y", "api_version": "v"}, "pass one of them"),
        ({"azure_endpoint": "http://x", "api_version": "v", "api_key": "k", "azure_ad_token": "t"}, "who asks"),
    ],
)
def test_what_is_missing_or_twice(options: dict[str, Any], says: str) -> None:
    for kind in (AzureOpenAI, AsyncAzureOpenAI):
        with pytest.raises(ConfigurationError, match=says):
            kind(**options)


@pytest.mark.anyio
async def test_async(server: Wire) -> None:
    server.add(answer(thread()))

    async def token() -> str:
        return "t"

    async with AsyncAzureOpenAI(
        azure_endpoint=server.url, api_version="v", azure_ad_token_provider=token, azure_deployment="d"
    ) as client:
        await client.beta.threads.retrieve("thread_1")
        assert client.azure_deployment == "d"
    assert server.requests[0].headers["authorization"] == "Bearer t"
