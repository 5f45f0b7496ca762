"""Rule 8: whoever leaves early leaves nothing behind, here or at the server; `cancel`; what a submit may lose."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from assistream import (
    APIConnectionError,
    APITimeoutError,
    AsyncClient,
    InternalServerError,
    StreamTruncatedError,
    ToolContext,
    function_tool,
)
from assistream.engine import calls, says
from assistream.engine.models.scripted import waits_for
from assistream.types import PendingCall

from ..frames import DM, MC, MD, RC, RP, RX, action, answers, asks, call, run
from ..recording import async_streaming
from ..wire import Wire, answer, async_until, hang, head, reset, stream
from .programs import AsyncHooks, AsyncProgram, async_until_cancelled

pytestmark = pytest.mark.anyio

SUBMIT = "/threads/thread_1/runs/run_1/submit_tool_outputs"
CANCEL = "/threads/thread_1/runs/run_1/cancel"
RUN = "/threads/thread_1/runs/run_1"
CANCELLED = answer(run("cancelled"))
WAITING = run("requires_action", required_action=action(call()))


async def look() -> int:
    return 42


class Slow:
    """A tool that waits until it is stopped, and whether it was."""

    def __init__(self) -> None:
        self.stopped: list[bool] = []

    def tool(self) -> Any:
        @function_tool
        async def slow(ctx: ToolContext) -> str:
            try:
                await async_until_cancelled(ctx)
            finally:
                self.stopped.append(True)
            return ""

        return slow


async def test_rule_8_leaving_while_tools_run() -> None:
    slow = Slow()
    async with AsyncProgram([calls(slow={}, look={})]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[slow.tool(), look]) as stream:
            async for one in stream:
                if one.event == "tool.output":
                    break
        await async_until(lambda: slow.stopped)
        assert handler.log[-1] == "end"
        assert (await program.run()).status == "cancelled"
        assert (await stream.get_final_run()).status == "cancelled"


async def test_rule_8_the_body_raises() -> None:
    slow = Slow()
    async with AsyncProgram([calls(slow={}, look={})]) as program:
        handler = AsyncHooks()
        with pytest.raises(LookupError, match="mine"):
            async with program.stream(handler, tools=[slow.tool(), look]) as stream:
                async for one in stream:
                    if one.event == "tool.output":
                        raise LookupError("mine")
        await async_until(lambda: slow.stopped)
        assert (await program.run()).status == "cancelled"
        assert handler.log[-1] == "end"


async def test_rule_8_before_anything_was_read() -> None:
    async with AsyncProgram([calls(look={})]) as program:
        with pytest.raises(LookupError):
            async with program.stream(tools=[look]):
                raise LookupError
        assert (await program.run()).status == "cancelled"


async def test_rule_8_while_text_is_written() -> None:
    go = threading.Event()
    async with AsyncProgram([says("One.") + waits_for(go)]) as program:
        async with program.stream(tools=[look]) as stream:
            async for _ in stream.text_deltas:
                break
        assert (await program.run()).status == "cancelled"
        assert program.model.answering == 0


async def test_rule_8_close_stops_the_run_too() -> None:
    class Closes(AsyncHooks):
        async def on_tool_started(self, call: PendingCall) -> None:
            await self.close()

    async with AsyncProgram([calls(look={})]) as program:
        handler = Closes()
        async with program.stream(handler, tools=[look]) as stream:
            assert [one.event async for one in stream][-1] == "thread.run.requires_action"
        assert handler.log == ["end"]
        assert (await program.run()).status == "cancelled"


async def test_rule_8_without_the_loop_the_run_goes_on() -> None:
    go = threading.Event()
    async with AsyncProgram([says("One.") + waits_for(go)]) as program:
        async with program.stream() as stream:
            async for _ in stream.text_deltas:
                break
        assert (await program.run()).status == "in_progress"
        go.set()


async def test_rule_8_a_run_that_has_ended_is_left_alone(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        async for one in handler:
            if one.event == "thread.run.completed":
                break
    assert [request.path for request in server.requests[1:]] == [SUBMIT]


# cancel()


@pytest.mark.parametrize("tools", [[], [look]])
async def test_rule_8_cancel_from_another_thread(tools: list[Any]) -> None:
    go = threading.Event()
    async with AsyncProgram([says("One.") + waits_for(go)]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=tools) as stream:
            seen: list[str] = []
            timer = threading.Timer(0.05, stream.cancel)
            async for one in stream:
                seen.append(one.event)
                if seen.count("thread.message.delta") == 1:
                    timer.start()
            timer.join()
            assert (await stream.get_final_run()).status == "cancelled"
        assert seen[-1] == "thread.message.delta"
        assert handler.log == ["end"]
        assert (await program.run()).status == "cancelled"


async def test_rule_8_cancel_while_tools_run() -> None:
    slow = Slow()
    async with AsyncProgram([calls(slow={}, look={})]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[slow.tool(), look]) as stream:
            timer = threading.Timer(0.1, stream.cancel)
            timer.start()
            await stream.until_done()
            timer.join()
            await async_until(lambda: slow.stopped)
            assert (await stream.get_final_run()).status == "cancelled"
            stream.cancel()  # has nothing left to do
        assert handler.log[-1] == "end"


async def test_rule_8_cancel_in_a_hook() -> None:
    class Cancels(AsyncHooks):
        async def on_tool_output(self, call: PendingCall, output: str) -> None:
            self.cancel()

        async def on_exception(self, exception: Exception) -> None:
            raise AssertionError

    async with AsyncProgram([calls(look={})]) as program:
        handler = Cancels()
        async with program.stream(handler, tools=[look]) as stream:
            await stream.until_done()
            assert (await stream.get_final_run()).status == "cancelled"
        assert handler.log == ["started look", "end"]


async def test_rule_8_cancel_and_nobody_reads_on() -> None:
    async with AsyncProgram([calls(look={})]) as program:
        async with program.stream(tools=[look]) as stream:
            stream.cancel()
        assert (await program.run()).status == "cancelled"


async def test_rule_8_cancel_of_a_run_that_ends_by_itself(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=hang()))
    server.add(answer({"error": {"message": "Cannot cancel run with status 'completed'."}}, 400), path=CANCEL)
    server.add(answer(run("completed")), path=RUN)
    async with async_streaming(async_client, AsyncHooks()) as handler:
        await handler.__anext__()
        handler.cancel()
        assert (await handler.get_final_run()).status == "completed"


async def test_a_run_that_takes_its_time_to_stop(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    server.add(answer(run("cancelling")), path=CANCEL)
    server.add(answer(run("cancelling")), path=RUN, times=2)
    server.add(CANCELLED, path=RUN)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        await handler.__anext__()
    assert (await handler.get_final_run()).status == "cancelled"
    assert len(server.requests) == 5


async def test_a_server_that_does_not_stop_the_run(
    server: Wire, async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.add(stream(RC(), then=hang()))
    server.add(answer({"error": {"message": "Sorry."}}, 503), path=CANCEL, times=9)
    server.add(answer({"error": {"message": "Sorry."}}, 503), path=RUN, times=9)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        await handler.__anext__()
    assert handler.log == ["end"]
    assert "could not be cancelled" in caplog.text


# What is lost on the way


async def test_rule_8_a_leg_that_breaks_off(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RP(), then=reset()))
    server.add(CANCELLED, path=CANCEL)
    handler = AsyncHooks()
    with pytest.raises(StreamTruncatedError):
        async with async_streaming(async_client, handler, functions=[look]):
            await handler.until_done()
    assert server.requests[-1].path == CANCEL
    assert handler.log == ["exception StreamTruncatedError", "end"]


async def test_rule_8_silence(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    server.add(CANCELLED, path=CANCEL)
    with pytest.raises(APITimeoutError):
        async with async_streaming(async_client, AsyncHooks(), functions=[look], timeout=0.1) as handler:
            await handler.until_done()
    assert server.requests[-1].path == CANCEL


async def test_a_submit_is_never_sent_twice(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(answer({"error": {"message": "Sorry."}}, 500), path=SUBMIT)
    server.add(answer(WAITING), path=RUN)  # they have not arrived
    server.add(CANCELLED, path=CANCEL)
    handler = AsyncHooks()
    with pytest.raises(InternalServerError):
        async with async_streaming(async_client, handler, functions=[look]):
            await handler.until_done()
    assert [request.path for request in server.requests[1:]] == [SUBMIT, RUN, CANCEL]
    assert handler.log[-2:] == ["exception InternalServerError", "end"]


async def test_outputs_that_may_have_arrived_are_not_taken_back(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(reset(), path=SUBMIT)
    server.add(answer(run("in_progress")), path=RUN)
    with pytest.raises(APIConnectionError):
        async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
            await handler.until_done()
    assert [request.path for request in server.requests[1:]] == [SUBMIT, RUN]


async def test_a_submit_leg_that_says_nothing_is_not_repeated(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(b"event: done\ndata: [DONE]\n\n"), path=SUBMIT)
    server.add(answer(WAITING), path=RUN)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        await handler.until_done()
        assert [pending.id for pending in handler.pending_calls] == ["call_1"]  # so says the server
    assert [request.path for request in server.requests[1:]] == [SUBMIT, RUN]


async def test_a_submit_leg_is_left_before_it_says_anything(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(head(), hang(), path=SUBMIT)
    server.add(CANCELLED, path=CANCEL)
    with pytest.raises(APITimeoutError):
        async with async_streaming(async_client, AsyncHooks(), functions=[look], timeout=0.1) as handler:
            await handler.until_done()
    assert server.requests[-1].path == CANCEL


async def test_rule_3_ten_legs_use_one_connection(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    for leg in range(2, 10):
        says = [MC(f"msg_{leg}"), DM(f"msg_{leg}", "So "), MD(f"msg_{leg}", f"So {leg}")]
        server.add(stream(RP(), *says, *asks()[1:]), path=SUBMIT)
    server.add(stream(*answers()), path=SUBMIT)
    handler = AsyncHooks()
    async with async_streaming(async_client, handler, functions=[look]):
        assert (await handler.get_final_run()).status == "completed"
        assert [message.id for message in await handler.get_final_messages()][::4] == ["msg_2", "msg_6", "msg_1"]
    assert len(server.requests) == 10
    assert len(server.connections) == 1
    bodies = [request.body for request in server.requests[1:]]
    assert bodies == [{"tool_outputs": [{"tool_call_id": "call_1", "output": "42"}], "stream": True}] * 9
    assert handler.log.count("end") == 1


async def test_options_of_the_request_go_for_every_leg(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(RX()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[look], extra_headers={"X-A": "1"}) as handler:
        await handler.until_done()
    assert [request.headers["x-a"] for request in server.requests] == ["1", "1"]


async def test_every_frame_is_heard(server: Wire, async_client: AsyncClient) -> None:
    class Hears(AsyncHooks):
        def frame_received(self, frame: Any) -> None:
            self.log.append(frame.event)

    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler, other = Hears(), Hears()
    async with async_streaming(async_client, [handler, other], functions=[look]) as handler:
        await handler.until_done()
    heard = [line for line in handler.log if line.startswith(("thread.", "done"))]
    assert heard.count("done") == 2
    assert heard[-1] == "done"
    assert "thread.run.requires_action" in heard
    assert [line for line in other.log if line.startswith(("thread.", "done"))] == heard


async def test_a_server_without_tools_in_its_runs(server: Wire, async_client: AsyncClient) -> None:
    # frames.run() says "tools": []: then a name without a function is unknown; where nothing is said, it waits.
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[function_tool(look, name="other")]) as handler:
        await handler.until_done()
    assert "no tool 'look'" in server.requests[-1].body["tool_outputs"][0]["output"]
