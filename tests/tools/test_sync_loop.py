# Written by scripts/unasync.py from test_async_loop.py; edit that file instead.
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

from .programs import LOOK, Hooks, Program, outputs


class Forecast(BaseModel):
    city: str
    high: float


def get_weather(city: str) -> Forecast:
    """Today's forecast."""
    return Forecast(city=city, high=21.5)


def look() -> int:
    return 42


def answer() -> dict[str, Any]:
    return {"error": None, "value": [1, 2]}


def plain() -> str:
    return "plain"


OSLO = '{"city":"Oslo","high":21.5}'


# Rule 1: what sends and what binds


def test_rule_1_tools_define_and_bind() -> None:
    with Program([calls(get_weather={"city": "Oslo"}), says("Warm.")], declared=[LOOK]) as program:
        with program.stream(tools=iter([get_weather, {"type": "file_search"}])) as stream:
            run = stream.get_final_run()
        assert run.status == "completed"
        kinds = [tool.function.name if isinstance(tool, FunctionTool) else tool.type for tool in run.tools]
        assert kinds == ["get_weather", "file_search"]  # those of the run take the place of the assistant's
        assert program.told == [[OSLO]]


def test_rule_1_functions_only_bind() -> None:
    with Program([calls(look={}), says("Seen.")], declared=[LOOK]) as program:
        with program.stream(functions=[look]) as stream:
            run = stream.get_final_run()
        assert (run.status, len(run.tools)) == ("completed", 1)
        assert program.told == [["42"]]


def test_rule_1_an_assistant_only_defines() -> None:
    with Program([calls(get_weather={"city": "Oslo"})]) as program:
        assistant = program.client.beta.assistants.create(model="m", tools=[get_weather, {"type": "file_search"}])
        program.client.beta.assistants.update(assistant.id, tools=[get_weather])
        program.assistant = assistant.id
        with program.stream() as stream:
            run = stream.get_final_run()
        assert run.status == "requires_action"
        (tool,) = run.tools
        assert isinstance(tool, FunctionTool)
        assert tool.function.description == "Today's forecast."


def test_rule_1_runs_without_a_handler_only_define() -> None:
    with Program([calls(look={})] * 3) as program:
        runs = program.client.beta.threads.runs
        options: dict[str, Any] = {"assistant_id": program.assistant, "tools": [look]}
        run = runs.create_and_poll(program.thread, **options)
        assert run.status == "requires_action"
        runs.cancel(run.id, thread_id=program.thread)
        with program.client.beta.threads.create_and_run(
            stream=True, thread={"messages": [{"role": "user", "content": "Go."}]}, **options
        ) as events:
            names = [event.event for event in events]
        assert names[-1] == "thread.run.requires_action"


def test_rule_1_a_new_thread_has_tools_too() -> None:
    with Program([calls(look={}), says("Seen.")]) as program:
        with program.client.beta.threads.create_and_run_stream(
            assistant_id=program.assistant, tools=[look], thread={"messages": [{"role": "user", "content": "Go."}]}
        ) as stream:
            assert (stream.get_final_run()).status == "completed"
        assert program.told == [["42"]]


def test_rule_1_two_of_one_name() -> None:
    with Program([]) as program:
        with pytest.raises(ConfigurationError, match="Two functions are called look"):
            program.stream(tools=[look], functions=[function_tool(plain, name="look")])


# Rule 2: when the loop is on


def test_rule_2_without_functions_the_stream_ends_as_before() -> None:
    with Program([calls(look={})], declared=[LOOK]) as program:
        handler = Hooks()
        with program.stream(handler) as stream:
            run = stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look"]
        assert run.status == "requires_action"
        assert (program.run()).status == "requires_action"  # and leaving does not cancel it
        assert handler.log == ["end"]


def test_rule_2_later_legs_have_functions_too() -> None:
    with Program([calls(look={}), calls(look={}), says("Seen.")], declared=[LOOK]) as program:
        with program.stream() as stream:
            run = stream.get_final_run()
            (call,) = stream.pending_calls
        with program.client.beta.threads.runs.submit_tool_outputs_stream(
            run.id,
            thread_id=run.thread_id,
            tool_outputs=[{"tool_call_id": call.id, "output": "by hand"}],
            functions=[look],
        ) as stream:
            assert (stream.get_final_run()).status == "completed"
        assert program.told == [["by hand"], ["42"]]


# Rule 3: one stream across every requires_action


def test_rule_3_one_stream_for_the_whole_run() -> None:
    script = [says("Let me see. ") + calls(look={}), calls(get_weather={"city": "Oslo"}), says("21.5 degrees.")]
    with Program(script) as program:
        handler = Hooks()
        with program.stream(handler, tools=[look, get_weather]) as stream:
            events: list[AssistantStreamEvent] = [event for event in stream]
            run = stream.get_final_run()
            messages = stream.get_final_messages()
            steps = stream.get_final_run_steps()
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


def test_rule_3_outputs_are_in_call_order_and_tools_side_by_side() -> None:
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

    class Order(Hooks):
        def on_tool_output(self, call: PendingCall, output: str) -> None:
            self.log.append(output)
            second_is_done.set()

    with Program([calls(first={}, second={}), says("Done.")]) as program:
        handler = Order()
        with program.stream(handler, tools=[first, second]) as stream:
            events: list[AssistantStreamEvent] = [event for event in stream]
        assert program.told == [["first", "second"]]
        assert outputs(events) == ["second", "first"]
        assert handler.log == ["started first", "started second", "second", "first", "text Done.", "end"]


def test_rule_3_text_does_not_stop_the_loop_and_failure_ends_it() -> None:
    with Program([says("One.") + calls(look={}), says("Two.") + fails()]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[look]) as stream:
            run = stream.get_final_run()
        assert run.status == "failed"
        assert handler.log[-2:] == ["text Two.", "end"]


def test_rule_3_several_handlers_are_told_in_order() -> None:
    with Program([calls(look={}), says("Done.")]) as program:
        log: list[str] = []
        first, second = Hooks(), Hooks()
        first.log = second.log = log
        with program.stream([first, second], tools=[look]) as stream:
            stream.until_done()
        assert log[:4] == ["started look", "started look", "output look 42", "output look 42"]
        assert log[-2:] == ["end", "end"]


# Rule 4: names nobody knows, and calls that nobody answers


def test_rule_4_a_name_that_is_not_among_the_tools() -> None:
    with Program([calls(fly={}, look={}), says("Well.")]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[look], errors="raise") as stream:
            assert (stream.get_final_run()).status == "completed"
        assert program.told == [["There is no tool 'fly'. There are: look.", "42"]]
        assert handler.log[:3] == ["error fly ToolError", "started look", "output look 42"]


def test_rule_4_a_function_that_this_run_was_not_given() -> None:
    with Program([calls(look={}), says("Well.")], declared=[LOOK]) as program:
        with program.stream(tools=[get_weather], functions=[look]) as stream:
            stream.until_done()
        assert program.told == [["There is no tool 'look'. There are: get_weather."]]


def test_rule_4_a_declared_tool_without_function_runs_none() -> None:
    ran: list[str] = []

    def other() -> str:
        ran.append("other")
        return "other"

    with Program([calls(look={}, other={})], declared=[LOOK]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[LOOK, other]) as stream:
            run = stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look", "other"]
            with pytest.raises(StreamUsageError, match="resume_stream"):
                stream.submit_outputs([])
        assert run.status == "requires_action"
        assert (program.run()).status == "requires_action"  # the stream went to its end: nothing is cancelled
        assert (ran, handler.log) == ([], ["end"])


def test_rule_4_pending_calls() -> None:
    assert Hooks().pending_calls == []
    with Program([calls(look={"at": "me"}), says("Done.")]) as program:
        with program.stream() as stream:
            assert stream.pending_calls == []
            stream.until_done()
            assert stream.pending_calls == []
    with Program([calls(look={"at": "me"})], declared=[LOOK]) as program:
        with program.stream() as stream:
            run = stream.get_final_run()
            (call,) = stream.pending_calls
        assert (call.name, call.parsed) == ("look", {"at": "me"})
        assert (call.run_id, call.thread_id) == (run.id, run.thread_id)


# Rule 5: hooks and events


def test_rule_5_hooks_come_before_their_events_and_not_in_on_event() -> None:
    @function_tool
    def work(ctx: ToolContext) -> str:
        ctx.progress("half")
        return "done"

    def broken() -> str:
        raise LookupError("no")

    class Both(Hooks):
        def on_event(self, event: AssistantStreamEvent) -> None:
            assert not event.event.startswith("tool.")

    with Program([calls(work={}), calls(broken={}), says("Done.")]) as program:
        handler = Both()
        seen: list[tuple[str, str]] = []
        with program.stream(handler, tools=[work, broken]) as stream:
            for event in stream:
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


def test_rule_5_hooks_are_called_where_the_stream_is_read() -> None:
    places: list[Any] = []

    class Where(Hooks):
        def on_tool_started(self, call: PendingCall) -> Any:
            places.append(threading.get_ident())

        def on_tool_progress(self, call: PendingCall, message: str) -> Any:
            places.append(threading.get_ident())

        def on_tool_output(self, call: PendingCall, output: str) -> Any:
            places.append(threading.get_ident())

    def work(ctx: ToolContext, name: str) -> str:
        ctx.progress(name)
        return name

    with Program([calls(("work", {"name": "a"}), ("work", {"name": "b"})), says("Done.")]) as program:
        with program.stream(Where(), tools=[work]) as stream:
            stream.until_done()
    assert places == [threading.get_ident()] * 6


@pytest.mark.parametrize(
    ("said", "told"), [(True, "yes"), (False, "The user did not allow this call."), ("Ask later.", "Ask later.")]
)
def test_rule_5_approval(said: bool | str, told: str) -> None:
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "yes"

    with Program([calls(pay={}, look={}), says("Done.")]) as program:
        handler = Hooks(said)
        with program.stream([Hooks(None), handler, Hooks("too late")], tools=[pay, look]) as stream:
            stream.until_done()
        assert program.told == [[told, "42"]]
        assert handler.log[0] == "approval pay"
        assert ("started pay" in handler.log) is (said is True)
        assert f"output pay {told}" in handler.log


def test_rule_5_approvals_come_in_order_before_any_tool() -> None:
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    def is_much(cents: int) -> bool:
        return cents > 100

    @function_tool(needs_approval=is_much)
    def lend(cents: int) -> str:
        return "lent"

    script = [calls(("look", {}), ("lend", {"cents": 500}), ("lend", {"cents": 5}), ("pay", {})), says("Done.")]
    with Program(script) as program:
        handler = Hooks(True)
        with program.stream(handler, tools=[pay, look, lend]) as stream:
            stream.until_done()
        assert handler.log[:3] == ["approval lend", "approval pay", "started look"]
        assert program.told == [["42", "lent", "lent", "paid"]]


def test_rule_5_nobody_approves() -> None:
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    with Program([calls(look={}, pay={})]) as program:
        handler = Hooks(None)
        with program.stream(handler, tools=[pay, look]) as stream:
            run = stream.get_final_run()
            assert [call.name for call in stream.pending_calls] == ["look", "pay"]
        assert run.status == "requires_action"
        assert handler.log == ["approval pay", "end"]


def test_rule_5_an_answer_that_is_none() -> None:
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    with Program([calls(pay={})]) as program:
        handler = Hooks()
        handler.answer = 1  # type: ignore[assignment]  # what is tested
        with pytest.raises(TypeError, match="on_tool_approval returned 1"):
            with program.stream(handler, tools=[pay]) as stream:
                stream.until_done()
        assert handler.log[-2:] == ["exception TypeError", "end"]


def test_rule_5_a_hook_that_raises_ends_the_stream_and_the_run() -> None:
    class Raises(Hooks):
        def on_tool_started(self, call: PendingCall) -> None:
            raise LookupError("mine")

    with Program([calls(look={})]) as program:
        handler = Raises()
        with pytest.raises(LookupError, match="mine"):
            with program.stream(handler, tools=[look]) as stream:
                stream.until_done()
        assert handler.log == ["exception LookupError", "end"]
        assert (program.run()).status == "cancelled"


# Rules 11 and 12


def test_rule_11_results() -> None:
    with Program([calls(look={}), calls(answer={}), calls(plain={}), says("Done.")]) as program:
        with program.stream(Hooks(), tools=[look, answer, plain]) as stream:
            stream.until_done()
        assert program.told == [["42"], ['{"error":null,"value":[1,2]}'], ["plain"]]  # "error" is a key like any other


def test_rule_11_what_is_no_json_is_told() -> None:
    def thing() -> object:
        return object()

    with Program([calls(thing={}), says("Done.")]) as program:
        with program.stream(tools=[thing]) as stream:
            stream.until_done()
        ((told,),) = program.told
        assert "object" in told
        assert "0x" not in told


def test_rule_12_arguments_while_they_come() -> None:
    class Partial(Hooks):
        def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
            self.log.append(str(snapshot.function.parsed_arguments))

    with Program([calls(get_weather='{"city": "Oslo"}'), says("Done.")]) as program:
        handler = Partial()
        with program.stream(handler, tools=[get_weather]) as stream:
            stream.until_done()
        assert "{'city': 'Oslo'}" in handler.log


# Rule 13: structured output


def test_rule_13_parse_as() -> None:
    with Program([calls(look={}), says(OSLO)]) as program:
        with program.stream(tools=[look], parse_as=Forecast) as stream:
            forecast = stream.get_final_parsed()
            assert forecast == Forecast(city="Oslo", high=21.5)
            assert stream.get_final_parsed(dict[str, Any]) == {"city": "Oslo", "high": 21.5}
        for request in program.model.requests:
            assert request.response_format is not None
            assert request.response_format["json_schema"]["name"] == "Forecast"


def test_rule_13_what_is_not_what_was_asked_for() -> None:
    with Program([says("Warm.")]) as program:
        with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StructuredOutputError, match="Forecast") as raised:
                stream.get_final_parsed()
        assert raised.value.text == "Warm."
    with Program([refuses("I may not.")]) as program:
        with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StructuredOutputError, match="declined: I may not"):
                stream.get_final_parsed()
    with Program([says('{"ci') + fails()]) as program:
        with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(RunFailedError):
                stream.get_final_parsed()
    with Program([calls(look={})], declared=[LOOK]) as program:
        with program.stream(parse_as=Forecast) as stream:
            with pytest.raises(StreamUsageError, match="requires_action"):
                stream.get_final_parsed()
    with Program([says(OSLO)]) as program:
        with program.stream() as stream:
            with pytest.raises(StreamUsageError, match="which type"):
                stream.get_final_parsed()
        with pytest.raises(ValueError, match="parse_as"):
            program.stream(parse_as=Forecast, response_format={"type": "text"})


def test_a_call_may_use_the_client_itself() -> None:
    with Program([calls(ask={}), says("inner"), says("outer")]) as program:

        def ask() -> str:
            with program.client.beta.threads.create_and_run_stream(
                assistant_id=program.assistant, thread={"messages": [{"role": "user", "content": "Go."}]}
            ) as stream:
                return "".join([piece for piece in stream.text_deltas])

        with program.stream(tools=[ask]) as stream:
            text = "".join([piece for piece in stream.text_deltas])
        assert text == "outer"
        assert [message.text for message in program.model.requests[-1].messages if message.role == "tool"] == ["inner"]


def test_signatures_are_whole() -> None:
    with Program([]) as program:
        runs = program.client.beta.threads.runs
        ours = {"functions", "max_turns", "errors", "parse_as"}
        for method in (runs.create_and_stream, runs.stream, program.client.beta.threads.create_and_run_stream):
            assert inspect.signature(method).parameters.keys() >= ours | {"tools", "event_handler", "assistant_id"}
        assert inspect.signature(runs.submit_tool_outputs_stream).parameters.keys() >= ours
        assert inspect.signature(runs.resume_stream).parameters.keys() >= ours | {"approve", "thread_id", "timeout"}
        assert not ours & inspect.signature(runs.create).parameters.keys()
        with pytest.raises(TypeError, match="Did you mean 'functions'"):
            program.stream(function=[look])
