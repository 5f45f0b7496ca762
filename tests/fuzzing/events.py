"""Fuzzing the parser of events, and what becomes of a sequence of them: snapshots and hooks.

Allowed are the documented errors and nothing else, whatever the data of an event. What was delivered never changes.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import Any

from assistream.errors import APIError, StreamProtocolError
from assistream.handlers import AssistantEventHandler
from assistream.handlers.hooks import HOOK_NAMES
from assistream.streaming.dispatch import Hooks, fire
from assistream.streaming.events import api_error, ends_leg, is_done, parse_event, run_status
from assistream.streaming.snapshots import StreamState
from assistream.streaming.sse import Frame
from assistream.types import ErrorEvent, Message, RunStep

from .. import frames as wire
from .mutation import JUNK, mutate
from .source import Source

Object = dict[str, Any]

_MARK: Object = {
    "type": "file_citation",
    "text": "[1]",
    "start_index": 1,
    "end_index": 4,
    "file_citation": {"file_id": "f"},
}
_LOGS: Object = {"type": "logs", "logs": "2"}
_PICTURE: Object = {"type": "image", "image": {"file_id": "f"}}
_BLOCKS: list[Object | str] = [
    "",
    "Hello",
    wire.image_block(),
    {"type": "refusal", "refusal": "No"},
    wire.block("A", [_MARK]),
]
_FRAGMENTS: list[Object] = [
    *(
        wire.text("Hel"),
        wire.text("lo"),
        wire.text(None, 0, [{"index": 0} | _MARK]),
        wire.text("B", 1),
        wire.text("", 1),
    ),
    *(wire.text("9", 900), wire.text(None, 1, [_MARK]), wire.text("x", 0, []), wire.image("f", 1), wire.image()),
    *(wire.refusal("No"), wire.refusal("!", 2), {"index": 0, "type": "image_url", "image_url": {"url": "u"}}),
    {"index": 0, "text": {"value": "untyped"}},
]
_PIECES: list[Object] = [
    *(
        wire.function("", 0, id="call_1", name="f"),
        wire.function("{", 0),
        wire.function("}", 0),
        wire.function("[]", 1),
    ),
    *(
        wire.function("", 1, id="call_2", name="g"),
        wire.code("1+", 0, id="call_1"),
        wire.code("1", 0),
        wire.code("", 2),
    ),
    wire.code("", 0, outputs=[{"index": 0} | _LOGS]),
    wire.code("", 2, id="call_3", outputs=[_LOGS, {"index": 1} | _PICTURE]),
    *(wire.search(1, id="call_2"), wire.search(0), {"index": 0, "function": {"arguments": "untyped"}}),
]
_CALLS: list[Object] = [
    *(wire.call("call_1"), wire.call("call_2", arguments=""), wire.call("call_9", output="42")),
    *(wire.code_call("call_1"), wire.code_call("call_3", "1", [_LOGS, _PICTURE])),
    {
        "id": "call_2",
        "type": "file_search",
        "file_search": {"results": [{"file_id": "f", "file_name": "n", "score": 0.5}]},
    },
]
_RUN_NAMES = (
    "created queued in_progress requires_action completed failed cancelling cancelled expired incomplete".split()
)
_MESSAGE_NAMES = "created in_progress completed incomplete delta delta delta delta".split()
_STEP_NAMES = "created in_progress completed failed cancelled expired delta delta delta delta delta".split()
_OTHER: list[tuple[str, Any]] = [
    *(
        ("thread.created", wire.thread()),
        ("error", {"error": {"message": "no", "code": 7}}),
        ("error", "plain"),
        ("ping", {}),
    ),
    *(("thread.never.heard", {"a": 1}), ("message", {"error": {"message": "no"}}), ("done", "[DONE]"), ("error", None)),
    *(("error", []), ("error", {"message": None}), ("error", {"message": {"a": 1}, "code": []}), ("", {})),
]


def _some(things: list[Any], source: Source, most: int = 3) -> list[Any]:
    return [source.one_of(things) for _ in range(source.below(most + 1))]


def any_event(source: Source) -> tuple[str, Any]:
    """The name of an event and what a server might send with it."""
    match source.below(8):
        case 0:
            return source.one_of(_OTHER)
        case 1:
            name = source.one_of(_RUN_NAMES)
            calls = _some(_CALLS[:3], source) if name == "requires_action" else []
            return f"thread.run.{name}", wire.run(name, required_action=wire.action(*calls) if calls else None)
        case 2 | 3 | 4:
            name, id = source.one_of(_MESSAGE_NAMES), source.one_of(("msg_1", "msg_2"))
            if name == "delta":
                return "thread.message.delta", {"id": id, "delta": {"content": _some(_FRAGMENTS, source)}}
            return f"thread.message.{name}", wire.message(id, name, *_some(_BLOCKS, source))
        case _:
            name, id = source.one_of(_STEP_NAMES), source.one_of(("step_1", "step_2"))
            calls = _some(_PIECES if name == "delta" else _CALLS, source)
            if name == "delta":
                details = {"type": "tool_calls", "tool_calls": calls}
                return "thread.run.step.delta", {"id": id, "delta": {"step_details": details}}
            return f"thread.run.step.{name}", wire.step(id, name, calls=calls if source.below(4) else None)


def any_frame(source: Source) -> Frame:
    """A frame as the decoder makes it; one in three has something wrong in its data, one in many is no JSON."""
    name, data = any_event(source)
    if source.rarely(3):
        data = mutate(data, source)
    if source.rarely(8):
        data = mutate(data, source)
    text = json.dumps(data).encode()
    if source.rarely(24):
        place = source.below(len(text) + 1)
        text = (
            text[:place] + source.one_of((b"", b"\xff", b"}", b"\\ud83d", b'"', b"1e999", b"0" * 5000)) + text[place:]
        )
    return Frame(text, name)


def check_parser(data: bytes) -> None:
    """One event, of which everything may be wrong."""
    source = Source(data)
    frame = any_frame(source)
    if source.rarely(4):
        name, payload = source.one_of((frame.event, "error", "thread.run.created", "x")), source.one_of(JUNK)
        frame = Frame(json.dumps(payload).encode(), name)
    if source.rarely(8):
        frame = Frame(data, frame.event)
    _read(frame)


def _read(frame: Frame) -> Any:
    if is_done(frame):
        return None
    try:
        event = parse_event(frame, number=1, offset=2)
    except StreamProtocolError as error:
        str(error)
        return None
    if event is not None:
        assert event.event == frame.event or isinstance(event, ErrorEvent)
        run_status(event)
        ends_leg(event)
    if isinstance(event, ErrorEvent):
        assert isinstance(api_error(event), APIError)
        str(api_error(event))
    return event


class _Watch:
    """Every hook of one handler: what is created and done, is so once."""

    def __init__(self) -> None:
        self.handler = AssistantEventHandler()
        self.told = Counter[tuple[str, str]]()
        self.calls = 0
        for name in HOOK_NAMES:
            setattr(self.handler, name, partial(self.hook, name))

    def hook(self, name: str, *args: Any) -> None:
        self.calls += 1
        if name in ("on_message_created", "on_message_done", "on_run_step_created", "on_run_step_done"):
            self.told[name, args[0].id] += 1
            assert self.told[name, args[0].id] == 1, (name, args[0].id)


def check_sequence(data: bytes) -> None:
    """A stream of events in any order, many of them wrong."""
    source = Source(data)
    careful = source.rarely(16)
    watch, state = _Watch(), StreamState()
    hooks, delivered = Hooks([watch.handler]), list[tuple[Any, str]]()
    while not source.is_empty:
        event = _read(any_frame(source))
        if event is None:
            continue
        if careful:
            delivered.append((event, repr(event)))
        before = watch.calls
        try:
            for _ in fire(hooks, event, state):
                pass
        except StreamProtocolError:
            break
        assert watch.calls > before
    kept: list[Message | RunStep] = [tracked.model for tracked in state.messages.values()]
    for model in kept + [tracked.model for tracked in state.steps.values()]:
        model.model_dump_json(warnings=False)
        model.model_copy(deep=True)
    assert all(repr(event) == was for event, was in delivered)
