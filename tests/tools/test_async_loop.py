"""The loop: TOOLS.md's rules 1 to 5 and 11 to 13, each by its number; the others are in the files beside this one."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import pytest
from pydantic import BaseModel

from assistream import (
    ConfigurationError,
    RunFailedError,
    StreamUsageError,
    StructuredOutputError,
    ToolContext,
    function_tool,
)
from assistream.engine import calls, fails, refuses, says
from assistream.types import AssistantStreamEvent, FunctionTool, PendingCall

from .programs import LOOK, AsyncHooks, AsyncProgram, outputs

pytestmark = pytest.mark.anyio


class Forecast(BaseModel):
    city: str
    high: float


async def get_weather(city: str) -> Forecast:
    """Today's forecast."""
    return Forecast(city=city, high=21.5)


async def look() -> int:
    return 42


async def answer() -> dict[str, Any]:
    return {"error": None, "value": [1, 2]}


def plain() -> str:
    return "plain"


OSLO = '{"city":"Oslo","high":21.5}'


# Rule 1: what sends and what binds


async def test_rule_1_tools_define_and_bind() -> None:
    async with AsyncProgram([calls(get_weather={"city": "Oslo"}), says("Warm.")], declared=[LOOK]) as program:
        async with program.stream(tools=iter([get_weather, {"type": "file_search"}])) as stream:
            run = await stream.get_final_run()
        assert run.status == "completed"
        kinds = [tool.function.name if isinstance(tool, FunctionTool) else tool.type for tool in run.tools]
        assert kinds == ["get_weather", "file_search"]  # those of the run take the place of the assistant's
        assert program.told == [[OSLO]]


async def test_rule_1_functions_only_bind() -> None:
    async with AsyncProgram([calls(look={}), says("Seen.")], declared=[LOOK]) as program:
        async with program.stream(functions=[look]) as stream:
            run = await stream.get_final_run()
        assert (run.status, len(run.tools)) == ("completed", 1)
        assert program.told == [["42"]]


async def test_rule_1_an_assistant_only_defines() -> None:
    async with AsyncProgram([calls(get_weather={"city": "Oslo"})]) as program:
        assistant = await program.client.beta.assistants.create(model="m", tools=[get_weather, {"type": "file_search"}])
        await program.client.beta.assistants.update(assistant.id, tools=[get_weather])
        program.assistant = assistant.id
        async with program.stream() as stream:
            run = await stream.get_final_run()
        assert run.status == "requires_action"
        (tool,) = run.tools
        assert isinstance(tool, FunctionTool)
        assert tool.function.description == "Today's forecast."


async def test_rule_1_runs_without_a_handler_only_define() -> None:
    async with AsyncProgram([calls(look={})] * 3) as program:
        runs = program.client.beta.threads.runs
        options: dict[str, Any] = {"assistant_id": program.assistant, "tools": [look]}
        run = await runs.create_and_poll(program.thread, **options)
        assert run.status == "requires_action"
        await runs.cancel(run.id, thread_id=program.thread)
        async with await program.client.beta.threads.create_and_run(
            stream=True, thread={"messages": [{"role": "user", "content": "Go."}]}, **options
        ) as events:
            names = [event.event async for event in events]
        assert names[-1] == "thread.run.requires_action"


async def test_rule_1_a_new_thread_has_tools_too() -> None:
    async with AsyncProgram([calls(look={}), says("Seen.")]) as program:
        async with program.client.beta.threads.create_and_run_stream(
            assistant_id=program.assistant, tools=[look], thread={"messages": [{"role": "user", "content": "Go."}]}
        ) as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["42"]]


async def test_rule_1_two_of_one_name() -> None:
    async with AsyncProgram([]) as program:
        with pytest.raises(ConfigurationError, match="Two functions are called look"):
            program.stream(tools=[look], functions=[function_tool(plain, name="look")])


# Rule 2: when the loop is on


async def test_rule_2_without_functions_the_stream_ends_as_before() -> None:
    async with AsyncProgram([calls(look={})], declared=[LOOK]) as program:
        handler = AsyncHooks()
        async with program.stream(handler) as stream:
            run = await stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look"]
        assert run.status == "requires_action"
        assert (await program.run()).status == "requires_action"  # and leaving does not cancel it
        assert handler.log == ["end"]


async def test_rule_2_later_legs_have_functions_too() -> None:
    async with AsyncProgram([calls(look={}), calls(look={}), says("Seen.")], declared=[LOOK]) as program:
        async with program.stream() as stream:
            run = await stream.get_final_run()
            (call,) = stream.pending_calls
        async with program.client.beta.threads.runs.submit_tool_outputs_stream(
            run.id,
            thread_id=run.thread_id,
            tool_outputs=[{"tool_call_id": call.id, "output": "by hand"}],
            functions=[look],
        ) as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["by hand"], ["42"]]


# Rule 3: one stream across every requires_action


async def test_rule_3_one_stream_for_the_whole_run() -> None:
    script = [says("Let me see. ") + calls(look={}), calls(get_weather={"city": "Oslo"}), says("21.5 degrees.")]
    async with AsyncProgram(script) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[look, get_weather]) as stream:
            events: list[AssistantStreamEvent] = [event async for event in stream]
            run = await stream.get_final_run()
            messages = await stream.get_final_messages()
            steps = await stream.get_final_run_steps()
        assert run.status == "completed"
        assert handler.log == [
            "text Let me see. ",
            "started look",
            "output look 42",
            "started get_weather",
            f"output get_weather {OSLO}",
            "text 21.5 degrees.",
            "end",
        ]
        names = [event.event for event in events]
        assert names.count("thread.run.requires_action") == 2
        assert names.count("thread.run.completed") == 1
        assert names[-1] == "thread.run.completed"
        assert (len(messages), len(steps)) == (2, 4)
        assert {step.status for step in steps} == {"completed"}


async def test_rule_3_outputs_are_in_call_order_and_tools_side_by_side() -> None:
    both = threading.Barrier(2, timeout=5)

    @function_tool
    def first(ctx: ToolContext) -> str:
        both.wait()
        second_is_done.wait(5)
        return "first"

    @function_tool
    def second(ctx: ToolContext) -> str:
        both.wait()
        return "second"

    second_is_done = threading.Event()

    class Order(AsyncHooks):
        async def on_tool_output(self, call: PendingCall, output: str) -> None:
            self.log.append(output)
            second_is_done.set()

    async with AsyncProgram([calls(first={}, second={}), says("Done.")]) as program:
        handler = Order()
        async with program.stream(handler, tools=[first, second]) as stream:
            events: list[AssistantStreamEvent] = [event async for event in stream]
        assert program.told == [["first", "second"]]
        assert outputs(events) == ["second", "first"]
        assert handler.log == ["started first", "started second", "second", "first", "text Done.", "end"]


async def test_rule_3_text_does_not_stop_the_loop_and_failure_ends_it() -> None:
    async with AsyncProgram([says("One.") + calls(look={}), says("Two.") + fails()]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[look]) as stream:
            run = await stream.get_final_run()
        assert run.status == "failed"
        assert handler.log[-2:] == ["text Two.", "end"]


async def test_rule_3_several_handlers_are_told_in_order() -> None:
    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        log: list[str] = []
        first, second = AsyncHooks(), AsyncHooks()
        first.log = second.log = log
        async with program.stream([first, second], tools=[look]) as stream:
            await stream.until_done()
        assert log[:4] == ["started look", "started look", "output look 42", "output look 42"]
        assert log[-2:] == ["end", "end"]


# Rule 4: names nobody knows, and calls that nobody answers


async def test_rule_4_a_name_that_is_not_among_the_tools() -> None:
    async with AsyncProgram([calls(fly={}, look={}), says("Well.")]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[look], errors="raise") as stream:
            assert (await stream.get_final_run()).status == "completed"
        assert program.told == [["There is no tool 'fly'. There are: look.", "42"]]
        assert handler.log[:3] == ["error fly ToolError", "started look", "output look 42"]


async def test_rule_4_a_function_that_this_run_was_not_given() -> None:
    async with AsyncProgram([calls(look={}), says("Well.")], declared=[LOOK]) as program:
        async with program.stream(tools=[get_weather], functions=[look]) as stream:
            await stream.until_done()
        assert program.told == [["There is no tool 'look'. There are: get_weather."]]


async def test_rule_4_a_declared_tool_without_function_runs_none() -> None:
    ran: list[str] = []

    def other() -> str:
        ran.append("other")
        return "other"

    async with AsyncProgram([calls(look={}, other={})], declared=[LOOK]) as program:
        handler = AsyncHooks()
        async with program.stream(handler, tools=[LOOK, other]) as stream:
            run = await stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look", "other"]
            with pytest.raises(StreamUsageError, match="resume_stream"):
                stream.submit_outputs([])
        assert run.status == "requires_action"
        assert (await program.run()).status == "requires_action"  # the stream went to its end: nothing is cancelled
        assert (ran, handler.log) == ([], ["end"])


async def test_rule_4_pending_calls() -> None:
    assert AsyncHooks().pending_calls == []
    async with AsyncProgram([calls(look={"at": "me"}), says("Done.")]) as program:
        async with program.stream() as stream:
            assert stream.pending_calls == []
            await stream.until_done()
            assert stream.pending_calls == []
    async with AsyncProgram([calls(look={"at": "me"})], declared=[LOOK]) as program:
        async with program.stream() as stream:
            run = await stream.get_final_run()
            (call,) = stream.pending_calls
        assert (call.name, call.parsed) == ("look", {"at": "me"})
        assert (call.run_id, call.thread_id) == (run.id, run.thread_id)


# Rule 5: hooks and events


async def test_rule_5_hooks_come_before_their_events_and_not_in_on_event() -> None:
    @function_tool
    async def work(ctx: ToolContext) -> str:
        ctx.progress("half")
        return "done"

    async def broken() -> str:
        raise LookupError("no")

    class Both(AsyncHooks):
        async def on_event(self, event: AssistantStreamEvent) -> None:
            assert not event.event.startswith("tool.")

    async with AsyncProgram([calls(work={}), calls(broken={}), says("Done.")]) as program:
        handler = Both()
        seen: list[tuple[str, str]] = []
        async with program.stream(handler, tools=[work, broken]) as stream:
            async for event in stream:
                if event.event.startswith("tool."):
                    assert stream.current_event is event
                    seen.append((event.event, handler.log[-1]))
        assert seen == [
            ("tool.started", "started work"),
            ("tool.progress", "progress work half"),
            ("tool.output", "output work done"),
            ("tool.started", "started broken"),
            ("tool.error", "error broken LookupError"),
        ]


async def test_rule_5_hooks_are_called_where_the_stream_is_read() -> None:
    places: list[Any] = []

    class Where(AsyncHooks):
        def on_tool_started(self, call: PendingCall) -> Any:
            places.append(threading.get_ident())

        def on_tool_progress(self, call: PendingCall, message: str) -> Any:
            places.append(threading.get_ident())

        def on_tool_output(self, call: PendingCall, output: str) -> Any:
            places.append(threading.get_ident())

    def work(ctx: ToolContext, name: str) -> str:
        ctx.progress(name)
        return name

    async with AsyncProgram([calls(("work", {"name": "a"}), ("work", {"name": "b"})), says("Done.")]) as program:
        async with program.stream(Where(), tools=[work]) as stream:
            await stream.until_done()
    assert places == [threading.get_ident()] * 6


@pytest.mark.parametrize(
    ("said", "told"), [(True, "yes"), (False, "The user did not allow this call."), ("Ask later.", "Ask later.")]
)
async def test_rule_5_approval(said: bool | str, told: str) -> None:
    @function_tool(needs_approval=True)
    async def pay() -> str:
        return "yes"

    async with AsyncProgram([calls(pay={}, look={}), says("Done.")]) as program:
        handler = AsyncHooks(said)
        async with program.stream([AsyncHooks(None), handler, AsyncHooks("too late")], tools=[pay, look]) as stream:
            await stream.until_done()
        assert program.told == [[told, "42"]]
        assert handler.log[0] == "approval pay"
        assert ("started pay" in handler.log) is (said is True)
        assert f"output pay {told}" in handler.log


async def test_rule_5_approvals_come_in_order_before_any_tool() -> None:
    @function_tool(needs_approval=True)
    async def pay() -> str:
        return "paid"

    def is_much(cents: int) -> bool:
        return cents > 100

    @function_tool(needs_approval=is_much)
    async def lend(cents: int) -> str:
        return "lent"

    script = [calls(("look", {}), ("lend", {"cents": 500}), ("lend", {"cents": 5}), ("pay", {})), says("Done.")]
    async with AsyncProgram(script) as program:
        handler = AsyncHooks(True)
        async with program.stream(handler, tools=[pay, look, lend]) as stream:
            await stream.until_done()
        assert handler.log[:3] == ["approval lend", "approval pay", "started look"]
        assert program.told == [["42", "lent", "lent", "paid"]]


async def test_rule_5_nobody_approves() -> None:
    @function_tool(needs_approval=True)
    async def pay() -> str:
        return "paid"

    async with AsyncProgram([calls(look={}, pay={})]) as program:
        handler = AsyncHooks(None)
        async with program.stream(handler, tools=[pay, look]) as stream:
            run = await stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look", "pay"]
        assert run.status == "requires_action"
        assert handler.log == ["approval pay", "end"]


async def test_rule_5_an_answer_that_is_none() -> None:
    @function_tool(needs_approval=True)
    async def pay() -> str:
        return "paid"

    async with AsyncProgram([calls(pay={})]) as program:
        handler = AsyncHooks()
        handler.answer = 1  # type: ignore[assignment]  # what is tested
        with pytest.raises(TypeError, match="on_tool_approval returned 1"):
            async with program.stream(handler, tools=[pay]) as stream:
                await stream.until_done()
        assert handler.log[-2:] == ["exception TypeError", "end"]


async def test_rule_5_a_hook_that_raises_ends_the_stream_and_the_run() -> None:
    class Raises(AsyncHooks):
        async def on_tool_started(self, call: PendingCall) -> None:
            raise LookupError("mine")

    async with AsyncProgram([calls(look={})]) as program:
        handler = Raises()
        with pytest.raises(LookupError, match="mine"):
            async with program.stream(handler, tools=[look]) as stream:
                await stream.until_done()
        assert handler.log == ["exception LookupError", "end"]
        assert (await program.run()).status == "cancelled"


# Rules 11 and 12


async def test_rule_11_results() -> None:
    async with AsyncProgram([calls(look={}), calls(answer={}), calls(plain={}), says("Done.")]) as program:
        async with program.stream(AsyncHooks(), tools=[look, answer, plain]) as stream:
            await stream.until_done()
        assert program.told == [["42"], ['{"error":null,"value":[1,2]}'], ["plain"]]  # "error" is a key like any other


async def test_rule_11_what_is_no_json_is_told() -> None:
    async def thing() -> object:
        return object()

    async with AsyncProgram([calls(thing={}), says("Done.")]) as program:
        async with program.stream(tools=[thing]) as stream:
            await stream.until_done()
        ((told,),) = program.told
        assert "object" in told
        assert "0x" not in told


async def test_rule_12_arguments_while_they_come() -> None:
    class Partial(AsyncHooks):
        async def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
            self.log.append(str(snapshot.function.parsed_arguments))

    async with AsyncProgram([calls(get_weather='{"city": "Oslo"}'), says("Done.")]) as program:
        handler = Partial()
        async with program.stream(handler, tools=[get_weather]) as stream:
            await stream.until_done()
        assert "{'city': 'Oslo'}" in handler.log


# Rule 13: structured output


async def test_rule_13_parse_as() -> None:
    async with AsyncProgram([calls(look={}), says(OSLO)]) as program:
        async with program.stream(tools=[look], parse_as=Forecast) as stream:
            forecast = await stream.get_final_parsed()
            assert forecast == Forecast(city="Oslo", high=21.5)
            assert await stream.get_final_parsed(dict[str, Any]) == {"city": "Oslo", "high": 21.5}
        for request in program.model.requests:
            assert request.response_format is not None
            assert request.response_format["json_schema"]["name"] == "Forecast"


async def test_rule_13_what_is_not_what_was_asked_for() -> None:
    async with AsyncProgram([says("Warm.")]) as program:
        async with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StructuredOutputError, match="Forecast") as raised:
                await stream.get_final_parsed()
        assert raised.value.text == "Warm."
    async with AsyncProgram([refuses("I may not.")]) as program:
        async with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StructuredOutputError, match="declined: I may not"):
                await stream.get_final_parsed()
    async with AsyncProgram([says('{"ci') + fails()]) as program:
        async with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(RunFailedError):
                await stream.get_final_parsed()
    async with AsyncProgram([calls(look={})], declared=[LOOK]) as program:
        async with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StreamUsageError, match="requires_action"):
                await stream.get_final_parsed()
    async with AsyncProgram([says(OSLO)]) as program:
        async with program.stream() as stream:
            with pytest.raises(StreamUsageError, match="which type"):
                await stream.get_final_parsed()
        with pytest.raises(ValueError, match="parse_as"):
            program.stream(parse_as=Forecast, response_format={"type": "text"})


async def test_a_call_may_use_the_client_itself() -> None:
    async with AsyncProgram([calls(ask={}), says("inner"), says("outer")]) as program:

        async def ask() -> str:
            async with program.client.beta.threads.create_and_run_stream(
                assistant_id=program.assistant, thread={"messages": [{"role": "user", "content": "Go."}]}
            ) as stream:
                return "".join([piece async for piece in stream.text_deltas])

        async with program.stream(tools=[ask]) as stream:
            text = "".join([piece async for piece in stream.text_deltas])
        assert text == "outer"
        assert [message.text for message in program.model.requests[-1].messages if message.role == "tool"] == ["inner"]


async def test_signatures_are_whole() -> None:
    async with AsyncProgram([]) as program:
        runs = program.client.beta.threads.runs
        ours = {"functions", "max_turns", "errors", "parse_as"}
        for method in (runs.create_and_stream, runs.stream, program.client.beta.threads.create_and_run_stream):
            assert inspect.signature(method).parameters.keys() >= ours | {"tools", "event_handler", "assistant_id"}
        assert inspect.signature(runs.submit_tool_outputs_stream).parameters.keys() >= ours
        assert inspect.signature(runs.resume_stream).parameters.keys() >= ours | {"approve", "thread_id", "timeout"}
        assert not ours & inspect.signature(runs.create).parameters.keys()
        with pytest.raises(TypeError, match="Did you mean 'functions'"):
            program.stream(function=[look])
