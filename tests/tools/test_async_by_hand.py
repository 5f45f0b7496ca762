"""Answers by hand: `submit_outputs`, the classic submit, and both together with functions (rule 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistream import AsyncAssistantEventHandler, StreamUsageError, function_tool
from assistream.engine import calls, says
from assistream.types import AssistantStreamEvent, FunctionToolCall, PendingCall, Run, ToolCall, ToolOutput

from .programs import LOOK, AsyncHooks, AsyncProgram

pytestmark = pytest.mark.anyio


async def look() -> int:
    return 42


async def see() -> int:
    return 43


def answered(handler: AsyncAssistantEventHandler, *names: str) -> list[ToolOutput]:
    """Answers for the pending calls of these names, or for all."""
    pending = [call for call in handler.pending_calls if not names or call.name in names]
    return [{"tool_call_id": call.id, "output": f"{call.name} by hand"} for call in pending]


class Batch(AsyncHooks):
    async def on_run_requires_action(self, run: Run) -> None:
        self.submit_outputs(answered(self))


class InOnEvent(AsyncHooks):
    async def on_event(self, event: AssistantStreamEvent) -> None:
        if event.event == "thread.run.requires_action":
            self.submit_outputs(answered(self))


class CallByCall(AsyncHooks):
    async def on_tool_call_done(self, tool_call: ToolCall) -> None:
        assert isinstance(tool_call, FunctionToolCall)
        self.submit_outputs([{"tool_call_id": tool_call.id, "output": f"{tool_call.function.name} by hand"}])


@pytest.mark.parametrize("make", [Batch, InOnEvent, CallByCall])
async def test_rule_2_answers_by_hand_turn_the_loop_on(make: Callable[[], AsyncHooks]) -> None:
    script = [calls(look={}, see={}), calls(look={}), says("Done.")]
    async with AsyncProgram(script, declared=[LOOK]) as program:
        handler = make()
        async with program.stream(handler, tools=[LOOK, see]) as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["look by hand", "see by hand"], ["look by hand"]]
        assert handler.log == ["text Done.", "end"]


async def test_rule_2_without_any_function() -> None:
    async with AsyncProgram([calls(look={}), says("Done.")], declared=[LOOK]) as program:
        async with program.stream(Batch()) as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["look by hand"]]


async def test_rule_2_while_iterating() -> None:
    async with AsyncProgram([calls(look={}), says("Done.")], declared=[LOOK]) as program:
        async with program.stream() as stream:
            async for event in stream:
                if event.event == "thread.run.requires_action":
                    stream.submit_outputs(answered(stream))
        assert program.told == [["look by hand"]]


async def test_rule_2_by_hand_wins_and_functions_do_the_rest() -> None:
    class Half(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            self.submit_outputs(answered(self, "look"))

    async with AsyncProgram([calls(see={}, look={}), says("Done.")]) as program:
        handler = Half()
        async with program.stream(handler, tools=[look, see]) as stream:
            await stream.until_done()
        assert program.told == [["43", "look by hand"]]
        assert handler.log[:2] == ["started see", "output see 43"]


async def test_rule_2_by_hand_while_tools_run() -> None:
    class Late(AsyncHooks):
        async def on_tool_started(self, call: PendingCall) -> None:
            self.submit_outputs(answered(self))

    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        async with program.stream(Late(), tools=[look]) as stream:
            await stream.until_done()
        assert program.told == [["look by hand"]]


async def test_rule_2_an_answer_instead_of_an_approval() -> None:
    @function_tool(needs_approval=True)
    async def pay() -> str:
        return "paid"

    class Answers(AsyncHooks):
        async def on_tool_approval(self, call: PendingCall) -> bool | str | None:
            self.submit_outputs([{"tool_call_id": call.id, "output": "paid by hand"}])
            return None

    async with AsyncProgram([calls(pay={}), says("Done.")]) as program:
        async with program.stream(Answers(), tools=[pay]) as stream:
            await stream.until_done()
        assert program.told == [["paid by hand"]]


async def test_rule_2_some_answers_are_not_enough() -> None:
    class Half(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            self.submit_outputs(answered(self, "look"))

    async with AsyncProgram([calls(look={}, see={})]) as program:
        async with program.stream(Half(), tools=[LOOK, {"type": "function", "function": {"name": "see"}}]) as stream:
            assert (await stream.get_final_run()).status == "requires_action"
            assert [call.name for call in stream.pending_calls] == ["look", "see"]
        assert (await program.run()).status == "requires_action"


async def test_outputs_by_hand_are_written_as_those_of_functions() -> None:
    class Loose(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            self.submit_outputs([{"tool_call_id": call.id, "output": {"high": 1.5}} for call in self.pending_calls])

    async with AsyncProgram([calls(look={}), says("Done.")], declared=[LOOK]) as program:
        async with program.stream(Loose()) as stream:
            await stream.until_done()
        assert program.told == [['{"high":1.5}']]


async def test_when_nothing_waits() -> None:
    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        with pytest.raises(StreamUsageError, match="no stream yet"):
            AsyncHooks().submit_outputs([])
        async with program.stream(tools=[look]) as stream:
            with pytest.raises(StreamUsageError, match="waits for no outputs"):
                stream.submit_outputs([])
            async for event in stream:
                if event.event == "thread.message.created":
                    with pytest.raises(StreamUsageError, match="waits for no outputs"):
                        stream.submit_outputs([{"tool_call_id": "call_1", "output": "x"}])
            with pytest.raises(StreamUsageError, match="has ended"):
                stream.submit_outputs([])


async def test_ids_that_nobody_asked_for() -> None:
    class Wrong(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            (call,) = self.pending_calls
            wrong: ToolOutput = {"tool_call_id": "call_x", "output": ""}
            with pytest.raises(StreamUsageError, match=f"no output of 'call_x', but of '{call.id}'"):
                self.submit_outputs([*answered(self), wrong])

    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        async with program.stream(Wrong(), tools=[look]) as stream:
            await stream.until_done()
        assert program.told == [["42"]]  # nothing of the refused list was taken


class Classic(AsyncHooks):
    """The nested form of old programs, to a handler of its own or to itself."""

    def __init__(self, program: AsyncProgram, *, itself: bool) -> None:
        super().__init__()
        self.program, self.itself = program, itself

    async def on_event(self, event: AssistantStreamEvent) -> None:
        if event.event == "thread.run.requires_action":
            inner = self if self.itself else Classic(self.program, itself=False)
            async with self.program.client.beta.threads.runs.submit_tool_outputs_stream(
                event.data.id, thread_id=event.data.thread_id, tool_outputs=answered(self), event_handler=inner
            ) as stream:
                await stream.until_done()
            self.log += [] if self.itself else inner.log


@pytest.mark.parametrize("itself", [False, True])
@pytest.mark.parametrize("functions", [[], [look]])
async def test_the_classic_form_answers_once(functions: list[Any], itself: bool) -> None:
    script = [calls(look={}), calls(look={}), says("Done.")]
    async with AsyncProgram(script, declared=[LOOK]) as program:
        handler = Classic(program, itself=itself)
        async with program.stream(handler, functions=functions) as stream:
            run = await stream.get_final_run()
        assert program.told == [["look by hand"]] * 2
        assert "started look" not in handler.log
        assert handler.log[-1] == "end"
        assert "text Done." in handler.log
        if functions or itself:
            assert run.status == "completed"
        assert (await program.run()).status == "completed"


async def test_a_plain_submit_in_a_hook_answers_too() -> None:
    class Plain(AsyncHooks):
        async def on_run_requires_action(self, run: Run) -> None:
            await program.client.beta.threads.runs.submit_tool_outputs_and_poll(
                run.id, thread_id=run.thread_id, tool_outputs=answered(self), poll_interval_ms=5
            )

    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        handler = Plain()
        async with program.stream(handler, tools=[look]) as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert handler.log == ["end"]
        assert program.told == [["look by hand"]]
