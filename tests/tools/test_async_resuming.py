"""Rule 4: a run that was left waiting is gone on with later, here or elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from assistream import AsyncClient, NotFoundError, StreamUsageError, function_tool
from assistream.engine import calls, says
from assistream.types import PendingCall, Run

from .programs import LOOK, AsyncHooks, AsyncProgram

pytestmark = pytest.mark.anyio


async def look() -> int:
    return 42


@function_tool(needs_approval=True)
async def pay(cents: int) -> str:
    return f"paid {cents}"


async def left_waiting(program: AsyncProgram, **options: Any) -> tuple[Run, list[PendingCall]]:
    async with program.stream(**options) as stream:
        run = await stream.get_final_run()
        assert run.status == "requires_action"
        return run, stream.pending_calls


async def test_rule_4_another_client_goes_on() -> None:
    async with AsyncProgram([calls(look={}, pay={"cents": 5}), calls(look={}), says("Done.")]) as program:
        run, pending = await left_waiting(program, tools=[look, pay])
        async with AsyncClient(base_url=program.client.base_url, api_key="test") as other:
            handler = AsyncHooks()
            async with other.beta.threads.runs.resume_stream(
                run.id,
                thread_id=run.thread_id,
                functions=[look, pay],
                approve={call.id: True for call in pending},
                event_handler=handler,
            ) as stream:
                assert stream.pending_calls == pending
                names = [event.event async for event in stream]
                assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["42", "paid 5"], ["42"]]
        assert names[:2] == ["tool.started", "tool.started"]
        assert names[-1] == "thread.run.completed"
        assert handler.log[-2:] == ["text Done.", "end"]
        assert not [line for line in handler.log if "approval" in line]


@pytest.mark.parametrize(("said", "told"), [(False, "The user did not allow this call."), ("Not today.", "Not today.")])
async def test_rule_4_a_refusal(said: bool | str, told: str) -> None:
    async with AsyncProgram([calls(look={}, pay={"cents": 5}), says("Done.")]) as program:
        run, pending = await left_waiting(program, tools=[look, pay])
        async with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[look, pay], approve={pending[1].id: said}
        ) as stream:
            await stream.until_done()
        assert program.told == [["42", told]]


async def test_rule_4_a_handler_may_approve_now() -> None:
    async with AsyncProgram([calls(pay={"cents": 5}), says("Done.")]) as program:
        run, _ = await left_waiting(program, tools=[pay])
        async with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[pay], event_handler=AsyncHooks(True)
        ) as stream:
            await stream.until_done()
        assert program.told == [["paid 5"]]


async def test_rule_4_the_same_handler_goes_on() -> None:
    async with AsyncProgram([calls(pay={"cents": 5}), says("Done.")]) as program:
        handler = AsyncHooks()
        run, pending = await left_waiting(program, handler=handler, tools=[pay])
        async with program.client.beta.threads.runs.resume_stream(
            run.id,
            thread_id=run.thread_id,
            functions=[pay],
            approve={pending[0].id: True},
            event_handler=handler,
        ) as stream:
            await stream.until_done()
            assert len(await stream.get_final_run_steps()) == 2
        assert handler.log[-2:] == ["text Done.", "end"]


async def test_rule_4_by_hand() -> None:
    async with AsyncProgram([calls(look={}), says("Done.")], declared=[LOOK]) as program:
        run, _ = await left_waiting(program)
        async with program.client.beta.threads.runs.resume_stream(run.id, thread_id=run.thread_id) as stream:
            stream.submit_outputs([{"tool_call_id": call.id, "output": "by hand"} for call in stream.pending_calls])
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["by hand"]]


async def test_rule_4_still_nobody_answers() -> None:
    async with AsyncProgram([calls(look={}, pay={"cents": 5})]) as program:
        run, pending = await left_waiting(program, tools=[look, pay])
        handler = AsyncHooks()
        async with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[look, pay], event_handler=handler
        ) as stream:
            assert [event async for event in stream] == []
            assert stream.pending_calls == pending
        assert handler.log == ["approval pay", "end"]
        assert (await program.run()).status == "requires_action"


async def test_a_run_that_does_not_wait() -> None:
    async with AsyncProgram([says("Done.")]) as program:
        async with program.stream() as stream:
            run = await stream.get_final_run()
        handler = AsyncHooks()
        runs = program.client.beta.threads.runs
        for _ in range(2):  # the handler is as new
            with pytest.raises(StreamUsageError, match="completed"):
                async with runs.resume_stream(run.id, thread_id=run.thread_id, event_handler=handler):
                    pass
        assert handler.log == ["exception StreamUsageError", "end"] * 2
        with pytest.raises(NotFoundError):
            async with runs.resume_stream("run_none", thread_id=run.thread_id):
                pass
        with pytest.raises(ValueError, match="run_id"):
            runs.resume_stream("", thread_id=run.thread_id)


async def test_an_approval_of_a_call_that_does_not_wait() -> None:
    async with AsyncProgram([calls(pay={"cents": 5})]) as program:
        run, _ = await left_waiting(program, tools=[pay])
        with pytest.raises(StreamUsageError, match="call_x"):
            async with program.client.beta.threads.runs.resume_stream(
                run.id, thread_id=run.thread_id, functions=[pay], approve={"call_x": True}
            ):
                pass
        assert (await program.run()).status == "requires_action"


async def test_leaving_a_resumed_stream_early_cancels() -> None:
    async with AsyncProgram([calls(look={})], declared=[LOOK]) as program:
        run, _ = await left_waiting(program)
        async with program.client.beta.threads.runs.resume_stream(run.id, thread_id=run.thread_id, functions=[look]):
            pass
        assert (await program.run()).status == "cancelled"
