"""Servers that repeat ids, leave fields out, say nothing, or have been answered by somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from assistream import AsyncClient, BadRequestError, StreamTruncatedError, function_tool
from assistream.types import FunctionToolCall, Run, ToolCall

from ..frames import DONE, RA, RC, SC, SD, action, answers, asks, call, event, function, run
from ..recording import async_streaming
from ..wire import Wire, answer, reset, stream
from .programs import AsyncHooks

pytestmark = pytest.mark.anyio

RUN = "/threads/thread_1/runs/run_1"
SUBMIT, CANCEL = f"{RUN}/submit_tool_outputs", f"{RUN}/cancel"
WAITING = answer(run("requires_action", required_action=action(call())))
NO = answer({"error": {"message": "Runs in status in_progress do not accept tool outputs."}}, 400)


@function_tool
async def look(number: int = 0) -> int:
    return number


def turn(step_id: str, number: int) -> list[bytes]:
    """A leg that ends with a call that has the same id in every turn."""
    one = call(arguments=f'{{"number": {number}}}')
    delta = {
        "step_details": {"type": "tool_calls", "tool_calls": [function(one["function"]["arguments"], id="call_1")]}
    }
    told = event("thread.run.step.delta", {"id": step_id, "object": "thread.run.step.delta", "delta": delta})
    return [SC(step_id, calls=[]), told, RA(one), DONE]


def two_turns(server: Wire) -> None:
    server.add(stream(RC(), *turn("step_1", 1)))
    server.add(stream(SD("step_1", calls=[call(output="1")]), *turn("step_2", 2)), path=SUBMIT)
    server.add(stream(*answers()), path=SUBMIT)


def sent(server: Wire) -> list[list[str]]:
    submits = [request.body for request in server.requests if request.path == SUBMIT]
    return [[output["output"] for output in body["tool_outputs"]] for body in submits]


async def test_answers_by_hand_are_for_one_turn(server: Wire, async_client: AsyncClient) -> None:
    class Once(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            if not sent(server):
                self.submit_outputs([{"tool_call_id": "call_1", "output": "by hand"}])

    two_turns(server)
    async with async_streaming(async_client, Once(), functions=[look]) as handler:
        await handler.until_done()
    assert sent(server) == [["by hand"], ["2"]]


async def test_early_answers_to_calls_that_have_the_same_id(server: Wire, async_client: AsyncClient) -> None:
    class Early(AsyncHooks):
        async def on_tool_call_done(self, tool_call: ToolCall) -> None:
            if isinstance(tool_call, FunctionToolCall) and tool_call.function.output is None:
                self.submit_outputs([{"tool_call_id": "call_1", "output": tool_call.function.arguments}])

    two_turns(server)
    async with async_streaming(async_client, Early()) as handler:
        await handler.until_done()
    assert sent(server) == [['{"number": 1}'], ['{"number": 2}']]


async def test_an_approval_is_for_one_turn(server: Wire, async_client: AsyncClient) -> None:
    server.add(WAITING, path=RUN)
    server.add(stream(*turn("step_2", 1000)), path=SUBMIT)
    careful = function_tool(look, name="look", needs_approval=True)
    async with async_client.beta.threads.runs.resume_stream(
        "run_1", thread_id="thread_1", functions=[careful], approve={"call_1": True}
    ) as resumed:
        await resumed.until_done()
        assert [pending.arguments for pending in resumed.pending_calls] == ['{"number": 1000}']
    assert sent(server) == [["0"]]


async def test_two_calls_of_a_turn_have_the_same_id(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks(call(arguments='{"number": 1}'), call(arguments='{"number": 2}'))))
    server.add(stream(*answers()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        await handler.until_done()
    assert sent(server) == [["1", "2"]]


async def test_a_function_call_without_its_type(server: Wire, async_client: AsyncClient) -> None:
    bare = action(call())
    del bare["submit_tool_outputs"]["tool_calls"][0]["type"]
    server.add(stream(RC(), event("thread.run.requires_action", run("requires_action", required_action=bare)), DONE))
    server.add(stream(*answers()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        await handler.until_done()
    assert sent(server) == [["0"]]


@pytest.mark.parametrize("body", [{}, {"id": "run_1", "status": "cancelled"}, None])
async def test_what_a_cancel_answers_does_not_hide_an_error(
    server: Wire, async_client: AsyncClient, body: dict[str, Any] | None
) -> None:
    async def fails() -> None:
        raise LookupError("mine")

    asked = run("requires_action", required_action=action(call(name="fails")))
    bare = {name: value for name, value in asked.items() if name != "thread_id"}
    server.add(stream(RC(), event("thread.run.requires_action", bare), DONE))
    server.add(answer(body), path=CANCEL)
    server.add(answer(run("cancelled")), path=RUN)
    handler = AsyncHooks()
    with pytest.raises(LookupError, match="mine"):
        async with async_streaming(async_client, handler, functions=[fails], errors="raise"):
            await handler.until_done()
    assert CANCEL in [request.path for request in server.requests]
    assert handler.log[-2:] == ["exception LookupError", "end"]


async def test_a_run_that_cannot_be_cancelled_is_not_waited_for(
    server: Wire, async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.add(stream(*asks()))
    server.add(answer({"error": {"message": "No such thing."}}, 404), path=CANCEL)
    server.add(WAITING, path=RUN)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]):
        pass
    assert [request.path for request in server.requests[1:]] == [CANCEL, RUN]
    assert "could not be cancelled" in caplog.text


async def test_a_stream_that_breaks_off_says_how_its_run_is(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=reset()))
    server.add(answer(run("cancelled")), path=CANCEL)
    with pytest.raises(StreamTruncatedError, match=r"The run is cancelled\.$") as raised:
        async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
            await handler.until_done()
    assert raised.value.run is not None
    assert raised.value.run.status == "cancelled"


async def test_a_stream_that_breaks_off_without_the_loop(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=reset()))
    with pytest.raises(StreamTruncatedError, match="probably goes on at the server"):
        async with async_streaming(async_client, AsyncHooks()) as handler:
            await handler.until_done()


async def test_a_leg_that_says_nothing(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(DONE), path=SUBMIT)
    server.add(answer(run("in_progress")), path=RUN)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        assert (await handler.get_final_run()).status == "in_progress"
        assert handler.pending_calls == []
    assert [request.path for request in server.requests[1:]] == [SUBMIT, RUN]


async def test_a_leg_that_says_nothing_and_the_next_turn(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*asks()))
    server.add(stream(DONE), path=SUBMIT)
    server.add(answer(run("requires_action", required_action=action(call("call_2")))), path=RUN)
    server.add(stream(*answers()), path=SUBMIT)
    async with async_streaming(async_client, AsyncHooks(), functions=[look]) as handler:
        assert (await handler.get_final_run()).status == "completed"
    assert sent(server) == [["0"], ["0"]]


@pytest.mark.parametrize("status", [400, 409])
async def test_somebody_else_has_answered(server: Wire, async_client: AsyncClient, status: int) -> None:
    server.add(stream(*asks()))
    server.add(answer({"error": {"message": "Too late."}}, status), path=SUBMIT, times=3)
    server.add(answer(run("in_progress")), path=RUN)
    handler = AsyncHooks()
    async with async_streaming(async_client, handler, functions=[look]):
        assert (await handler.get_final_run()).status == "in_progress"
        assert handler.pending_calls == []
    assert handler.log[-2:] == ["output look 0", "end"]
    assert CANCEL not in [request.path for request in server.requests]


@pytest.mark.parametrize("seen", [WAITING, answer({"error": {"message": "Sorry."}}, 404)])
async def test_outputs_are_refused_and_nobody_has_answered(server: Wire, async_client: AsyncClient, seen: Any) -> None:
    server.add(stream(*asks()))
    server.add(NO, path=SUBMIT)
    server.add(seen, path=RUN, times=3)
    server.add(answer(run("cancelled")), path=CANCEL)
    handler = AsyncHooks()
    with pytest.raises(BadRequestError, match="do not accept"):
        async with async_streaming(async_client, handler, functions=[look]):
            await handler.until_done()
    assert handler.log[-2:] == ["exception BadRequestError", "end"]
