"""The methods that stream: what they send, what they give, and that nothing is sent before it should be."""

from __future__ import annotations

import inspect
from operator import attrgetter
from typing import Any

import pytest

from assistream import (
    NOT_GIVEN,
    AssistantStreamEvent,
    AsyncAssistantEventHandler,
    AsyncClient,
    AsyncStream,
    StreamTruncatedError,
)

from ..frames import DONE, RC, RD, hello, run
from ..wire import Wire, answer, stream

pytestmark = pytest.mark.anyio

OUTPUTS: dict[str, Any] = {"tool_outputs": [{"tool_call_id": "call_1", "output": "3"}]}

RUN = {"assistant_id": "asst_1"}
RUNS_PATH = "/threads/thread_1/runs"
SUBMIT_PATH = f"{RUNS_PATH}/run_1/submit_tool_outputs"

# By the method's name below `threads`: ids, other parameters and what the server should see of them, path.
Case = tuple[dict[str, Any], dict[str, Any], str]
MANAGERS: dict[str, Case] = {
    "runs.create_and_stream": ({"thread_id": "thread_1"}, RUN, RUNS_PATH),
    "runs.stream": ({"thread_id": "thread_1"}, RUN, RUNS_PATH),
    "runs.submit_tool_outputs_stream": ({"run_id": "run_1", "thread_id": "thread_1"}, OUTPUTS, SUBMIT_PATH),
    "create_and_run_stream": ({}, RUN, "/threads/runs"),
}
BARE: dict[str, Case] = {
    "runs.create": ({"thread_id": "thread_1"}, RUN, RUNS_PATH),
    "runs.submit_tool_outputs": ({"run_id": "run_1", "thread_id": "thread_1"}, OUTPUTS, SUBMIT_PATH),
    "create_and_run": ({}, RUN, "/threads/runs"),
}


def invoke(client: AsyncClient, name: str, **options: Any) -> Any:
    ids, body, _ = (MANAGERS | BARE)[name]
    return attrgetter(name)(client.beta.threads)(**ids, **body, **options)


@pytest.mark.parametrize("name", MANAGERS)
async def test_a_manager_sends_when_it_is_entered(server: Wire, async_client: AsyncClient, name: str) -> None:
    _, body, path = MANAGERS[name]
    server.add(stream(*hello()))
    handler = AsyncAssistantEventHandler()
    manager = invoke(async_client, name, event_handler=handler)
    assert server.requests == []
    async with manager as entered:
        assert entered is handler
        await entered.until_done()
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", path, {**body, "stream": True})
    assert request.headers["accept"].startswith("text/event-stream")
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert request.headers["idempotency-key"]


@pytest.mark.parametrize("name", MANAGERS)
async def test_a_manager_makes_a_handler_if_it_must(server: Wire, async_client: AsyncClient, name: str) -> None:
    server.add(stream(*hello()))
    async with invoke(async_client, name) as entered:
        assert type(entered) is AsyncAssistantEventHandler
        assert (await entered.get_final_run()).status == "completed"


@pytest.mark.parametrize("name", MANAGERS)
async def test_a_manager_takes_truncated_streams_on_request(server: Wire, async_client: AsyncClient, name: str) -> None:
    server.add(stream(RC()), times=2)
    async with invoke(async_client, name, allow_truncated=True) as entered:
        await entered.until_done()
    with pytest.raises(StreamTruncatedError):
        async with invoke(async_client, name) as entered:
            await entered.until_done()


@pytest.mark.parametrize("name", BARE)
async def test_a_bare_stream(server: Wire, async_client: AsyncClient, name: str) -> None:
    _, body, path = BARE[name]
    server.add(stream(RC(), RD(), DONE))
    events: AsyncStream[AssistantStreamEvent] = await invoke(async_client, name, stream=True)
    assert isinstance(events, AsyncStream)
    assert [event.event async for event in events] == ["thread.run.created", "thread.run.completed"]
    (request,) = server.requests
    assert (request.path, request.body) == (path, {**body, "stream": True})


@pytest.mark.parametrize("name", BARE)
async def test_a_bare_stream_may_be_truncated_on_request(server: Wire, async_client: AsyncClient, name: str) -> None:
    server.add(stream(RC()), times=2)
    events: AsyncStream[AssistantStreamEvent] = await invoke(async_client, name, stream=True, allow_truncated=True)
    assert [event.event async for event in events] == ["thread.run.created"]
    with pytest.raises(StreamTruncatedError):
        async for _ in await invoke(async_client, name, stream=True):
            pass


@pytest.mark.parametrize("name", BARE)
@pytest.mark.parametrize("given", [{}, {"stream": False}, {"stream": NOT_GIVEN}, {"stream": None}])
async def test_without_stream_the_run_is_the_answer(
    server: Wire, async_client: AsyncClient, name: str, given: dict[str, Any]
) -> None:
    _, body, path = BARE[name]
    server.add(answer(run()))
    assert (await invoke(async_client, name, **given)).id == "run_1"
    (request,) = server.requests
    quoted = {"stream": False} if given.get("stream") is False else {}
    assert (request.path, request.body) == (path, {**body, **quoted})
    assert request.headers["accept"] == "application/json"


async def test_options_of_the_request_work_for_streams_too(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    async with async_client.beta.threads.runs.stream(
        "thread_1",
        assistant_id="asst_1",
        include=["a"],
        extra_headers={"X-A": "1"},
        extra_query={"q": "1"},
        extra_body={"more": True},
    ) as entered:
        await entered.until_done()
    (request,) = server.requests
    assert request.query == "include%5B%5D=a&q=1"
    assert request.body == {"assistant_id": "asst_1", "more": True, "stream": True}
    assert request.headers["x-a"] == "1"


@pytest.mark.parametrize("name", MANAGERS)
async def test_wrong_keywords_are_told_before_anything_is_sent(
    server: Wire, async_client: AsyncClient, name: str
) -> None:
    with pytest.raises(TypeError, match="Did you mean 'event_handler'"):
        invoke(async_client, name, event_handlr=None)
    assert server.requests == []


async def test_an_empty_id_is_told_before_anything_is_sent(server: Wire, async_client: AsyncClient) -> None:
    with pytest.raises(ValueError, match="thread_id"):
        async_client.beta.threads.runs.stream("", assistant_id="asst_1")
    with pytest.raises(ValueError, match="run_id"):
        await async_client.beta.threads.runs.submit_tool_outputs("", thread_id="t", **OUTPUTS)
    assert server.requests == []


async def test_each_method_says_its_own_name(async_client: AsyncClient) -> None:
    runs = async_client.beta.threads.runs
    assert (runs.stream.__name__, runs.create_and_stream.__name__) == ("stream", "create_and_stream")
    for kind in (type(runs), type(async_client.beta.threads)):
        functions = {name: value for name, value in vars(kind).items() if inspect.isfunction(value)}
        assert {name: value.__name__ for name, value in functions.items()} == {name: name for name in functions}
    with pytest.raises(TypeError, match=r"^stream\(\) missing required keyword argument: 'assistant_id'"):
        runs.stream("thread_1", assistant_id=NOT_GIVEN)  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- what is tested
    with pytest.raises(TypeError, match=r"Runs\.stream\(\) missing 1 required positional argument: 'thread_id'"):
        runs.stream(assistant_id="asst_1")  # type: ignore[call-overload] # pyright: ignore[reportCallIssue] -- what is tested


async def test_signatures_are_whole(async_client: AsyncClient) -> None:
    runs = async_client.beta.threads.runs
    for method in (runs.create, runs.create_and_stream, async_client.beta.threads.create_and_run_stream):
        parameters = inspect.signature(method).parameters
        assert {"assistant_id", "temperature", "allow_truncated", "timeout"} <= parameters.keys()
        assert "params" not in parameters
        assert method.__doc__
