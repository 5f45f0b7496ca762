"""CONTRACT section 4, the rows about the connection itself: E18, E19, E20."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistream import APIConnectionError, AsyncAssistantEventHandler, AsyncClient, InternalServerError
from assistream.types import AssistantStreamEvent, Run

from ..frames import DONE, RC, RD, answers, asks, hello, message, name_of, run
from ..recording import OUTPUTS, AsyncTracer, async_play, async_streaming, classic, line
from ..wire import Step, Wire, answer, async_until, end, flood, pause, reset, script, send, stream

pytestmark = pytest.mark.anyio

SUBMIT = "/threads/thread_1/runs/run_1/submit_tool_outputs"
ONE = httpx.Limits(max_connections=1)
MEBIBYTE = 1 << 20


@pytest.fixture
async def async_narrow(server: Wire) -> AsyncIterator[AsyncClient]:
    """A client with one connection, which does not wait for ever for a second one."""
    http = httpx.AsyncClient(limits=ONE)
    timeout = httpx.Timeout(30, pool=5)
    async with AsyncClient(
        base_url=server.url, api_key="test", http_client=http, timeout=timeout, max_retries=0
    ) as client:
        yield client


class Nests(AsyncTracer):
    """The old pattern: the outputs are submitted inside a hook, to a new handler or to this one."""

    def __init__(self, client: AsyncClient, *inner: AsyncTracer) -> None:
        super().__init__()
        self.client = client
        self.inner: list[AsyncTracer] = list(inner) or [self]

    async def submit(self, run: Run) -> None:
        self.log.append("(")
        async with self.client.beta.threads.runs.submit_tool_outputs_stream(
            run_id=run.id, thread_id=run.thread_id, tool_outputs=OUTPUTS, event_handler=self.inner
        ) as stream:
            await stream.until_done()
        self.log.append(")")


class InOnEvent(Nests):
    async def on_event(self, event: AssistantStreamEvent) -> None:
        self.log.append(line("event", event))
        if event.event == "thread.run.requires_action":
            await self.submit(event.data)


class InOnRunRequiresAction(Nests):
    async def on_run_requires_action(self, run: Run) -> None:
        await self.submit(run)


PLACES = pytest.mark.parametrize("kind", [InOnEvent, InOnRunRequiresAction])
ASKED = [f"event {name_of(frame)}" for frame in asks(done=False)]
ANSWERED = [f"event {name_of(frame)}" for frame in answers(done=False)]


def brief(log: list[str]) -> list[str]:
    return [entry for entry in log if entry.startswith(("event", "(", ")", "end"))]


@PLACES
async def test_e18_a_nested_submit_with_one_connection(
    server: Wire, async_narrow: AsyncClient, kind: type[Nests]
) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    inner = AsyncTracer()
    handler = kind(async_narrow, inner)
    await async_play(async_narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", ")", "end"]
    assert brief(inner.log) == [*ANSWERED, "end"]
    assert [connection.requests for connection in server.connections] == [2]
    assert server.requests[1].body == {"tool_outputs": OUTPUTS, "stream": True}


@PLACES
async def test_e18_a_nested_submit_to_the_same_handler(
    server: Wire, async_narrow: AsyncClient, kind: type[Nests]
) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler = kind(async_narrow)
    async with async_streaming(async_narrow, handler) as target:
        run = await target.get_final_run()
        assert classic(handler.log).count("text_done Hello") == 1
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [2]
    assert (run.status, run.id) == ("completed", "run_1")
    told = [entry.split()[0] for entry in handler.log]
    assert (told.count("tool_call_created"), told.count("tool_call_done"), told.count("run_step_done")) == (1, 1, 2)
    assert told.index("tool_call_done") < told.index("run_step_done")


async def test_e18_a_nested_submit_in_the_body(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler = Nests(async_narrow)
    async with async_streaming(async_narrow, handler) as target:
        async for event in target:
            if event.event == "thread.run.requires_action":
                await handler.submit(event.data)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [2]


async def test_e18_several_turns_nested_in_each_other(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks()), times=3)
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnRunRequiresAction(async_narrow)
    await async_play(async_narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ASKED, "(", *ASKED, "(", *ANSWERED, ")", ")", ")", "end"]
    assert [connection.requests for connection in server.connections] == [4]


async def test_e18_several_handlers_go_on_together(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler, other = InOnEvent(async_narrow), AsyncTracer()
    handler.inner.append(other)
    async with async_streaming(async_narrow, [handler, other]) as target:
        await target.until_done()
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    # The other one learns what the answer to the call was before it learns of the call: hooks are nested, too.
    assert sorted(brief(other.log)) == sorted([*ASKED, *ANSWERED, "end"])
    assert other.log[-1] == "end"


async def test_e18_what_follows_on_the_leg_is_queued(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks(done=False), RC(), DONE))
    server.add(stream(*answers()), path=SUBMIT)
    inner = AsyncTracer()
    handler = InOnEvent(async_narrow, inner)
    await async_play(async_narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", ")", "event thread.run.created", "end"]


async def test_e18_what_follows_on_the_leg_comes_to_the_same_handler(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks(done=False), RC(), DONE))
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnEvent(async_narrow)
    await async_play(async_narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "event thread.run.created", "end"]


async def test_e18_the_leg_ends_slowly(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks(done=False), then=script(pause(0.1), send(DONE), pause(0.05), end())))
    server.add(stream(*answers()), path=SUBMIT)
    await async_play(async_narrow, InOnEvent(async_narrow))
    assert [connection.requests for connection in server.connections] == [2]


TOO_LATE = script(pause(10), send(DONE), end())  # a client that waited would use the connection again
TOO_MUCH = flood(b": " + b"x" * 65536 + b"\n\n")


@pytest.mark.parametrize("rest", [TOO_LATE, TOO_MUCH, reset()], ids=["too late", "too much", "reset"])
async def test_e18_the_leg_does_not_end(
    server: Wire, async_narrow: AsyncClient, rest: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistream.streaming.bare._async.TAIL_SECONDS", 0.3)  # instead of 2
    server.add(stream(*asks(done=False), then=rest))
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnEvent(async_narrow)
    await async_play(async_narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [1, 1]
    assert server.connections[0].sent < 32 * MEBIBYTE  # 1 MiB and what the system buffers; in 2 s many times more


async def test_e18_the_nested_leg_fails(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(answer({"error": {"message": "No."}}, 500), path=SUBMIT, times=9)
    handler = InOnEvent(async_narrow)
    with pytest.raises(InternalServerError, match=r"No\."):
        await async_play(async_narrow, handler)
    assert handler.log[-3:] == ["(", "exception InternalServerError", "end"]
    assert len(server.requests) == 2


async def create(client: AsyncClient) -> None:
    await client.beta.threads.runs.create("thread_1", assistant_id="asst_1")


async def create_and_run(client: AsyncClient) -> None:
    await client.beta.threads.create_and_run(assistant_id="asst_1")


async def submit(client: AsyncClient) -> None:
    await client.beta.threads.runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=OUTPUTS)


async def add_message(client: AsyncClient) -> None:
    await client.beta.threads.messages.create("thread_1", role="user", content="Hi")


async def start_stream(client: AsyncClient) -> None:
    await async_play(client, AsyncTracer())


ONCE = pytest.mark.parametrize("act", [create, create_and_run, submit, add_message, start_stream])


@ONCE
@pytest.mark.parametrize("loss", [answer("no", 500, headers={"retry-after-ms": "1"}), reset()], ids=["500", "reset"])
async def test_e19_never_twice(server: Wire, async_client: AsyncClient, act: Any, loss: Step) -> None:
    server.add(loss, times=9)
    with pytest.raises((InternalServerError, APIConnectionError)):
        await act(async_client)
    assert len(server.requests) == 1
    assert server.requests[0].headers["idempotency-key"]


@ONCE
async def test_e19_again_at_a_server_that_knows_its_keys(server: Wire, async_client: AsyncClient, act: Any) -> None:
    server.add(answer(run(), headers={"assistream-idempotency": "1"}), method="GET")
    server.add(answer("no", 503, headers={"retry-after-ms": "1"}))
    server.add(stream(*hello()) if act is start_stream else answer(message() if act is add_message else run()))
    await async_client.beta.threads.runs.retrieve("run_1", thread_id="thread_1")
    await act(async_client)
    _, first, second = server.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


async def test_e19_each_request_has_a_key_of_its_own(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()), times=3)
    for _ in range(3):
        await start_stream(async_client)
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 3


async def read_by_iteration(client: AsyncClient) -> None:
    async with async_streaming(client, AsyncTracer()) as target:
        async for _ in target:
            pass


async def read_text(client: AsyncClient) -> None:
    async with async_streaming(client, AsyncTracer()) as target:
        assert [text async for text in target.text_deltas] == ["Hel", "lo"]


async def read_bare(client: AsyncClient) -> None:
    async for _ in await client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True):
        pass


async def read_final(client: AsyncClient) -> None:
    async with async_streaming(client, AsyncAssistantEventHandler()) as target:
        assert (await target.get_final_run()).status == "completed"


READERS = pytest.mark.parametrize("read", [start_stream, read_by_iteration, read_text, read_bare, read_final])


@READERS
async def test_e20_many_runs_use_one_connection(server: Wire, async_narrow: AsyncClient, read: Any) -> None:
    server.add(stream(*hello()), times=5)
    for _ in range(5):
        await read(async_narrow)
    assert [connection.requests for connection in server.connections] == [5]


@READERS
async def test_e20_also_when_the_end_comes_in_pieces(server: Wire, async_narrow: AsyncClient, read: Any) -> None:
    server.add(stream(*hello(done=False), then=script(pause(0.02), send(DONE), pause(0.02), end())), times=2)
    for _ in range(2):
        await read(async_narrow)
    assert [connection.requests for connection in server.connections] == [2]


async def test_e20_the_end_marker_without_the_end_of_the_run(server: Wire, async_narrow: AsyncClient) -> None:
    server.add(stream(RC(), DONE, then=script(pause(0.05), end())), times=2)
    for _ in range(2):
        await async_play(async_narrow, AsyncTracer())
    assert [connection.requests for connection in server.connections] == [2]


@pytest.mark.parametrize("frames", [[RC(), DONE], hello(done=False)], ids=["done", "run ended"])
async def test_e20_a_server_that_does_not_stop_is_left(
    server: Wire, async_narrow: AsyncClient, frames: list[bytes]
) -> None:
    server.add(stream(*frames, then=TOO_MUCH))
    server.add(stream(RC(), RD(), DONE))
    await async_play(async_narrow, AsyncTracer())
    await async_until(lambda: not server.open)
    await async_play(async_narrow, AsyncTracer())
    assert [connection.requests for connection in server.connections] == [1, 1]
