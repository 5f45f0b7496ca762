"""Both colours side by side, as in the source."""

from __future__ import annotations

import inspect
import logging
import threading
from typing import Any

import httpx
import pytest

from assistream import (
    NOT_GIVEN,
    AsyncClient,
    AsyncOpenAI,
    Client,
    ConfigurationError,
    OpenAI,
    UsageError,
    omit,
)
from assistream.transport.settings import ClientOptions

from .frames import hello, thread
from .wire import Wire, answer, async_until, stream, until

HERE = "http://127.0.0.1:1/v1"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASSISTREAM_BASE_URL", "ASSISTREAM_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_the_names_programs_know() -> None:
    assert OpenAI is Client
    assert AsyncOpenAI is AsyncClient


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_without_an_address(kind: type[Client] | type[AsyncClient]) -> None:
    with pytest.raises(ConfigurationError, match=r"Client\.embedded\(\).*base_url.*ASSISTREAM_BASE_URL"):
        kind()


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_what_it_shows(kind: type[Client] | type[AsyncClient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTREAM_BASE_URL", "http://me:s3cret@127.0.0.1:1/v1/")
    client = kind(api_key="s3cret", default_headers={"api-key": "s3cret"}, organization="o", project="p", timeout=3)
    assert repr(client) == f"<{kind.__name__} http://127.0.0.1:1/v1 api_key: set>"
    assert (client.api_key, client.organization, client.project) == ("s3cret", "o", "p")
    assert (client.timeout, client.max_retries, client.base_url.path) == (3, 2, "/v1/")


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_options_are_known_by_name(kind: type[Client] | type[AsyncClient]) -> None:
    with pytest.raises(TypeError, match="Did you mean 'base_url'"):
        kind(base_ur=HERE)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    assert {"api_key", "base_url", "timeout", "http_client"} <= inspect.signature(kind).parameters.keys()


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_an_option_that_is_not_given_is_left_out(
    kind: type[Client] | type[AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTREAM_BASE_URL", HERE)
    monkeypatch.setenv("ASSISTREAM_API_KEY", "key")
    plain = kind()
    for absent in (NOT_GIVEN, omit):
        everything: dict[str, Any] = dict.fromkeys((*ClientOptions.__annotations__, "http_client"), absent)
        client = kind(**everything)
        assert client._settings == client.with_options(**everything)._settings == plain._settings
        assert client.api_key == "key"


def test_errors_name_what_programs_know() -> None:
    wrong: Any = Client.embedded
    with pytest.raises(TypeError, match=r"^Client\.embedded\(\) takes from 1 to 2 positional arguments"):
        wrong("file", 3)


def test_a_copy_says_its_own_name() -> None:
    with Client(base_url=HERE) as client, pytest.raises(TypeError, match=r"^copy\(\) .*Did you mean 'timeout'"):
        client.copy(timout=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    for kind in (Client, AsyncClient):
        assert (kind.copy.__name__, kind.copy.__doc__) == ("copy", kind.with_options.__doc__)
        assert inspect.signature(kind.copy) == inspect.signature(kind.with_options)


def test_a_program_from_end_to_end(server: Wire) -> None:
    server.add(answer(thread()), path="/v1/threads")
    server.add(stream(*hello()), path="/v1/threads/thread_1/runs")
    with Client(base_url=f"{server.url}/v1", api_key="key") as client:
        opened = client.beta.threads.create()
        with client.beta.threads.runs.stream(opened.id, assistant_id="asst_1") as handler:
            assert handler.get_final_run().status == "completed"
    assert client.is_closed()
    assert {request.headers["authorization"] for request in server.requests} == {"Bearer key"}
    until(lambda: not server.open)


def test_after_close() -> None:
    client = Client(base_url=HERE)
    client.close()
    with pytest.raises(UsageError, match="This client is closed: make another one"):
        client.beta.threads.create()


@pytest.mark.anyio
async def test_an_async_program_from_end_to_end(server: Wire) -> None:
    server.add(answer(thread()), path="/v1/threads")
    server.add(stream(*hello()), path="/v1/threads/thread_1/runs")
    async with AsyncClient(base_url=f"{server.url}/v1", api_key="key") as client:
        opened = await client.beta.threads.create()
        async with client.beta.threads.runs.stream(opened.id, assistant_id="asst_1") as handler:
            assert (await handler.get_final_run()).status == "completed"
    assert client.is_closed()
    await async_until(lambda: not server.open)


def test_one_client_serves_many_threads(server: Wire) -> None:
    server.add(answer(thread()), times=16 * 8)
    ids: list[str] = []
    together = threading.Barrier(16)

    def work() -> None:
        together.wait()
        ids.extend(client.beta.threads.retrieve("thread_1").id for _ in range(8))

    with Client(base_url=server.url) as client:
        threads = [threading.Thread(target=work) for _ in range(16)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert ids == ["thread_1"] * (16 * 8)
    assert len(server.connections) <= 16


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_what_every_request_carries(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(base_url=HERE, api_key="k", default_headers={"A": "1"}, default_query={"q": 1})
    assert client.auth_headers == {"Authorization": "Bearer k"}
    assert client.default_headers == {"User-Agent": client.user_agent, "Authorization": "Bearer k", "A": "1"}
    assert client.default_query == {"q": 1}
    assert client.user_agent.startswith("assistream/")
    assert client.with_options(api_key=lambda: "k").auth_headers == {}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_settings_that_make_no_sense_are_refused_when_they_are_set(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(base_url=HERE, api_key="key", max_retries=1)
    for name, value in {"api_key": "s3cret\n", "max_retries": None}.items():
        with pytest.raises(ConfigurationError) as raised:
            setattr(client, name, value)
        assert "s3cret" not in str(raised.value)
    assert (client.api_key, client.max_retries) == ("key", 1)
    client.api_key = client.timeout = None
    assert (client.api_key, client.timeout) == (None, None)


@pytest.mark.parametrize(("kind", "wrong"), [(Client, httpx.AsyncClient), (AsyncClient, httpx.Client)])
def test_an_http_client_of_the_wrong_colour(kind: Any, wrong: type[httpx.Client] | type[httpx.AsyncClient]) -> None:
    for given in (wrong(), "http://proxy"):
        with pytest.raises(TypeError, match=r"AsyncClient takes httpx\.AsyncClient"):
            kind(base_url=HERE, http_client=given)
        with pytest.raises(TypeError, match="http_client must be"):
            kind(base_url=HERE).with_options(http_client=given)


def test_a_client_of_the_programs_own(server: Wire) -> None:
    server.add(answer(thread()), times=2)
    http = httpx.Client(headers={"X-Mine": "1"})
    with Client(base_url=server.url, http_client=http) as client:
        client.beta.threads.retrieve("thread_1")
        with client.with_options(http_client=httpx.Client()) as other:
            other.beta.threads.retrieve("thread_1")
        assert not http.is_closed
    assert http.is_closed
    assert [request.headers.get("x-mine") for request in server.requests] == ["1", None]


@pytest.mark.anyio
async def test_an_async_client_of_the_programs_own(server: Wire) -> None:
    server.add(answer(thread()), times=2)
    http = httpx.AsyncClient(headers={"X-Mine": "1"})
    async with AsyncClient(base_url=server.url, http_client=http) as client:
        await client.beta.threads.retrieve("thread_1")
        async with client.with_options(http_client=httpx.AsyncClient()) as other:
            await other.beta.threads.retrieve("thread_1")
        assert not http.is_closed
    assert http.is_closed


def test_raw_answers(server: Wire) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    with Client(base_url=server.url) as client:
        response = client.with_raw_response.beta.threads.retrieve("thread_1")
    assert (response.request_id, response.parse().id) == ("req_1", "thread_1")


@pytest.mark.anyio
async def test_async_raw_answers(server: Wire) -> None:
    server.add(answer(thread()))
    async with AsyncClient(base_url=server.url) as client:
        assert (await client.with_raw_response.beta.threads.retrieve("thread_1")).status_code == 200


def test_the_environment_turns_logging_on(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("assistream")
    handlers = log.handlers[:]
    monkeypatch.setenv("ASSISTREAM_LOG", "info")
    try:
        with Client(base_url=HERE):
            assert log.level == logging.INFO
    finally:
        log.handlers[:] = handlers
        log.setLevel(logging.NOTSET)


# As programs for the reference client use it ------------------------------------------------------------------------


def test_settings_can_be_changed(server: Wire) -> None:
    server.add(answer(thread()), times=2)
    with Client(base_url=HERE, api_key="one", webhook_secret="w") as client:
        client.base_url = server.url
        client.api_key, client.organization, client.max_retries = "two", "o", 7
        client.beta.threads.retrieve("thread_1")
        client.with_options(project="p").beta.threads.retrieve("thread_1")
    for request in server.requests:
        assert (request.headers["authorization"], request.headers["openai-organization"]) == ("Bearer two", "o")
    assert server.requests[1].headers["openai-project"] == "p"
    assert (client.max_retries, client.webhook_secret, str(client.base_url)) == (7, "w", f"{server.url}/")


def test_a_function_is_asked_for_the_key_before_each_request(server: Wire) -> None:
    server.add(answer(thread()), times=3)
    keys = iter(["one", "two", ""])
    with Client(base_url=server.url, api_key=lambda: next(keys)) as client:
        for _ in range(3):
            client.beta.threads.retrieve("thread_1")
    assert [request.headers.get("authorization") for request in server.requests] == ["Bearer one", "Bearer two", None]


@pytest.mark.anyio
async def test_async_functions_too(server: Wire) -> None:
    server.add(answer(thread()), times=2)

    async def key() -> str:
        return "k"

    async with AsyncClient(base_url=server.url, api_key=key) as client:
        await client.beta.threads.retrieve("thread_1")
        await client.with_options(api_key=lambda: "other").beta.threads.retrieve("thread_1")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer k", "Bearer other"]


def test_an_async_function_is_nothing_for_a_sync_client() -> None:
    async def key() -> str:
        return "k"

    with Client(base_url=HERE, api_key=key) as client, pytest.raises(TypeError, match=r"api_key.*async client"):
        client.beta.threads.retrieve("thread_1")


@pytest.mark.parametrize("name", ["chat", "embeddings", "responses"])
def test_what_is_not_here_says_so(name: str) -> None:
    for client in (Client(base_url=HERE), AsyncClient(base_url=HERE)):
        with pytest.raises(AttributeError, match=rf"no attribute '{name}': .* package openai"):
            getattr(client, name)
        with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
            getattr(client, "nonsense")  # noqa: B009 -- no checker knows it
        assert not hasattr(client, "_repr_html_")
