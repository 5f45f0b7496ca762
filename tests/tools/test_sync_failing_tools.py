# Written by scripts/unasync.py from test_async_failing_tools.py; edit that file instead.
"""Rule 6, errors: the model is told, or the program is. And what others get wrong."""

from __future__ import annotations

import logging

import pytest

from assistream import ToolContext, ToolError, function_tool
from assistream.engine import calls, says
from assistream.types import PendingCall, ToolErrorEvent

from ..wire import until
from .programs import Hooks, Program, until_cancelled

ORDER = {"order": "A1"}


def refund(order: str) -> str:
    raise ToolError(f"no order {order}")


def broken() -> str:
    raise LookupError("lost")


def add(a: int, b: int) -> int:
    return a + b


def test_rule_6_arguments_that_do_not_fit() -> None:
    script = [calls(add={"a": "one", "c": 3}), calls(add='{"a": 1,'), calls(add={"a": "1", "b": 2}), says("3")]
    with Program(script) as program:
        handler = Hooks()
        with program.stream(handler, tools=[add], errors="raise") as stream:
            stream.until_done()
        (first,), (second,), (third,) = program.told
        assert "a:" in first
        assert "b:" in first
        assert "c" in first
        assert "pydantic" not in first
        assert "JSON" in second
        assert third == "3"
        assert handler.log[:2] == ["error add ToolArgumentsError"] * 2


def test_rule_6_a_tool_error_is_told_as_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    with Program([calls(refund=ORDER), says("Sorry.")]) as program:
        with program.stream(Hooks(), tools=[refund], errors="raise") as stream:
            failures = [event.data for event in stream if isinstance(event, ToolErrorEvent)]
        assert program.told == [["no order A1"]]
        assert [(failure.message, failure.error_type) for failure in failures] == [("no order A1", "ToolError")]
    assert "no order" not in caplog.text


def test_rule_6_any_other_exception_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with Program([calls(broken={}), says("Sorry.")]) as program:
        handler = Hooks()
        with program.stream(handler, tools=[broken]) as stream:
            assert (stream.get_final_run()).status == "completed"
        assert program.told == [["LookupError: lost"]]
        assert handler.log == ["started broken", "error broken LookupError", "text Sorry.", "end"]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert record.exc_info[0] is LookupError


def test_rule_6_a_handler_gives_the_words(caplog: pytest.LogCaptureFixture) -> None:
    with Program([calls(broken={}, refund=ORDER), says("Sorry.")]) as program:
        handlers = [Hooks(), Hooks(excuse="Try tomorrow."), Hooks(excuse="too late")]
        with program.stream(handlers, tools=[broken, refund]) as stream:
            stream.until_done()
        assert program.told == [["Try tomorrow."] * 2]
        assert all("error broken LookupError" in handler.log for handler in handlers)
    assert not [record for record in caplog.records if record.levelno == logging.ERROR]


def test_rule_6_raise_stops_everything() -> None:
    stopped: list[str] = []

    @function_tool
    def slow(ctx: ToolContext) -> str:
        try:
            until_cancelled(ctx)
        finally:
            stopped.append("slow")
        return ""

    with Program([calls(slow={}, broken={})]) as program:
        handler = Hooks()
        with pytest.raises(LookupError, match="lost") as raised:
            with program.stream(handler, tools=[slow, broken], errors="raise") as stream:
                stream.until_done()
        assert raised.value.__cause__ is None
        until(lambda: stopped == ["slow"])
        assert handler.log[2:] == ["error broken LookupError", "exception LookupError", "end"]
        assert (program.run()).status == "cancelled"
        program.client.beta.threads.messages.create(program.thread, role="user", content="Again.")  # not locked


def test_rule_6_raise_is_stored() -> None:
    with Program([calls(broken={})]) as program:
        with program.stream(tools=[broken], errors="raise") as stream:
            for _ in range(2):
                with pytest.raises(LookupError):
                    stream.get_final_run()


def test_rule_6_an_error_that_looks_like_an_end() -> None:
    class Odd:
        def __call__(self) -> str:
            raise StopIteration

    with Program([calls(odd={})]) as program:
        with pytest.raises(RuntimeError):
            with program.stream(tools=[function_tool(Odd(), name="odd")], errors="raise") as stream:
                stream.until_done()


def test_rule_6_a_timeout_of_the_program_is_none_of_the_connection() -> None:
    def late() -> str:
        raise TimeoutError

    class Hears(Hooks):
        def on_timeout(self) -> None:
            self.log.append("timeout")

    with Program([calls(late={})]) as program:
        handler = Hears()
        with pytest.raises(TimeoutError):
            with program.stream(handler, tools=[late], errors="raise") as stream:
                stream.until_done()
        assert "timeout" not in handler.log


def test_an_interrupt_in_a_tool_is_no_error_of_the_tool() -> None:
    class Halt(BaseException):
        pass

    def halt() -> str:
        raise Halt

    with Program([calls(halt={})]) as program:
        handler = Hooks()
        with pytest.raises(Halt):
            with program.stream(handler, tools=[halt]) as stream:
                stream.until_done()
        assert handler.log == ["started halt", "end"]
        assert (program.run()).status == "cancelled"


def test_what_on_tool_error_raises_is_raised() -> None:
    class Raises(Hooks):
        def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
            raise ValueError("mine") from error

    with Program([calls(broken={})]) as program:
        with pytest.raises(ValueError, match="mine"):
            with program.stream(Raises(), tools=[broken]) as stream:
                stream.until_done()
