# Written by scripts/unasync.py from test_async_resuming.py; edit that file instead.
"""Rule 4: a run that was left waiting is gone on with later, here or elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from assistream import Client, NotFoundError, StreamUsageError, function_tool
from assistream.engine import calls, says
from assistream.types import PendingCall, Run

from .programs import LOOK, Hooks, Program


def look() -> int:
    return 42


@function_tool(needs_approval=True)
def pay(cents: int) -> str:
    return f"paid {cents}"


def left_waiting(program: Program, **options: Any) -> tuple[Run, list[PendingCall]]:
    with program.stream(**options) as stream:
        run = stream.get_final_run()
        assert run.status == "requires_action"
        return run, stream.pending_calls


def test_rule_4_another_client_goes_on() -> None:
    with Program([calls(look={}, pay={"cents": 5}), calls(look={}), says("Done.")]) as program:
        run, pending = left_waiting(program, tools=[look, pay])
        with Client(base_url=program.client.base_url, api_key="test") as other:
            handler = Hooks()
            with other.beta.threads.runs.resume_stream(
                run.id,
                thread_id=run.thread_id,
                functions=[look, pay],
                approve={call.id: True for call in pending},
                event_handler=handler,
            ) as stream:
                assert stream.pending_calls == pending
                names = [event.event for event in stream]
                assert (stream.get_final_run()).status == "completed"
        assert program.told == [["42", "paid 5"], ["42"]]
        assert names[:2] == ["tool.started", "tool.started"]
        assert names[-1] == "thread.run.completed"
        assert handler.log[-2:] == ["text Done.", "end"]
        assert not [line for line in handler.log if "approval" in line]


@pytest.mark.parametrize(("said", "told"), [(False, "The user did not allow this call."), ("Not today.", "Not today.")])
def test_rule_4_a_refusal(said: bool | str, told: str) -> None:
    with Program([calls(look={}, pay={"cents": 5}), says("Done.")]) as program:
        run, pending = left_waiting(program, tools=[look, pay])
        with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[look, pay], approve={pending[1].id: said}
        ) as stream:
            stream.until_done()
        assert program.told == [["42", told]]


def test_rule_4_a_handler_may_approve_now() -> None:
    with Program([calls(pay={"cents": 5}), says("Done.")]) as program:
        run, _ = left_waiting(program, tools=[pay])
        with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[pay], event_handler=Hooks(True)
        ) as stream:
            stream.until_done()
        assert program.told == [["paid 5"]]


def test_rule_4_the_same_handler_goes_on() -> None:
    with Program([calls(pay={"cents": 5}), says("Done.")]) as program:
        handler = Hooks()
        run, pending = left_waiting(program, handler=handler, tools=[pay])
        with program.client.beta.threads.runs.resume_stream(
            run.id,
            thread_id=run.thread_id,
            functions=[pay],
            approve={pending[0].id: True},
            event_handler=handler,
        ) as stream:
            stream.until_done()
            assert len(stream.get_final_run_steps()) == 2
        assert handler.log[-2:] == ["text Done.", "end"]


def test_rule_4_by_hand() -> None:
    with Program([calls(look={}), says("Done.")], declared=[LOOK]) as program:
        run, _ = left_waiting(program)
        with program.client.beta.threads.runs.resume_stream(run.id, thread_id=run.thread_id) as stream:
            stream.submit_outputs([{"tool_call_id": call.id, "output": "by hand"} for call in stream.pending_calls])
            assert (stream.get_final_run()).status == "completed"
        assert program.told == [["by hand"]]


def test_rule_4_still_nobody_answers() -> None:
    with Program([calls(look={}, pay={"cents": 5})]) as program:
        run, pending = left_waiting(program, tools=[look, pay])
        handler = Hooks()
        with program.client.beta.threads.runs.resume_stream(
            run.id, thread_id=run.thread_id, functions=[look, pay], event_handler=handler
        ) as stream:
            assert [event for event in stream] == []
            assert stream.pending_calls == pending
        assert handler.log == ["approval pay", "end"]
        assert (program.run()).status == "requires_action"


def test_a_run_that_does_not_wait() -> None:
    with Program([says("Done.")]) as program:
        with program.stream() as stream:
            run = stream.get_final_run()
        handler = Hooks()
        runs = program.client.beta.threads.runs
        for _ in range(2):  # the handler is as new
            with pytest.raises(StreamUsageError, match="completed"):
                with runs.resume_stream(run.id, thread_id=run.thread_id, event_handler=handler):
                    pass
        assert handler.log == ["exception StreamUsageError", "end"] * 2
        with pytest.raises(NotFoundError):
            with runs.resume_stream("run_none", thread_id=run.thread_id):
                pass
        with pytest.raises(ValueError, match="run_id"):
            runs.resume_stream("", thread_id=run.thread_id)


def test_an_approval_of_a_call_that_does_not_wait() -> None:
    with Program([calls(pay={"cents": 5})]) as program:
        run, _ = left_waiting(program, tools=[pay])
        with pytest.raises(StreamUsageError, match="call_x"):
            with program.client.beta.threads.runs.resume_stream(
                run.id, thread_id=run.thread_id, functions=[pay], approve={"call_x": True}
            ):
                pass
        assert (program.run()).status == "requires_action"


def test_leaving_a_resumed_stream_early_cancels() -> None:
    with Program([calls(look={})], declared=[LOOK]) as program:
        run, _ = left_waiting(program)
        with program.client.beta.threads.runs.resume_stream(run.id, thread_id=run.thread_id, functions=[look]):
            pass
        assert (program.run()).status == "cancelled"
