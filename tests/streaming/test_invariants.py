"""What holds for every stream, whatever its order: the rules of the contract's section 3 as properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from assistream.handlers import AssistantEventHandler
from assistream.streaming.dispatch import Hooks, fire
from assistream.types import ImageFile, Message, RunStep, Text, TextDelta, ToolCallsStepDetails

from ..frames import (
    DM,
    DS,
    MC,
    MD,
    MI,
    RA,
    RC,
    RD,
    RF,
    SC,
    SD,
    Object,
    block,
    call,
    code,
    code_call,
    event,
    image,
    image_block,
    step,
    text,
)
from .rows.row import first, piece
from .traces import State, parsed, play

T = TypeVar("T")

PIECES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), min_size=1, max_size=4)


@dataclass
class Stream:
    """A stream and what it should come to."""

    frames: list[bytes] = field(default_factory=list[bytes])
    ends: str = "nothing"
    """How its run ends: completed, failed, requires_action, or not at all."""
    messages: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The blocks of each message at the end: their text, or the file."""
    calls: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What was written for each call of each step."""


def merged(draw: st.DrawFn, queues: Sequence[Sequence[T]]) -> list[T]:
    """The items of all queues in some order that keeps each queue's own."""
    rest = [list(queue) for queue in queues if queue]
    result: list[T] = []
    while rest:
        queue = draw(st.sampled_from(rest))
        result.append(queue.pop(0))
        rest = [queue for queue in rest if queue]
    return result


def grouped(draw: st.DrawFn, entries: list[Object]) -> list[list[Object]]:
    """The entries of deltas, some sharing an event."""
    groups: list[list[Object]] = []
    for entry in entries:
        if groups and draw(st.integers(0, 3)) == 0:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def a_message(draw: st.DrawFn, number: int, stream: Stream) -> list[bytes]:
    id, queues, whole = f"msg_{number}", list[list[Object]](), list[str]()
    for index in range(draw(st.integers(0, 3))):
        label = f"<{id}.{index}>"
        if draw(st.integers(0, 4)) == 0:
            queues.append([image(label, index)])
            whole.append(label)
        else:
            pieces = draw(PIECES)
            queues.append([text(label + pieces[0], index), *(text(more, index) for more in pieces[1:])])
            whole.append(label + "".join(pieces))
    deltas = [DM(id, *group) for group in grouped(draw, merged(draw, queues))]
    blocks = [
        block(value) if isinstance(queue[0].get("text"), dict) else image_block(value)
        for queue, value in zip(queues, whole, strict=True)
    ]
    ending = draw(st.sampled_from(["completed", "incomplete", "bare", "missing"]))
    stream.messages[id] = [] if ending == "bare" else whole
    last = {"completed": [MD(id, *blocks)], "incomplete": [MI(id, *blocks)], "bare": [MI(id)], "missing": list[bytes]()}
    return [MC(id), *deltas, *last[ending]]


def a_step(draw: st.DrawFn, number: int, stream: Stream, waiting: list[Object]) -> list[bytes]:
    id, queues, whole, final = f"step_{number}", list[list[Object]](), list[str](), list[Object]()
    for index in range(draw(st.integers(0, 3))):
        name, pieces = f"call_{number}.{index}", draw(PIECES)
        if draw(st.booleans()):
            queues.append([first(name, index, pieces[0]), *(piece(index, arguments=more) for more in pieces[1:])])
            final.append(call(name, arguments="".join(pieces)))
        else:
            queues.append([code(pieces[0], index, id=name), *(code(more, index) for more in pieces[1:])])
            final.append(code_call(name, "".join(pieces)))
        whole.append("".join(pieces))
    deltas = [DS(id, *group) for group in grouped(draw, merged(draw, queues))]
    ending = draw(st.sampled_from(["completed", "failed", "missing"]))
    stream.calls[id] = [] if ending == "failed" else whole
    if ending == "missing":
        waiting += [made for made in final if made["type"] == "function"]
    failed = event("thread.run.step.failed", step(id, "failed", calls=[]))
    last = {"completed": [SD(id, calls=final)], "failed": [failed], "missing": list[bytes]()}
    return [SC(id, calls=[]), *deltas, *last[ending]]


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """A whole run: messages of several blocks and steps of several calls, written at the same time."""
    stream, waiting = Stream(), list[Object]()
    queues = [a_message(draw, number, stream) for number in range(draw(st.integers(0, 3)))]
    queues += [a_step(draw, number, stream, waiting) for number in range(draw(st.integers(0, 3)))]
    stream.ends = draw(st.sampled_from(["completed", "failed", "requires_action", "nothing"]))
    last = {"completed": [RD()], "failed": [RF()], "requires_action": [RA(*waiting)], "nothing": list[bytes]()}
    if stream.ends == "requires_action" and not waiting:
        stream.ends = "nothing"
    stream.frames = [RC(), *merged(draw, queues), *last[stream.ends]]
    return stream


class Watch(AssistantEventHandler):
    """Fails as soon as a hook comes at a time when it must not."""

    def __init__(self) -> None:
        self.created: list[str] = []
        self.done: list[str] = []
        self.joined: defaultdict[str, str] = defaultdict(str)

    def begin(self, key: str) -> None:
        assert key not in self.created
        self.created.append(key)

    def end(self, key: str) -> None:
        assert key not in self.done
        self.done.append(key)

    def under_way(self, owner: str) -> None:
        assert owner in self.created
        assert owner not in self.done

    def grow(self, key: str, more: str, whole: str) -> None:
        assert key in self.created
        self.joined[key] += more
        assert self.joined[key] == whole

    def on_text_created(self, text: Text) -> None:
        self.under_way(_owner(_label(text)))
        self.begin(_label(text))

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.under_way(_owner(_label(snapshot)))
        self.grow(_label(snapshot), delta.value or "", snapshot.value)

    def on_text_done(self, text: Text) -> None:
        self.under_way(_owner(_label(text)))
        self.end(_label(text))

    def on_image_file_done(self, image_file: ImageFile) -> None:
        self.under_way(_owner(image_file.file_id))
        self.end(image_file.file_id)

    def on_message_created(self, message: Message) -> None:
        self.begin(message.id)

    def on_message_done(self, message: Message) -> None:
        open_blocks = [key for key in self.created if key.startswith(f"<{message.id}.") and key not in self.done]
        assert not open_blocks
        self.under_way(message.id)
        self.end(message.id)

    def on_run_step_created(self, run_step: RunStep) -> None:
        self.begin(run_step.id)

    def on_run_step_done(self, run_step: RunStep) -> None:
        number = run_step.id.removeprefix("step_")
        open_calls = [key for key in self.created if key.startswith(f"call_{number}.") and key not in self.done]
        assert not open_calls
        self.under_way(run_step.id)
        self.end(run_step.id)

    def on_tool_call_created(self, tool_call: Any) -> None:
        self.under_way(_step_of(tool_call))
        self.begin(tool_call.id)

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.under_way(_step_of(snapshot))
        more = delta.function.arguments if delta.type == "function" else delta.code_interpreter.input
        self.grow(snapshot.id, more or "", _written(snapshot))

    def on_tool_call_done(self, tool_call: Any) -> None:
        assert tool_call.id in self.created
        self.under_way(_step_of(tool_call))
        self.end(tool_call.id)
        assert _written(tool_call).startswith(self.joined[tool_call.id])


def _label(text: Text) -> str:
    return text.value[: text.value.index(">") + 1]


def _owner(label: str) -> str:
    return label[1:].split(".")[0]


def _step_of(tool_call: Any) -> str:
    return str(tool_call.id).split(".")[0].replace("call", "step")


def _written(tool_call: Any) -> str:
    return str(tool_call.function.arguments if tool_call.type == "function" else tool_call.code_interpreter.input)


@settings(max_examples=150)
@given(streams())
def test_hooks_come_once_and_in_order(stream: Stream) -> None:
    watch = Watch()
    play(stream.frames, watch)
    told = [key for key in watch.created if not key.startswith("step_")]
    if stream.ends in ("completed", "failed"):
        assert not [key for key in told if key not in watch.done]
    if stream.ends == "requires_action":
        assert not [key for key in told if key.startswith("call_") and key not in watch.done]


@settings(max_examples=100)
@given(streams())
def test_what_was_said_is_what_is_kept(stream: Stream) -> None:
    _, state = play(stream.frames)
    messages = {id: [_said(part) for part in tracked.model.content] for id, tracked in state.messages.items()}
    assert messages == stream.messages
    assert {id: _calls(tracked.model) for id, tracked in state.steps.items()} == stream.calls


def _said(part: Any) -> str:
    return str(part.text.value if part.type == "text" else part.image_file.file_id)


def _calls(step: RunStep) -> list[str]:
    details = step.step_details
    return [_written(made) for made in details.tool_calls] if isinstance(details, ToolCallsStepDetails) else []


@settings(max_examples=100)
@given(streams())
def test_s10_delivered_events_never_change(stream: Stream) -> None:
    events = parsed(stream.frames)
    before = [one.model_dump() for one in events]
    hooks, state = Hooks([Watch()]), State()
    for one in events:
        for _ in fire(hooks, one, state):
            pass
    assert [one.model_dump() for one in events] == before


@settings(max_examples=50)
@given(streams())
def test_a10_a_stream_heard_twice_says_nothing_new_of_what_was_over(stream: Stream) -> None:
    """Deltas and ends of finished messages and steps, all of them late."""
    watch = Watch()
    _, state = play(stream.frames, watch)
    over = {id for id, tracked in state.messages.items() if tracked.finished}
    over |= {id for id, tracked in state.steps.items() if tracked.finished}
    hooks, known = Hooks([watch]), (list(watch.created), list(watch.done), state.ends)
    for one in parsed(stream.frames):
        if getattr(one.data, "id", None) in over and not one.event.endswith("created"):
            for _ in fire(hooks, one, state):
                pass
    assert (watch.created, watch.done, state.ends) == known
