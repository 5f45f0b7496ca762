from __future__ import annotations

from typing import Any

import pytest

from assistream import AssistantStreamEvent, AsyncClient, AsyncStream, StreamTruncatedError

from ...frames import RC, Object, hello, run
from ...wire import Wire, answer, stream

pytestmark = pytest.mark.anyio

OUTPUTS: Any = [{"tool_call_id": "call_1", "output": ""}]

PATHS = {
    "create": "/threads/t/runs",
    "submit_tool_outputs": "/threads/t/runs/r/submit_tool_outputs",
    "create_and_run": "/threads/runs",
}


def invoke(beta: Any, name: str, **given: Any) -> Any:
    if name == "create":
        return beta.threads.runs.create("t", assistant_id="a", **given)
    if name == "submit_tool_outputs":
        return beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=OUTPUTS, **given)
    return beta.threads.create_and_run(assistant_id="a", **given)


RUN: Object = run()


@pytest.mark.parametrize("name", PATHS)
async def test_raw(server: Wire, async_client: AsyncClient, name: str) -> None:
    server.add(answer(RUN), path=PATHS[name])
    server.add(stream(*hello()), path=PATHS[name])
    raw = async_client.with_raw_response.beta
    assert (await invoke(raw, name)).parse().to_dict() == RUN
    response = await invoke(raw, name, stream=True)
    assert response.status_code == 200
    assert isinstance(response.parse(), AsyncStream)
    events: AsyncStream[AssistantStreamEvent] = response.parse()
    assert [event.event async for event in events][-1] == "thread.run.completed"
    assert ["stream" in request.body for request in server.requests] == [False, True]


@pytest.mark.parametrize("name", PATHS)
async def test_streaming(server: Wire, async_client: AsyncClient, name: str) -> None:
    server.add(answer(RUN), path=PATHS[name])
    server.add(stream(*hello()), path=PATHS[name], times=2)
    views = async_client.with_streaming_response.beta
    async with invoke(views, name) as response:
        assert (await response.parse()).to_dict() == RUN
    async with invoke(views, name, stream=True) as response:
        events = await response.parse()
        assert [event.event async for event in events][-1] == "thread.run.completed"
    async with invoke(views, name, stream=True) as response:
        lines = [line async for line in response.iter_lines()]
    assert [line for line in lines if line.startswith("event: ")][-1] in ("event: done", "event: thread.run.completed")


async def test_truncated_streams_are_taken_on_request(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC()), times=4)
    runs = async_client.beta.threads.runs
    response = await runs.with_raw_response.create("t", assistant_id="a", stream=True, allow_truncated=True)
    assert len([event async for event in response.parse()]) == 1
    response = await runs.with_raw_response.create("t", assistant_id="a", stream=True)
    with pytest.raises(StreamTruncatedError):
        [event async for event in response.parse()]
    opening = runs.with_streaming_response.create("t", assistant_id="a", stream=True, allow_truncated=True)
    async with opening as streamed:
        assert len([event async for event in await streamed.parse()]) == 1
