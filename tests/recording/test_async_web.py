"""Streams that are sent on: the same events, a failure that is told, and an end that comes whenever it has to."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistream import APIError, AsyncClient, AsyncStream, replay, to_sse
from assistream.engine import Scripted, calls, says
from assistream.recording.web._async import AsyncEventBytes, AsyncSource
from assistream.streaming.sse import Frame, SSEDecoder
from assistream.types import AssistantStreamEvent

from ..frames import ASSISTANT, DONE, MC, RC, THREAD, event, hello
from ..recording import AsyncTracer, async_streaming
from ..shared import shared_files
from ..streaming.said import own_files
from ..wire import Wire, hang, reset, stream

pytestmark = pytest.mark.anyio

ERROR = {"message": "Sorry", "type": "server_error", "param": None, "code": "x"}


async def async_sent(source: AsyncSource) -> list[Frame]:
    """What a browser would read."""
    return SSEDecoder().feed(b"".join([chunk async for chunk in to_sse(source)]))


def names(frames: list[Frame]) -> list[str]:
    return [frame.event for frame in frames]


class AsyncEvents(AsyncTracer):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[AssistantStreamEvent] = []

    async def on_event(self, event: AssistantStreamEvent) -> None:
        self.seen.append(event)


@pytest.mark.parametrize("path", [*shared_files("streams/*.sse"), *own_files()])
async def test_what_is_sent_is_what_came(path: Path, tmp_path: Path) -> None:
    original, again = AsyncEvents(), AsyncEvents()
    frames = await async_sent(replay(path, original, speed=None))
    assert names(frames)[-1] == "done"
    (tmp_path / "sent.sse").write_bytes(
        b"".join([chunk async for chunk in to_sse(replay(path, AsyncTracer(), speed=None))])
    )
    try:
        async with replay(tmp_path / "sent.sse", again, speed=None) as stream:
            await stream.until_done()
    except APIError:
        assert "error" in path.name
    assert again.seen == original.seen
    assert again.log == original.log


async def test_a_manager_is_entered_and_left(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    tracer = AsyncTracer()
    frames = to_sse(async_streaming(async_client, tracer))
    assert server.requests == []
    assert [chunk async for chunk in frames][-1] == b"event: done\ndata: [DONE]\n\n"
    assert tracer.log[-1] == "end"
    assert [chunk async for chunk in frames] == []


async def test_a_handler_that_is_being_read(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    async with async_streaming(async_client, AsyncTracer()) as live:
        async for _ in live:
            break
        frames = await async_sent(live)
    assert "thread.run.created" not in names(frames)
    assert names(frames)[-2:] == ["thread.run.completed", "done"]


async def test_a_bare_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    bare: AsyncStream[AssistantStreamEvent] = await async_client.beta.threads.runs.create(
        THREAD, assistant_id=ASSISTANT, stream=True
    )
    assert names(await async_sent(bare))[-2:] == ["thread.run.completed", "done"]


async def test_events_of_tools_are_sent_too() -> None:
    def look(at: str) -> str:
        return f"the {at}\nis blue"

    async with AsyncClient.embedded(model=Scripted([calls(look={"at": "sky"}), says("Blue.")])) as client:
        assistant = await client.beta.assistants.create(model="scripted")
        manager = client.beta.threads.create_and_run_stream(
            assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": "Hi."}]}, tools=[look]
        )
        frames = await async_sent(manager)
    assert [name for name in names(frames) if name.startswith("tool.")] == ["tool.started", "tool.output"]
    assert names(frames).count("done") == 1
    assert any('"output":"the sky\\nis blue"' in frame.data for frame in frames)


async def test_unknown_events_are_sent_as_they_are(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), event("thread.surprise", {"a": ["ü"]}), event("thread.note", "text"), *hello()[1:]))
    frames = await async_sent(async_streaming(async_client, AsyncTracer()))
    assert [frame.data for frame in frames[1:3]] == ['{"a": ["ü"]}', '"text"']


async def test_an_error_of_the_server_is_told(
    server: Wire, async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.add(stream(RC(), event("error", {"error": ERROR}), DONE))
    tracer = AsyncTracer()
    frames = await async_sent(async_streaming(async_client, tracer))
    assert names(frames) == ["thread.run.created", "error", "done"]
    assert '"message": "Sorry"' in frames[1].data
    assert '"code": "x"' in frames[1].data
    assert tracer.log[-1] == "end"
    assert "a stream that is sent on has failed" in caplog.text


async def test_errors_of_the_program_are_logged_and_not_told(
    server: Wire, async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    class Fails(AsyncTracer):
        async def on_run_created(self, run: object) -> None:
            raise ValueError("the password is swordfish")

    server.add(stream(*hello()))
    frames = await async_sent(async_streaming(async_client, Fails()))
    assert names(frames) == ["error", "done"]
    assert "swordfish" not in frames[0].data
    assert "swordfish" in caplog.text


async def test_a_lost_connection_and_a_refused_request_are_told(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=reset()))
    assert names(await async_sent(async_streaming(async_client, AsyncTracer()))) == [
        "thread.run.created",
        "error",
        "done",
    ]
    refused = async_streaming(async_client.with_options(max_retries=0), AsyncTracer())
    assert names(await async_sent(refused)) == ["error", "done"]


async def test_leaving_early_closes_the_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), MC(), then=hang()))
    tracer = AsyncTracer()
    frames = AsyncEventBytes(async_streaming(async_client, tracer))
    await frames.__anext__()
    await frames.aclose()
    await frames.aclose()
    assert tracer.log[-1] == "end"
    assert [chunk async for chunk in frames] == []


async def test_what_was_never_begun_can_be_closed(server: Wire, async_client: AsyncClient) -> None:
    await AsyncEventBytes(async_streaming(async_client, AsyncTracer())).aclose()
    assert server.requests == []
    server.add(stream(*hello()))
    async with async_streaming(async_client, AsyncTracer()) as live:
        await AsyncEventBytes(live).aclose()
        assert [event async for event in live] == []
