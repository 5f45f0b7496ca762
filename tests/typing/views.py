"""The types of the raw and streaming views, of clients and of the package: for mypy and pyright, never run."""

from __future__ import annotations

from typing import assert_type

import assistream
from assistream import (
    APIResponse,
    AssistantStreamEvent,
    AsyncAPIResponse,
    AsyncAzureOpenAI,
    AsyncClient,
    AsyncStream,
    AzureOpenAI,
    Client,
    RawResponse,
    Stream,
)
from assistream.pagination import AsyncCursorPage, SyncCursorPage
from assistream.resources import Beta
from assistream.transport.streamed import AsyncPieces, AsyncResponseContextManager, Pieces, ResponseContextManager
from assistream.types import Assistant, Message, Run, Thread, ThreadDeleted, ToolOutput


def raw_streams(client: Client, outputs: list[ToolOutput], maybe: bool) -> None:
    runs, threads = client.beta.threads.runs.with_raw_response, client.beta.threads.with_raw_response
    assert_type(runs.create("t", assistant_id="a"), RawResponse[Run])
    assert_type(runs.create("t", assistant_id="a", stream=True), RawResponse[Stream[AssistantStreamEvent]])
    assert_type(
        runs.create("t", assistant_id="a", stream=maybe), RawResponse[Run] | RawResponse[Stream[AssistantStreamEvent]]
    )
    assert_type(
        runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs, stream=True).parse(),
        Stream[AssistantStreamEvent],
    )
    assert_type(threads.create_and_run(assistant_id="a", stream=True).parse(), Stream[AssistantStreamEvent])


def streaming(client: Client, outputs: list[ToolOutput], maybe: bool) -> None:
    beta = client.with_streaming_response.beta
    assert_type(beta.assistants.create(model="m"), ResponseContextManager[Assistant])
    assert_type(beta.assistants.list(), ResponseContextManager[SyncCursorPage[Assistant]])
    assert_type(beta.threads.delete("t"), ResponseContextManager[ThreadDeleted])
    assert_type(client.beta.threads.messages.with_streaming_response.create("t", role="user", content="c"), Opening)
    assert_type(beta.threads.runs.create("t", assistant_id="a"), ResponseContextManager[Run])
    assert_type(
        beta.threads.runs.create("t", assistant_id="a", stream=True),
        ResponseContextManager[Stream[AssistantStreamEvent]],
    )
    assert_type(
        beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs), ResponseContextManager[Run]
    )
    assert_type(beta.threads.create_and_run(assistant_id="a"), ResponseContextManager[Run])
    with beta.threads.retrieve("t") as response:
        assert_type(response, APIResponse[Thread])
        assert_type(response.parse(), Thread)
        assert_type(response.parse(to=Message), Message)
        assert_type(response.iter_lines(), Pieces[str])
        assert_type(response.read(), bytes)
        assert_type(response.text(), str)


Opening = ResponseContextManager[Message]


async def async_views(client: AsyncClient) -> None:
    runs = client.beta.threads.runs
    assert_type(
        await runs.with_raw_response.create("t", assistant_id="a", stream=True),
        RawResponse[AsyncStream[AssistantStreamEvent]],
    )
    beta = client.with_streaming_response.beta
    assert_type(beta.assistants.list(), AsyncResponseContextManager[AsyncCursorPage[Assistant]])
    assert_type(
        beta.threads.runs.create("t", assistant_id="a", stream=True),
        AsyncResponseContextManager[AsyncStream[AssistantStreamEvent]],
    )
    async with beta.threads.retrieve("t") as response:
        assert_type(response, AsyncAPIResponse[Thread])
        assert_type(await response.parse(), Thread)
        assert_type(await response.parse(to=Message), Message)
        assert_type(response.iter_bytes(3), AsyncPieces[bytes])
        assert_type([line async for line in response.iter_lines()], list[str])


def clients(client: Client) -> None:
    client.api_key = "k"
    client.base_url = "http://127.0.0.1"
    client.timeout = None
    assert_type(client.max_retries, int)
    assert_type(AzureOpenAI(azure_endpoint="http://x", api_version="v", api_key=lambda: "k"), AzureOpenAI)
    assert_type(AsyncAzureOpenAI(azure_ad_token_provider=token).with_options(timeout=3), AsyncAzureOpenAI)
    assert_type(assistream.beta, Beta)
    assistream.api_key = "k"


async def token() -> str:
    return "t"
