"""CONTRACT section 1, and the rows of section 4 about how a stream is opened, used and left: E7, E11, E15, E16."""

from __future__ import annotations

import gc

import pytest

from assistream import AsyncAssistantEventHandler, AsyncClient, StreamUsageError
from assistream.streaming import AsyncAssistantStreamManager, AsyncStream
from assistream.types import AssistantStreamEvent, Message, Text, TextContentBlock, TextDelta

from ..frames import DONE, RC, RD, RP, Object, asks, hello, name_of
from ..recording import OUTPUTS, AsyncTracer, async_streaming, classic, said
from ..wire import Wire, async_until, hang, stream

pytestmark = pytest.mark.anyio

ENTRIES: dict[str, tuple[str, Object]] = {
    "create_and_stream": ("/threads/thread_1/runs", {"assistant_id": "asst_1"}),
    "stream": ("/threads/thread_1/runs", {"assistant_id": "asst_1"}),
    "create_and_run_stream": ("/threads/runs", {"assistant_id": "asst_1"}),
    "submit_tool_outputs_stream": ("/threads/thread_1/runs/run_1/submit_tool_outputs", {"tool_outputs": OUTPUTS}),
}
HELLO = [
    *("run_step_created in_progress", "message_created in_progress"),
    *(
        "text_created Hel",
        "text_delta Hel",
        "message_delta MessageDelta",
        "text_delta lo",
        "message_delta MessageDelta",
    ),
    *("text_done Hello", "message_done completed", "run_step_done completed", "end"),
]


def manager(client: AsyncClient, entry: str) -> AsyncAssistantStreamManager[AsyncAssistantEventHandler]:
    runs = client.beta.threads.runs
    if entry == "create_and_run_stream":
        return client.beta.threads.create_and_run_stream(assistant_id="asst_1")
    if entry == "submit_tool_outputs_stream":
        return runs.submit_tool_outputs_stream(run_id="run_1", thread_id="thread_1", tool_outputs=OUTPUTS)
    opens = runs.stream if entry == "stream" else runs.create_and_stream
    return opens(thread_id="thread_1", assistant_id="asst_1")


async def bare(client: AsyncClient, entry: str) -> AsyncStream[AssistantStreamEvent]:
    runs = client.beta.threads.runs
    if entry == "create_and_run_stream":
        return await client.beta.threads.create_and_run(assistant_id="asst_1", stream=True)
    if entry == "submit_tool_outputs_stream":
        return await runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=OUTPUTS, stream=True)
    return await runs.create("thread_1", assistant_id="asst_1", stream=True)


@pytest.mark.parametrize("entry", ENTRIES)
async def test_an_entry_point_sends_on_entry_and_the_target_is_a_handler(
    server: Wire, async_client: AsyncClient, entry: str
) -> None:
    path, body = ENTRIES[entry]
    server.add(stream(*hello()), method="POST", path=path)
    opening = manager(async_client, entry)
    assert server.connections == []
    async with opening as handler:
        assert isinstance(handler, AsyncAssistantEventHandler)
        assert [event.event async for event in handler] == [name_of(frame) for frame in hello(done=False)]
    (request,) = server.requests
    assert request.body == body | {"stream": True}
    assert request.headers["accept"] == "text/event-stream, application/json;q=0.5"
    assert request.headers["openai-beta"] == "assistants=v2"


@pytest.mark.parametrize("entry", ENTRIES)
async def test_a_bare_stream_is_iterable_and_a_context_manager(
    server: Wire, async_client: AsyncClient, entry: str
) -> None:
    path, body = ENTRIES[entry]
    server.add(stream(*hello()), method="POST", path=path)
    async with await bare(async_client, entry) as events:
        assert events.response.status_code == 200
        assert [event.event async for event in events] == [name_of(frame) for frame in hello(done=False)]
    assert server.requests[0].body == body | {"stream": True}


async def test_a_bare_stream_can_be_closed(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    events = await bare(async_client, "create")
    assert (await events.__anext__()).event == "thread.run.created"
    await events.close()
    assert [event async for event in events] == []
    await async_until(lambda: not server.open)


async def test_the_hooks_of_a_whole_run_in_order(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        await target.until_done()
    assert target is handler
    assert classic(handler.log) == HELLO
    assert handler.log[:3] == ["event thread.run.created", "run_changed queued", "run_created queued"]


async def test_the_final_objects(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    async with async_streaming(async_client, AsyncTracer()) as handler:
        run = await handler.get_final_run()
        (message,) = await handler.get_final_messages()
        (step,) = await handler.get_final_run_steps()
    assert (run.status, message.status, step.status) == ("completed", "completed", "completed")
    assert (handler.run_id, handler.thread_id) == ("run_1", "thread_1")
    assert handler.usage is not None
    assert handler.usage.total_tokens == 3


async def test_no_message_and_no_step_is_no_error(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RD(), DONE))
    async with async_streaming(async_client, AsyncTracer()) as handler:
        assert await handler.get_final_messages() == []
        assert await handler.get_final_run_steps() == []


async def test_no_run_is_an_error_when_it_is_asked_for(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(DONE))
    async with async_streaming(async_client, AsyncTracer()) as handler:
        with pytest.raises(StreamUsageError):
            await handler.get_final_run()


async def test_text_deltas(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        assert [text async for text in target.text_deltas] == ["Hel", "lo"]
    assert classic(handler.log) == HELLO


async def test_the_state_is_right_inside_on_event_and_in_the_body(server: Wire, async_client: AsyncClient) -> None:
    class Looks(AsyncTracer):
        async def on_event(self, event: AssistantStreamEvent) -> None:
            self.log.append(seen(self))

    def seen(handler: AsyncAssistantEventHandler) -> str:
        event, run = handler.current_event, handler.current_run
        return f"{event and event.event} {run and run.status} {said(handler.current_message_snapshot)}"

    server.add(stream(*hello()))
    handler = Looks()
    async with async_streaming(async_client, handler) as target:
        in_body = [seen(target) async for _ in target]
    assert [line for line in handler.log if line.startswith("thread.")] == in_body
    assert in_body[3] == "thread.message.delta queued Hel"
    assert in_body[-1] == "thread.run.completed completed Hello"


async def test_what_a_hook_writes_into_a_message_disturbs_nothing(server: Wire, async_client: AsyncClient) -> None:
    class Writes(AsyncTracer):
        async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            await super().on_text_delta(delta, snapshot)
            delta.value = "scribble"

        async def on_message_done(self, message: Message) -> None:
            for block in message.content:
                assert isinstance(block, TextContentBlock)
                block.text.value = "edited"

    server.add(stream(*hello()))
    handler = Writes()
    async with async_streaming(async_client, handler) as target:
        (message,) = await target.get_final_messages()
    assert said(message) == "edited"
    assert "text_done Hello" in handler.log


async def test_e7_an_early_break(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        async for _ in target:
            break
    assert handler.log == ["event thread.run.created", "run_changed queued", "run_created queued", "end"]
    await async_until(lambda: not server.open)


async def test_e7_the_body_raises(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler, mine = AsyncTracer(), KeyError("mine")
    with pytest.raises(KeyError) as raised:
        async with async_streaming(async_client, handler) as target:
            async for _ in target:
                raise mine
    assert raised.value is mine
    assert handler.log[-1] == "end"
    assert handler.log.count("end") == 1
    assert "exception KeyError" not in handler.log
    await async_until(lambda: not server.open)


async def test_e7_never_iterated(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler):
        pass
    assert handler.log == ["end"]
    await async_until(lambda: not server.open)


class Impatient(AsyncTracer):
    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method

    async def on_message_done(self, message: Message) -> None:
        await getattr(self, self.method)()


@pytest.mark.parametrize("method", ["until_done", "get_final_run", "get_final_messages", "get_final_run_steps"])
async def test_e11_waiting_for_the_end_inside_a_hook(server: Wire, async_client: AsyncClient, method: str) -> None:
    server.add(stream(*hello()))
    handler = Impatient(method)
    with pytest.raises(StreamUsageError, match="hook"):
        async with async_streaming(async_client, handler) as target:
            await target.until_done()
    assert handler.log[-2:] == ["exception StreamUsageError", "end"]


async def test_e15_never_entered(server: Wire, async_client: AsyncClient) -> None:
    for entry in ENTRIES:
        manager(async_client, entry)
    gc.collect()
    assert server.connections == []


async def test_e15_entered_again(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()), times=2)
    opening = async_streaming(async_client, AsyncTracer())
    async with opening as target:
        with pytest.raises(StreamUsageError):
            await opening.__aenter__()
        await target.until_done()
    with pytest.raises(StreamUsageError):
        async with opening:
            pass
    assert len(server.requests) == 1


async def test_e16_use_after_close(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        async for _ in target:
            await target.close()
        assert [event async for event in target] == []
        await target.until_done()
    assert [event async for event in target] == []
    assert [line for line in handler.log if line.startswith(("event", "end"))] == ["event thread.run.created", "end"]
    await async_until(lambda: not server.open)


class Closes(AsyncTracer):
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        await super().on_text_delta(delta, snapshot)
        await self.close()


async def test_e16_close_inside_a_hook(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello(), then=hang()))
    handler = Closes()
    async with async_streaming(async_client, handler) as target:
        await target.until_done()
    before = ["run_step_created in_progress", "message_created in_progress", "text_created Hel"]
    assert classic(handler.log) == [*before, "text_delta Hel", "end"]
    await async_until(lambda: not server.open)


async def test_e16_close_twice_and_after_the_end(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        await target.until_done()
        await target.close()
        await target.close()
    await target.close()
    assert handler.log.count("end") == 1
