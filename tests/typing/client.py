"""The types that methods give, in each view and colour: for mypy and pyright, never run."""

from __future__ import annotations

from typing import Any, assert_type

from assistream import (
    NOT_GIVEN,
    AssistantEventHandler,
    AssistantStreamEvent,
    AssistantStreamManager,
    AsyncAssistantEventHandler,
    AsyncAssistantStreamManager,
    AsyncClient,
    AsyncCursorPage,
    AsyncPaginator,
    AsyncStream,
    Client,
    RawResponse,
    Stream,
    SyncCursorPage,
    omit,
)
from assistream.types import (
    Assistant,
    AssistantDeleted,
    Message,
    MessageDeleted,
    Run,
    RunStep,
    Thread,
    ThreadDeleted,
    ToolOutput,
)


class Mine(AssistantEventHandler): ...


class AsyncMine(AsyncAssistantEventHandler): ...


def sync_methods(client: Client, outputs: list[ToolOutput]) -> None:
    assistants, threads = client.beta.assistants, client.beta.threads
    assert_type(assistants.create(model="m", name=None, temperature=omit), Assistant)
    assert_type(assistants.retrieve("a", timeout=3), Assistant)
    assert_type(assistants.update("a", extra_headers={"x": omit}), Assistant)
    assert_type(assistants.list(limit=3), SyncCursorPage[Assistant])
    assert_type([assistant for assistant in assistants.list()], list[Assistant])  # noqa: C416 -- its iteration is meant
    assert_type(assistants.list().get_next_page(), SyncCursorPage[Assistant])
    assert_type(assistants.delete("a"), AssistantDeleted)
    assert_type(threads.create(), Thread)
    assert_type(threads.retrieve("t"), Thread)
    assert_type(threads.update("t", metadata=None), Thread)
    assert_type(threads.delete("t"), ThreadDeleted)
    assert_type(threads.messages.create("t", role="user", content="c"), Message)
    assert_type(threads.messages.retrieve("m", thread_id="t"), Message)
    assert_type(threads.messages.update("m", thread_id="t", metadata={}), Message)
    assert_type(threads.messages.list("t", run_id="r"), SyncCursorPage[Message])
    assert_type(threads.messages.delete("m", thread_id="t"), MessageDeleted)
    assert_type(threads.runs.retrieve("r", thread_id="t"), Run)
    assert_type(threads.runs.update("r", thread_id="t"), Run)
    assert_type(threads.runs.list("t"), SyncCursorPage[Run])
    assert_type(threads.runs.cancel("r", thread_id="t"), Run)
    assert_type(threads.runs.steps.retrieve("s", thread_id="t", run_id="r"), RunStep)
    assert_type(threads.runs.steps.list("r", thread_id="t"), SyncCursorPage[RunStep])


def sync_streams(client: Client, outputs: list[ToolOutput], maybe: bool) -> None:
    threads, runs = client.beta.threads, client.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Run)
    assert_type(runs.create("t", assistant_id="a", stream=False), Run)
    assert_type(runs.create("t", assistant_id="a", stream=omit), Run)
    assert_type(runs.create("t", assistant_id="a", stream=True), Stream[AssistantStreamEvent])
    assert_type(runs.create("t", assistant_id="a", stream=maybe), Run | Stream[AssistantStreamEvent])
    assert_type(runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs), Run)
    assert_type(
        runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs, stream=True), Stream[AssistantStreamEvent]
    )
    assert_type(
        runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs, stream=maybe),
        Run | Stream[AssistantStreamEvent],
    )
    assert_type(threads.create_and_run(assistant_id="a"), Run)
    assert_type(threads.create_and_run(assistant_id="a", stream=True), Stream[AssistantStreamEvent])
    assert_type(threads.create_and_run(assistant_id="a", stream=maybe), Run | Stream[AssistantStreamEvent])
    assert_type(runs.create_and_stream("t", assistant_id="a"), AssistantStreamManager[AssistantEventHandler])
    assert_type(runs.stream(thread_id="t", assistant_id="a", event_handler=Mine()), AssistantStreamManager[Mine])
    assert_type(runs.stream("t", assistant_id="a", event_handler=[Mine(), Mine()]), AssistantStreamManager[Mine])
    assert_type(
        runs.submit_tool_outputs_stream("r", "t", tool_outputs=outputs), AssistantStreamManager[AssistantEventHandler]
    )
    assert_type(
        runs.submit_tool_outputs_stream(thread_id="t", run_id="r", tool_outputs=outputs, event_handler=Mine()),
        AssistantStreamManager[Mine],
    )
    assert_type(threads.create_and_run_stream(assistant_id="a"), AssistantStreamManager[AssistantEventHandler])
    assert_type(threads.create_and_run_stream(assistant_id="a", event_handler=Mine()), AssistantStreamManager[Mine])
    with runs.stream("t", assistant_id="a", event_handler=Mine()) as handler:
        assert_type(handler, Mine)


def sync_raw(client: Client, outputs: list[ToolOutput]) -> None:
    raw = client.with_raw_response.beta
    assert_type(raw.assistants.create(model="m"), RawResponse[Assistant])
    assert_type(client.beta.assistants.with_raw_response.list().parse(), SyncCursorPage[Assistant])
    assert_type(client.beta.threads.with_raw_response.create(), RawResponse[Thread])
    assert_type(raw.threads.create_and_run(assistant_id="a").parse(), Run)
    assert_type(raw.threads.messages.list("t"), RawResponse[SyncCursorPage[Message]])
    assert_type(raw.threads.runs.create("t", assistant_id="a"), RawResponse[Run])
    assert_type(raw.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs), RawResponse[Run])
    assert_type(raw.threads.runs.steps.retrieve("s", thread_id="t", run_id="r"), RawResponse[RunStep])


async def async_methods(client: AsyncClient) -> None:
    assistants, threads = client.beta.assistants, client.beta.threads
    assert_type(await assistants.create(model="m"), Assistant)
    assert_type(await assistants.retrieve("a"), Assistant)
    assert_type(await assistants.update("a"), Assistant)
    assert_type(assistants.list(), AsyncPaginator[Assistant, AsyncCursorPage[Assistant]])
    assert_type(await assistants.list(), AsyncCursorPage[Assistant])
    assert_type([assistant async for assistant in assistants.list()], list[Assistant])
    assert_type(await assistants.delete("a"), AssistantDeleted)
    assert_type(await threads.create(), Thread)
    assert_type(await threads.retrieve("t"), Thread)
    assert_type(await threads.update("t"), Thread)
    assert_type(await threads.delete("t"), ThreadDeleted)
    assert_type(await threads.messages.create("t", role="user", content="c"), Message)
    assert_type(await threads.messages.retrieve("m", thread_id="t"), Message)
    assert_type(await threads.messages.update("m", thread_id="t"), Message)
    assert_type(await threads.messages.list("t"), AsyncCursorPage[Message])
    assert_type(await threads.messages.delete("m", thread_id="t"), MessageDeleted)
    assert_type(await threads.runs.retrieve("r", thread_id="t"), Run)
    assert_type(await threads.runs.update("r", thread_id="t"), Run)
    assert_type(await threads.runs.list("t"), AsyncCursorPage[Run])
    assert_type(await threads.runs.cancel("r", thread_id="t"), Run)
    assert_type(await threads.runs.steps.retrieve("s", thread_id="t", run_id="r"), RunStep)
    assert_type(await threads.runs.steps.list("r", thread_id="t"), AsyncCursorPage[RunStep])


async def async_streams(client: AsyncClient, outputs: list[ToolOutput], maybe: bool) -> None:
    threads, runs = client.beta.threads, client.beta.threads.runs
    assert_type(await runs.create("t", assistant_id="a"), Run)
    assert_type(await runs.create("t", assistant_id="a", stream=True), AsyncStream[AssistantStreamEvent])
    assert_type(await runs.create("t", assistant_id="a", stream=maybe), Run | AsyncStream[AssistantStreamEvent])
    assert_type(await runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs), Run)
    assert_type(
        await runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs, stream=True),
        AsyncStream[AssistantStreamEvent],
    )
    assert_type(await threads.create_and_run(assistant_id="a"), Run)
    assert_type(await threads.create_and_run(assistant_id="a", stream=True), AsyncStream[AssistantStreamEvent])
    assert_type(runs.create_and_stream("t", assistant_id="a"), AsyncAssistantStreamManager[AsyncAssistantEventHandler])
    assert_type(runs.stream("t", assistant_id="a", event_handler=AsyncMine()), AsyncAssistantStreamManager[AsyncMine])
    assert_type(runs.stream("t", assistant_id="a", event_handler=[AsyncMine()]), AsyncAssistantStreamManager[AsyncMine])
    assert_type(
        runs.submit_tool_outputs_stream("r", "t", tool_outputs=outputs, event_handler=AsyncMine()),
        AsyncAssistantStreamManager[AsyncMine],
    )
    assert_type(
        threads.create_and_run_stream(assistant_id="a"), AsyncAssistantStreamManager[AsyncAssistantEventHandler]
    )
    async with runs.stream("t", assistant_id="a", event_handler=AsyncMine()) as handler:
        assert_type(handler, AsyncMine)


async def async_raw(client: AsyncClient) -> None:
    raw = client.with_raw_response.beta
    assert_type(await raw.assistants.create(model="m"), RawResponse[Assistant])
    assert_type(await client.beta.assistants.with_raw_response.list(), RawResponse[AsyncCursorPage[Assistant]])
    assert_type(await raw.threads.runs.create("t", assistant_id="a"), RawResponse[Run])


def copies(client: Client, other: AsyncClient) -> None:
    assert_type(client.with_options(timeout=None), Client)
    assert_type(other.copy(max_retries=0), AsyncClient)
    assert_type(client.copy(max_retries=NOT_GIVEN, api_key=omit), Client)
    assert_type(Client.embedded("state.db", run_ttl=3, model=omit), Client)
    assert_type(AsyncClient.embedded(), AsyncClient)


def refused(client: Client) -> Any:
    client.beta.threads.messages.create("t", content="c")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- no role
    client.beta.threads.runs.create("t", assitant_id="a")  # type: ignore[call-overload] # pyright: ignore[reportCallIssue] -- misspelt
    client.beta.threads.create(extra_body=["x"])  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- no mapping
    client.beta.threads.runs.stream("t", assistant_id="a", event_handler=AsyncMine())  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- colour
    return Client(base_ur="")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- misspelt
