from __future__ import annotations

from collections.abc import Generator

import pytest

from assistream.handlers import AssistantEventHandler
from assistream.handlers.hooks import Hook
from assistream.streaming.dispatch import Hooks, ask, fire
from assistream.streaming.snapshots import StreamState
from assistream.transport.concurrency import drain
from assistream.types import (
    AssistantStreamEvent,
    Message,
    PendingCall,
    TextContentBlock,
    TextDelta,
    ThreadMessageDelta,
    ToolOutputEvent,
    ToolResult,
)

from ..frames import DM, MC, MD, RA, RC, RD, RF, RP, SC, SD, call, event
from .rows import ORDER, Row
from .rows.row import CALL_A, HEL, MSG, STEP
from .traces import attach, parsed, play


@pytest.mark.parametrize("row", ORDER, ids=lambda row: row.name)
def test_order(row: Row) -> None:
    trace, state = play(row.frames)
    assert trace.text == row.hooks
    if row.ends is not None:
        assert state.ends == list(row.ends)


def test_order_5_and_6_in_one_state() -> None:
    """A handler that goes on with the next leg of its run: the old step ends, and none of its calls is told again."""
    first = [STEP[0], CALL_A[0], RA(call("a"))]
    trace, state = play([*first, SD("step_1", calls=[call("a", output="42")]), RP(), RD()])
    assert trace.text[3:] == ["run_step_done(step_1 completed)", "run_changed(in_progress)", "run_changed(completed)"]
    assert state.ends == ["step_1 completed; a look '{}' -> '42'"]


def test_state_is_right_inside_on_event() -> None:
    seen: list[object] = []
    state = StreamState()

    class Handler(AssistantEventHandler):
        def on_event(self, event: AssistantStreamEvent) -> None:
            message = state.current_message
            seen.append((state.current_event is event, state.run and state.run.status, message and message.content))

    hooks = Hooks([Handler()])
    for one in parsed([RC(), *MSG[:1], RP()]):
        list(fire(hooks, one, state))
    assert seen == [(True, "queued", None), (True, "queued", []), (True, "in_progress", [])]


def test_the_delta_is_in_the_snapshot_inside_on_event() -> None:
    seen: list[str] = []
    state = StreamState()

    class Handler(AssistantEventHandler):
        def on_event(self, event: AssistantStreamEvent) -> None:
            if isinstance(event, ThreadMessageDelta):
                assert state.current_message
                seen.append(state.current_message.model_dump()["content"][0]["text"]["value"])

    hooks = Hooks([Handler()])
    for one in parsed([MC("msg_1"), DM("msg_1", "Hel"), DM("msg_1", "lo", "!")]):
        list(fire(hooks, one, state))
    assert seen == ["Hel", "Hello"]  # A15: the second entry for one index is applied after the first was reported


def test_a_hook_is_not_called_before_the_last_step_was_taken() -> None:
    called: list[str] = []

    class Handler(AssistantEventHandler):
        def on_text_created(self, text: object) -> None:
            called.append("created")

        def on_text_delta(self, delta: TextDelta, snapshot: object) -> None:
            called.append("delta")

    state, hooks = StreamState(), Hooks([Handler()])
    (one,) = parsed([HEL[0]])
    steps = fire(hooks, one, state)
    assert called == []
    next(steps)
    assert called == ["created"]
    next(steps)
    assert called == ["created", "delta"]


def test_a_step_yields_what_the_hook_returned() -> None:
    class Handler(AssistantEventHandler):
        def on_text_delta(self, delta: TextDelta, snapshot: object) -> Generator[None]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] -- stands for an awaitable
            yield

    (one,) = parsed([HEL[0]])
    steps = list(fire(Hooks([Handler()]), one, StreamState()))
    assert [type(step).__name__ for step in steps] == ["generator"]


def test_several_handlers_share_one_state_and_run_in_their_order() -> None:
    called: list[tuple[str, str]] = []

    class Handler(AssistantEventHandler):
        def __init__(self, name: str) -> None:
            self.name = name

        def on_event(self, event: AssistantStreamEvent) -> None:
            called.append((self.name, "event"))

        def on_message_done(self, message: Message) -> None:
            called.append((self.name, message.id))

    hooks = Hooks([Handler("a"), Handler("b")])
    (one,) = parsed([MD("msg_1", "Hello")])
    list(fire(hooks, one, StreamState()))
    assert called == [("a", "event"), ("b", "event"), ("a", "msg_1"), ("b", "msg_1")]


def test_no_hook_is_called_that_nobody_overrides() -> None:
    state, hooks = StreamState(), Hooks([AssistantEventHandler()])
    assert [list(fire(hooks, one, state)) for one in parsed([RC(), SC("step_1"), MC("msg_1"), HEL[0]])] == [[]] * 4


def test_a_hook_set_on_the_instance_counts() -> None:
    handler = AssistantEventHandler()
    trace = attach(handler)
    (one,) = parsed([RC()])
    list(fire(Hooks([handler]), one, StreamState()))
    assert trace.text == ["run_changed(queued) run_created"]


def test_unknown_event() -> None:
    trace, _ = play([event("thread.run.paused", {"id": "x"})])
    assert trace.text == ["unknown_event(thread.run.paused)"]


def test_section_5_the_closing_hooks_come_before_those_of_the_run() -> None:
    trace, _ = play([STEP[0], CALL_A[0], MSG[0], HEL[0], RF()])
    assert trace.text[-1].endswith("run_changed(failed) run_failed")
    assert trace.text[-1].startswith("text_done('Hel') message_done(msg_1 in_progress 'Hel') tool_call_done(a look '')")


def test_hooks_of_one_event_come_after_its_on_event() -> None:
    order: list[str] = []

    class Handler(AssistantEventHandler):
        def on_event(self, event: AssistantStreamEvent) -> None:
            order.append("event")

        def on_run_changed(self, run: object) -> None:
            order.append("changed")

        def on_tool_call_done(self, tool_call: object) -> None:
            order.append("done")

    hooks, state = Hooks([Handler()]), StreamState()
    for one in parsed([STEP[0], CALL_A[0], RA(call("a"))]):
        list(fire(hooks, one, state))
    assert order == ["event", "event", "event", "done", "changed"]


def test_what_a_hook_writes_into_a_message_does_not_reach_later_hooks_of_others() -> None:
    """S10: programs write into what `on_message_done` hands them, while other messages are still being written."""

    class Handler(AssistantEventHandler):
        def on_message_done(self, message: Message) -> None:
            for block in message.content:
                if isinstance(block, TextContentBlock):
                    block.text.value = "changed"

    frames = [MC("msg_1"), MC("msg_2"), DM("msg_1", "A"), DM("msg_2", "B"), MD("msg_1", "A"), DM("msg_2", "b"), RF()]
    trace, state = play(frames, Handler())
    assert trace.text[-2] == "text_delta('b' | 'Bb') message_delta(msg_2)"
    assert state.ends == ["msg_1 completed 'changed'", "msg_2 in_progress 'changed'"]


@pytest.mark.parametrize(("all_told", "asked"), [(False, ["a", "b"]), (True, ["a", "b", "c"])])
def test_the_first_answer_counts(all_told: bool, asked: list[str]) -> None:
    log: list[str] = []

    def hook(name: str, answer: object) -> Hook:
        def called(question: str) -> object:
            log.append(name)
            return answer

        return called

    hooks = [hook("a", None), hook("b", False), hook("c", True)]
    assert drain(ask(hooks, "?", all_told=all_told)) is False
    assert log == asked
    assert drain(ask([hooks[0]], "?")) is None


def test_an_event_of_a_tool_only_becomes_the_current_one() -> None:
    class Hears(AssistantEventHandler):
        def on_event(self, event: AssistantStreamEvent) -> None:
            raise AssertionError

        def on_tool_output(self, call: PendingCall, output: str) -> None:
            raise AssertionError  # whoever ran the tool has called it

    pending = PendingCall(id="call_1", name="look", arguments="", run_id="run_1", thread_id="thread_1")
    event, state = ToolOutputEvent(data=ToolResult(call=pending, output="42")), StreamState()
    drain(fire(Hooks([Hears()]), event, state))
    assert state.current_event is event
