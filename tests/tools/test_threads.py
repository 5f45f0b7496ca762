"""Rule 9, sync: one call runs where it is, several in threads; and what interrupts them."""

from __future__ import annotations

import contextvars
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assistream import ConfigurationError, ToolContext, function_tool
from assistream.engine import calls, says
from assistream.types import PendingCall

from ..wire import until
from .programs import Hooks, Program, until_cancelled


def here() -> str:
    return threading.current_thread().name


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    gate = threading.Event()
    yield gate
    gate.set()


@contextmanager
def interruptible() -> Generator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ctrl_c() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def test_rule_9_one_call_runs_where_it_is() -> None:
    with Program([calls(here={}), says("Done.")]) as program:
        with program.stream(tools=[here]) as stream:
            stream.until_done()
        assert program.told == [[threading.current_thread().name]]


def test_rule_9_several_run_in_threads_of_their_own() -> None:
    met = threading.Barrier(3, timeout=5)

    def meet() -> str:
        met.wait()
        return here()

    with Program([calls(("meet", {}), ("meet", {}), ("meet", {})), says("Done.")]) as program:
        with program.stream(tools=[meet]) as stream:
            stream.until_done()
        assert program.told == [["assistream tool meet"] * 3]


def test_rule_9_one_with_a_timeout_has_a_thread() -> None:
    with Program([calls(here={}), says("Done.")]) as program:
        with program.stream(tools=[function_tool(here, timeout=5)]) as stream:
            stream.until_done()
        assert program.told == [["assistream tool here"]]


def test_rule_9_async_functions_are_refused_by_name() -> None:
    async def fetch() -> str:
        return ""

    with Program([]) as program:
        with pytest.raises(ConfigurationError, match=r"fetch is an async function.*AsyncClient"):
            program.stream(tools=[fetch])
        with pytest.raises(ConfigurationError, match="fetch"):
            program.client.beta.threads.runs.resume_stream("run_1", thread_id="t", functions=[fetch])
        assert program.client.beta.assistants.create(model="m", tools=[fetch]).tools  # this only defines


def test_rule_9_what_turns_out_to_be_async_is_told() -> None:
    async def later() -> str:
        return ""

    def fetch() -> Any:
        return later()

    with Program([calls(fetch={}), says("Done.")]) as program:
        with program.stream(tools=[fetch]) as stream:
            stream.until_done()
        ((told,),) = program.told
        assert "awaitable" in told


def test_progress_of_a_call_that_runs_here_is_heard_at_once() -> None:
    heard: list[list[str]] = []
    handler = Hooks()

    def work(ctx: ToolContext) -> str:
        ctx.progress("half")
        heard.append(list(handler.log))
        thread = threading.Thread(target=ctx.progress, args=("elsewhere",))
        thread.start()
        thread.join()
        heard.append(list(handler.log))
        return "done"

    with Program([calls(work={}), says("Done.")]) as program:
        with program.stream(handler, tools=[work]) as stream:
            names = [event.event for event in stream]
    assert heard == [["started work", "progress work half"]] * 2
    assert handler.log[2] == "progress work elsewhere"
    assert [name for name in names if name.startswith("tool.")] == [
        "tool.started",
        "tool.progress",
        "tool.progress",
        "tool.output",
    ]


def test_a_hook_that_raises_meanwhile_is_none_of_the_tools_business() -> None:
    class Raises(Hooks):
        def on_tool_progress(self, call: PendingCall, message: str) -> None:
            raise LookupError("mine")

    done: list[str] = []

    def work(ctx: ToolContext) -> str:
        ctx.progress("half")
        done.append("done")
        return "done"

    with Program([calls(work={})]) as program:
        with pytest.raises(LookupError, match="mine"), program.stream(Raises(), tools=[work]) as stream:
            stream.until_done()
        assert done == ["done"]
        assert program.run().status == "cancelled"


def test_rule_8_ctrl_c_while_tools_run() -> None:
    stopped: list[str] = []
    begun = threading.Barrier(2, timeout=5)

    def slow(ctx: ToolContext) -> str:
        if begun.wait() == 0:
            ctrl_c()
        until_cancelled(ctx)
        stopped.append("slow")
        return ""

    with Program([calls(("slow", {}), ("slow", {}))]) as program:
        handler = Hooks()
        with interruptible(), pytest.raises(KeyboardInterrupt), program.stream(handler, tools=[slow]) as stream:
            stream.until_done()
        until(lambda: len(stopped) == 2)
        assert handler.log == ["started slow", "started slow", "end"]
        assert program.run().status == "cancelled"


def test_rule_8_ctrl_c_in_a_call_that_runs_here() -> None:
    def slow() -> str:
        ctrl_c()
        threading.Event().wait(5)
        return ""

    with Program([calls(slow={})]) as program:
        handler = Hooks()
        with interruptible(), pytest.raises(KeyboardInterrupt), program.stream(handler, tools=[slow]) as stream:
            stream.until_done()
        assert handler.log == ["started slow", "end"]
        assert program.run().status == "cancelled"


def test_rule_8_a_call_that_runs_here_is_asked_to_stop() -> None:
    def slow(ctx: ToolContext) -> str:
        timer = threading.Timer(0.02, stream.cancel)
        timer.start()
        until_cancelled(ctx)
        timer.join()
        return "too late"

    with Program([calls(slow={})]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[slow]) as stream:
            stream.until_done()
            assert stream.get_final_run().status == "cancelled"
        assert handler.log == ["started slow", "end"]


def test_rule_8_a_thread_that_cannot_be_stopped_is_abandoned(gate: threading.Event) -> None:
    def stubborn(number: int) -> str:
        gate.wait(5)
        return "too late"

    with Program([calls(("stubborn", {"number": 1}), ("stubborn", {"number": 2}))]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[stubborn]) as stream:
            for event in stream:
                if event.event == "tool.started" and handler.log.count("started stubborn") == 2:
                    break
        assert program.run().status == "cancelled"
        gate.set()
        assert handler.log[-1] == "end"


def test_another_thread_closes_the_stream_while_tools_run() -> None:
    begun = threading.Event()

    def slow(ctx: ToolContext) -> str:
        begun.set()
        until_cancelled(ctx)
        return ""

    with Program([calls(slow={})]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[function_tool(slow, timeout=60)]) as stream:
            reader = threading.Thread(target=stream.until_done)
            reader.start()
            begun.wait(5)
            stream.close()
            reader.join()
        assert handler.log == ["started slow", "end"]
        assert program.run().status == "cancelled"


def test_tools_see_the_context_of_the_program() -> None:
    who = contextvars.ContextVar("who", default="nobody")

    def plain() -> str:
        return who.get()

    with Program([calls(("plain", {}), ("plain", {})), says("Done.")]) as program:
        token = who.set("me")
        with program.stream(tools=[plain]) as stream:
            stream.until_done()
        who.reset(token)
        assert program.told == [["me", "me"]]


def test_a_tool_cannot_wait_for_its_own_stream() -> None:
    def loop() -> None:
        stream.until_done()

    with Program([calls(loop={}), says("Done.")]) as program:
        with program.stream(tools=[loop]) as stream:
            for _ in stream:
                pass
        ((told,),) = program.told
        assert "StreamUsageError" in told


def test_who_has_returned_is_not_heard_any_more() -> None:
    contexts: list[ToolContext] = []

    def work(ctx: ToolContext) -> str:
        contexts.append(ctx)
        return "done"

    class Late(Hooks):
        def on_tool_output(self, call: PendingCall, output: str) -> None:
            super().on_tool_output(call, output)
            until(lambda: all(ctx.cancelled for ctx in contexts))
            for ctx in contexts:
                ctx.progress("late")

    for script in (calls(work={}), calls(("work", {}), ("work", {}))):
        contexts.clear()
        with Program([script, says("Done.")]) as program:
            handler = Late()
            with program.stream(handler, tools=[work]) as stream:
                stream.until_done()
        assert not [line for line in handler.log if "late" in line]
