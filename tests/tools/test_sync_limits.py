# Written by scripts/unasync.py from test_async_limits.py; edit that file instead.
"""Rule 7: how often, and how long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistream import MaxTurnsExceeded, ToolContext, function_tool
from assistream.engine import calls, says
from assistream.types import PendingCall, ToolErrorEvent

from ..wire import until
from .programs import Hooks, Program, until_cancelled


def look() -> int:
    return 42


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a tool that cannot be stopped waits for; opened at the end at the latest."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_rule_7_max_turns() -> None:
    with Program([calls(look={})] * 3) as program:
        handler = Hooks()
        with pytest.raises(MaxTurnsExceeded, match="after 2 rounds") as raised:
            with program.stream(handler, tools=[look], max_turns=2) as stream:
                stream.until_done()
        run = program.run()
        assert (raised.value.run.id, run.status) == (run.id, "cancelled")
        assert handler.log == ["started look", "output look 42"] * 2 + ["exception MaxTurnsExceeded", "end"]
        assert len(program.model.requests) == 3


def test_rule_7_as_many_as_allowed_are_fine() -> None:
    with Program([calls(look={})] * 2 + [says("Done.")]) as program:
        with program.stream(tools=[look], max_turns=2) as stream:
            assert (stream.get_final_run()).status == "completed"


def test_rule_7_ten_by_default() -> None:
    with Program([calls(look={})] * 11) as program:
        with pytest.raises(MaxTurnsExceeded, match="after 10 rounds"):
            with program.stream(tools=[look]) as stream:
                stream.until_done()


@pytest.mark.parametrize("options", [{"max_turns": 0}, {"max_turns": "3"}, {"errors": "ignore"}])
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with Program([]) as program:
        with pytest.raises(ValueError, match=next(iter(options))):
            program.stream(**options)


def test_rule_7_a_tool_takes_too_long() -> None:
    asked: list[bool] = []

    @function_tool(timeout=0.05)
    def slow(ctx: ToolContext) -> str:
        assert ctx.timeout == 0.05
        try:
            until_cancelled(ctx)
        finally:
            asked.append(ctx.cancelled)
        return "too late"

    with Program([calls(slow={}, look={}), says("Done.")]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[slow, look], errors="raise") as stream:
            failures = [event.data for event in stream if isinstance(event, ToolErrorEvent)]
        message = "slow took longer than 0.05 seconds, and was given up."
        assert program.told == [[message, "42"]]
        assert [(failure.message, failure.error_type) for failure in failures] == [(message, "ToolTimeoutError")]
        assert handler.log[-3:] == ["error slow ToolTimeoutError", "text Done.", "end"]
        until(lambda: len(asked) == 1)


def test_rule_7_a_thread_that_takes_too_long_is_abandoned(gate: threading.Event) -> None:
    done: list[bool] = []

    def stubborn(ctx: ToolContext) -> str:
        gate.wait(5)
        ctx.progress("nobody listens")
        done.append(ctx.cancelled)
        return "too late"

    tool = function_tool(stubborn, timeout=0.05)
    with Program([calls(stubborn={}), calls(look={}), says("Done.")]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[tool, look]) as stream:
            for event in stream:
                if event.event == "tool.output":
                    gate.set()
                    until(lambda: done)
        assert done == [True]
        assert program.told[1] == ["42"]
        assert not [line for line in handler.log if "nobody" in line or "too late" in line]


def test_rule_7_a_run_that_expires_leaves_no_more_time() -> None:
    limits: list[float | None] = []

    @function_tool(timeout=100)
    def patient(ctx: ToolContext) -> str:
        limits.append(ctx.timeout)
        return "done"

    with Program([calls(patient={}), says("Done.")], run_ttl=30) as program:
        with program.stream(tools=[patient]) as stream:
            stream.until_done()
    (limit,) = limits
    assert limit is not None
    assert limit < 30


def test_rule_7_a_timeout_while_a_hook_is_slow(gate: threading.Event) -> None:
    class Slow(Hooks):
        def on_tool_output(self, call: PendingCall, output: str) -> None:
            self.log.append(output)
            gate.set()

    @function_tool(timeout=5)
    def quick() -> str:
        return "quick"

    with Program([calls(quick={}), says("Done.")]) as program:
        handler = Slow()
        with program.stream(handler, tools=[quick]) as stream:
            stream.until_done()
        assert handler.log == ["started quick", "quick", "text Done.", "end"]
