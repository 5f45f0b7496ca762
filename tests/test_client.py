"""Both colours side by side, as in the source."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from assistream import (
    NOT_GIVEN,
    AsyncAzureOpenAI,
    AsyncClient,
    AsyncOpenAI,
    AzureOpenAI,
    Client,
    ConfigurationError,
    InternalServerError,
    OpenAI,
    UsageError,
    omit,
)
from assistream.client import EngineOptions
from assistream.engine import Engine
from assistream.transport.endpoint import View
from assistream.transport.settings import ClientOptions
from assistream.transport.written import attributes

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


def test_with_options_shares_the_connections(server: Wire) -> None:
    server.add(answer(thread()), times=3)
    with Client(base_url=server.url, api_key="k", default_headers={"a": "1"}) as client:
        with client.with_options(timeout=3, max_retries=0, default_headers={"b": "2"}) as other:
            assert type(other) is Client
            other.beta.threads.retrieve("thread_1")
        assert not client.is_closed()
        assert (other.timeout, other.max_retries, client.max_retries) == (3, 0, 2)
        client.beta.threads.retrieve("thread_1")
        client.copy().beta.threads.retrieve("thread_1")
    first, second, _ = server.requests
    assert (first.headers["a"], first.headers["b"], first.headers["authorization"]) == ("1", "2", "Bearer k")
    assert "b" not in second.headers
    assert [connection.requests for connection in server.connections] == [3]
    assert other.is_closed()


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_what_every_request_carries(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(base_url=HERE, api_key="k", default_headers={"A": "1"}, default_query={"q": 1})
    assert client.auth_headers == {"Authorization": "Bearer k"}
    assert client.default_headers == {"User-Agent": client.user_agent, "Authorization": "Bearer k", "A": "1"}
    assert client.default_query == {"q": 1}
    assert client.user_agent.startswith("assistream/")
    assert client.with_options(api_key=lambda: "k").auth_headers == {}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_copy_may_have_other_headers_and_another_query(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(base_url=HERE, default_headers={"a": "1"}, default_query={"a": "1"})
    other = client.with_options(set_default_headers={"b": "2"}, set_default_query={"b": "2"})
    assert "a" not in other.default_headers
    assert (other.default_headers["b"], other.default_query) == ("2", {"b": "2"})
    assert client.with_options(set_default_query=None, default_query={"c": 3}).default_query == {"c": 3}
    assert client.default_query == {"a": "1"}


@pytest.mark.parametrize("kind", [AzureOpenAI, AsyncAzureOpenAI])
def test_a_copy_for_another_version_of_azure(kind: type[AzureOpenAI] | type[AsyncAzureOpenAI]) -> None:
    client = kind(azure_endpoint="https://me.example", api_version="2024-05-01", api_key="k")
    assert client.auth_headers == {"api-key": "k"}
    other = client.with_options(api_version="2025-01-01")
    assert (other.default_query, client.default_query) == ({"api-version": "2025-01-01"}, {"api-version": "2024-05-01"})


def test_a_copy_has_resources_of_its_own() -> None:
    with Client(base_url=HERE) as client:
        assert client.copy().beta is not client.beta
        assert client.beta is client.beta


@pytest.mark.anyio
async def test_async_with_options_shares_the_connections(server: Wire) -> None:
    server.add(answer(thread()), times=2)
    async with AsyncClient(base_url=server.url) as client:
        async with client.with_options(timeout=3) as other:
            await other.beta.threads.retrieve("thread_1")
        assert not client.is_closed()
        await client.beta.threads.retrieve("thread_1")
    assert [connection.requests for connection in server.connections] == [2]


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A proxy that the environment names."""
    for name in ("http_proxy", "all_proxy", "no_proxy", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Wire() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        yield proxy


def test_a_copy_for_another_machine_goes_through_the_proxy_and_one_for_this_does_not(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread()), times=3)
    proxy.add(answer(thread()), times=3)
    with Client(base_url=server.url) as here, here.with_options(base_url="http://assistants.example/v1") as there:
        for client in (here, there, there.with_options(timeout=3)):
            client.beta.threads.retrieve("thread_1")
        assert (len(server.requests), len(proxy.requests), len(proxy.connections)) == (1, 2, 1)
        with there.with_options(base_url=server.url) as back:
            back.beta.threads.retrieve("thread_1")
        assert not back.is_closed()
        here.with_options(base_url=f"{server.url}/v2").beta.threads.retrieve("thread_1")
        assert (len(server.requests), len(server.connections)) == (3, 1)
        assert not there.is_closed()
    assert there.is_closed()
    assert back.is_closed()
    until(lambda: not server.open and not proxy.open)


def test_an_address_that_is_changed_counts_at_once(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread(), headers={"assistream-idempotency": "1"}), times=2)
    proxy.add(answer({}, 500), times=9)
    with Client(base_url=server.url) as client:
        threads = client.beta.threads
        threads.create()
        client.base_url = "http://assistants.example/v1"
        with pytest.raises(InternalServerError):
            threads.create()
        client.base_url = server.url
        threads.create()
    assert (len(server.requests), len(proxy.requests)) == (2, 1)
    assert (len(server.connections), client.is_closed()) == (1, True)
    until(lambda: not server.open and not proxy.open)


@pytest.mark.anyio
async def test_async_a_copy_for_another_machine_goes_through_the_proxy(server: Wire, proxy: Wire) -> None:
    server.add(answer(thread()))
    proxy.add(answer(thread()))
    async with AsyncClient(base_url=server.url) as here:
        async with here.with_options(base_url="http://assistants.example/v1") as there:
            await there.beta.threads.retrieve("thread_1")
        assert not here.is_closed()
        await here.beta.threads.retrieve("thread_1")
    assert (len(server.requests), len(proxy.requests)) == (1, 1)
    await async_until(lambda: not server.open and not proxy.open)


def test_the_programs_own_connections_are_shared_wherever_they_lead(server: Wire) -> None:
    http = httpx.Client()
    with Client(base_url="http://assistants.example", http_client=http) as there:
        copies = there.with_options(base_url=server.url), there.copy().with_options(base_url=server.url)
        assert all(copy._transport.http is http for copy in copies)


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


# With a server of its own --------------------------------------------------------------------------------------------


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "assistream-engine"]


def test_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not for this server")
    with Client.embedded() as client:
        assert client.api_key is None
        assistant = client.beta.assistants.create(model="rehearsal")
        opened = client.beta.threads.create(messages=[{"role": "user", "content": "Hello"}])
        with client.beta.threads.runs.stream(opened.id, assistant_id=assistant.id) as handler:
            assert handler.get_final_run().status == "completed"
        with client.with_options(timeout=3):
            pass
        assert engine_threads()
    assert not engine_threads()
    client.close()


@pytest.mark.anyio
@pytest.mark.parametrize("api_key", ["key", ["key", "another"]])
async def test_async_embedded(api_key: str | list[str]) -> None:
    async with AsyncClient.embedded(api_key=api_key) as client:
        assert client.api_key == "key"
        assistant = await client.beta.assistants.create(model="rehearsal")
        opened = await client.beta.threads.create(messages=[{"role": "user", "content": "Hello"}])
        async with client.beta.threads.runs.stream(opened.id, assistant_id=assistant.id) as handler:
            assert (await handler.get_final_run()).status == "completed"
    assert not engine_threads()


@pytest.mark.anyio
async def test_async_embedded_is_stopped_in_a_cancelled_scope_too() -> None:
    with anyio.CancelScope() as scope:
        async with AsyncClient.embedded() as client:
            await client.beta.threads.create()
            scope.cancel()
    assert not engine_threads()


def test_embedded_on_a_file_remembers(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Client.embedded(path) as client:
        kept = client.beta.threads.create(metadata={"a": "b"})
    with Client.embedded(path) as client:
        assert client.beta.threads.retrieve(kept.id).metadata == {"a": "b"}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_embedded_that_cannot_start_leaves_nothing(kind: type[Client] | type[AsyncClient]) -> None:
    with pytest.raises(ConfigurationError, match="characters"):
        kind.embedded(api_key="line\nbreak")
    assert not engine_threads()


def test_embedded_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistream.engine")
    monkeypatch.setattr(importlib.util, "find_spec", dict[str, None]().get)
    with pytest.raises(ConfigurationError, match=r'uvicorn: pip install "assistream\[engine\]"$'):
        Client.embedded()


def test_embedded_with_an_engine_that_is_broken_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistream.engine")
    monkeypatch.setitem(sys.modules, "assistream.engine.engine", None)
    with pytest.raises(ConfigurationError, match=r"assistream\.engine\.engine halted") as raised:
        Client.embedded()
    assert "pip install" not in str(raised.value)
    assert isinstance(raised.value.__cause__, ImportError)


def test_embedded_leaves_out_what_is_not_given() -> None:
    with Client.embedded(path=":memory:", model=omit, run_ttl=NOT_GIVEN, keepalive=omit, api_key=NOT_GIVEN) as client:
        assert client.api_key is None
        assert client.beta.threads.create().id


def test_the_options_of_embedded_are_those_of_the_engine() -> None:
    assert list(inspect.signature(Client.embedded).parameters) == ["path", *EngineOptions.__annotations__]
    assert ["path", *EngineOptions.__annotations__] == list(inspect.signature(Engine).parameters)
    written = {name: attribute.hint for name, attribute in attributes(EngineOptions).items()}
    hints = [(name, hint) for name, hint in Engine.__init__.__annotations__.items() if name not in ("path", "return")]
    assert written == {name: f"Omittable[{hint}]" for name, hint in hints}


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


def test_copies_of_a_client_have_resources_of_their_own() -> None:
    with Client(base_url=HERE) as client:
        views = [client.beta, client.with_raw_response, client.with_streaming_response]
        other = client.with_options(timeout=3)
        assert not {*map(id, views)} & {id(other.beta), id(other.with_raw_response), id(other.with_streaming_response)}


NO_OPTIONS = {"wait_for_processing": {"extra_headers", "extra_query", "extra_body", "timeout"}}
"""As in the reference client: it makes several requests."""


def everything(view: object, seen: list[object]) -> list[object]:
    """Resources below a view, in all views."""
    for name in dir(view):
        found = getattr(view, name)
        if isinstance(found, View) and not name.startswith("_"):
            seen.append(found)
            everything(found, seen)
    return seen


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_every_method_shows_its_parameters(kind: type[Client] | type[AsyncClient]) -> None:
    methods = 0
    for resource in everything(kind(base_url=HERE), []):
        for name in dir(resource):
            method = getattr(resource, name)
            if name.startswith("_") or isinstance(method, View) or not callable(method):
                continue
            signature = inspect.signature(method)
            wanted = {"extra_headers", "extra_query", "extra_body", "timeout"} - NO_OPTIONS.get(name, set())
            assert wanted <= signature.parameters.keys(), name
            assert not any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values()), name
            assert signature.return_annotation is not inspect.Signature.empty
            assert inspect.getdoc(method)
            methods += 1
    assert methods > 100


def test_what_signatures_return_is_what_the_view_gives() -> None:
    with Client(base_url=HERE) as client:
        threads, assistants = client.beta.threads, client.beta.assistants
        shown = [
            inspect.signature(method).return_annotation
            for method in (
                threads.retrieve,
                threads.with_raw_response.retrieve,
                threads.with_streaming_response.retrieve,
                assistants.list,
                assistants.with_raw_response.list,
                AsyncClient(base_url=HERE).beta.assistants.list,
            )
        ]
    assert shown == [
        "Thread",
        "RawResponse[Thread]",
        "ResponseContextManager[Thread]",
        "SyncCursorPage[Assistant]",
        "RawResponse[SyncCursorPage[Assistant]]",
        "AsyncPaginator[AsyncCursorPage[Assistant]]",
    ]
