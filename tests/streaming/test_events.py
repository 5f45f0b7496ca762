from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from assistream.errors import StreamProtocolError
from assistream.streaming.events import api_error, ends_leg, is_done, parse_event
from assistream.streaming.sse import Frame, SSEDecoder
from assistream.types import (
    EVENT_TYPES,
    ErrorEvent,
    Message,
    MessageDeltaEvent,
    Run,
    RunStep,
    RunStepDeltaEvent,
    Thread,
    UnknownEvent,
)

from ..frames import DM, DONE, DS, Object, event, function, message, run, step, thread

RUNS = [
    *("created", "queued", "in_progress", "requires_action", "completed", "incomplete", "failed"),
    *("cancelling", "cancelled", "expired"),
]
STEPS = ["created", "in_progress", "completed", "failed", "cancelled", "expired"]
MESSAGES = ["created", "in_progress", "completed", "incomplete"]

OBJECTS: dict[str, tuple[Object, type[object]]] = {
    "thread.created": (thread(), Thread),
    **{f"thread.run.{name}": (run("queued" if name == "created" else name), Run) for name in RUNS},
    **{f"thread.run.step.{name}": (step("step_1"), RunStep) for name in STEPS},
    **{f"thread.message.{name}": (message(), Message) for name in MESSAGES},
}


def frame(data: bytes) -> Frame:
    (only,) = SSEDecoder().feed(data)
    return only


def wrong(data: bytes) -> StreamProtocolError:
    with pytest.raises(StreamProtocolError) as caught:
        parse_event(frame(data), number=7, offset=1234)
    return caught.value


@pytest.mark.parametrize("name", OBJECTS)
def test_events_that_carry_an_object(name: str) -> None:
    data, kind = OBJECTS[name]
    parsed = parse_event(frame(event(name, data)))
    assert parsed is not None
    assert (parsed.event, type(parsed.data)) == (name, kind)
    assert type(parsed).__name__ == "".join(word.title() for word in name.replace("_", ".").split("."))


@pytest.mark.parametrize("name", [*OBJECTS, "thread.message.delta", "thread.run.step.delta"])
def test_events_are_as_pydantic_makes_them(name: str) -> None:
    data: Object = OBJECTS[name][0] if name in OBJECTS else {"id": "x_1", "delta": {}}
    made: Any = EVENT_TYPES[name].model_validate({"event": name, "data": data})
    first: Any = parse_event(frame(event(name, data)))
    second: Any = parse_event(frame(event(name, data)))
    assert first == second == made
    assert repr(first) == repr(made)
    assert first.model_dump_json() == made.model_dump_json()
    for kept in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        assert getattr(first, kept) == getattr(made, kept)
    assert pickle.loads(pickle.dumps(first)) == first
    assert first.model_copy(deep=True) == first
    first.model_fields_set.clear()
    first.more = 1
    assert second == made
    assert second.model_fields_set == {"event", "data"}


def test_message_delta() -> None:
    parsed = parse_event(frame(DM("msg_1", "Hel")))
    assert parsed is not None
    assert isinstance(parsed.data, MessageDeltaEvent)
    assert parsed.data.delta.content
    assert parsed.data.delta.content[0].model_dump(exclude_unset=True) == {
        "index": 0,
        "type": "text",
        "text": {"value": "Hel"},
    }


def test_step_delta() -> None:
    parsed = parse_event(frame(DS("step_1", function("{", id="a", name="look"))))
    assert parsed is not None
    assert isinstance(parsed.data, RunStepDeltaEvent)
    assert parsed.data.id == "step_1"


def test_these_are_all_25_names() -> None:
    assert len({*OBJECTS, "thread.message.delta", "thread.run.step.delta", "error", "done"}) == 25


@pytest.mark.parametrize("name", ["thread.run.paused", "thread.message.edited", "thread.brand.new.thing"])
def test_e2b_unknown_name_keeps_its_data(name: str) -> None:
    parsed = parse_event(frame(event(name, {"id": "x", "more": [1]})))
    assert isinstance(parsed, UnknownEvent)
    assert (parsed.event, parsed.data) == (name, {"id": "x", "more": [1]})


def test_e2b_unknown_name_without_json_keeps_its_text() -> None:
    parsed = parse_event(frame(event("thread.brand.new.thing", "soon")))
    assert isinstance(parsed, UnknownEvent)
    assert parsed.data == "soon"


def test_e2b_unknown_status_extra_fields_and_absent_ones() -> None:
    parsed = parse_event(frame(event("thread.run.in_progress", {"id": "run_1", "status": "pondering", "mood": "good"})))
    assert parsed is not None
    assert isinstance(parsed.data, Run)
    assert (parsed.data.status, parsed.data.model_extra) == ("pondering", {"mood": "good"})
    assert parsed.data.usage is None


@pytest.mark.parametrize("data", ["", "{}", '{"ok": true}', "anything"])
def test_e2_ping_is_no_event(data: str) -> None:
    assert parse_event(Frame(data.encode(), "ping")) is None


ERRORS = {
    "wrapped": {"error": {"message": "Sorry.", "type": "server_error", "code": "busy", "param": "model"}},
    "flat": {"message": "Sorry.", "type": "server_error", "code": "busy", "param": "model"},
}


@pytest.mark.parametrize("shape", ERRORS)
def test_e1_error_event(shape: str) -> None:
    parsed = parse_event(frame(event("error", ERRORS[shape])))
    assert isinstance(parsed, ErrorEvent)
    assert (parsed.event, parsed.data.message) == ("error", "Sorry.")
    error = api_error(parsed)
    assert (str(error), error.type, error.code, error.param) == ("Sorry.", "server_error", "busy", "model")


@pytest.mark.parametrize(
    ("data", "message"),
    [("upstream is gone", "upstream is gone"), ('"quoted"', "quoted"), ('{"error": "only text"}', "only text")],
)
def test_e1_error_event_of_plain_text(data: str, message: str) -> None:
    parsed = parse_event(frame(event("error", data)))
    assert isinstance(parsed, ErrorEvent)
    assert message in str(api_error(parsed))


@pytest.mark.parametrize("data", ["{}", "null", "[]", "0", '{"error": null}', '{"message": null, "code": 3}'])
def test_e1_error_event_that_says_little_is_one_still(data: str) -> None:
    parsed = parse_event(frame(event("error", data)))
    assert isinstance(parsed, ErrorEvent)
    assert str(api_error(parsed))


@pytest.mark.parametrize("name", ["message", "failure", "completion.error"])
def test_e1_error_under_another_name(name: str) -> None:
    parsed = parse_event(frame(event(name, ERRORS["wrapped"])))
    assert isinstance(parsed, ErrorEvent)
    assert parsed.data.code == "busy"


def test_e1_error_without_a_name() -> None:
    parsed = parse_event(frame(b"data: " + json.dumps(ERRORS["wrapped"]).encode() + b"\n\n"))
    assert isinstance(parsed, ErrorEvent)


def test_e1_an_error_field_of_a_thread_event_is_only_a_field() -> None:
    parsed = parse_event(frame(event("thread.run.in_progress", run("in_progress", error={"message": "x"}))))
    assert parsed is not None
    assert isinstance(parsed.data, Run)


@pytest.mark.parametrize(
    "data",
    [
        DONE,
        b"data: [DONE]\n\n",
        b'data: "[DONE]"\n\n',
        b'event: done\ndata: "[DONE]"\n\n',
        b"event: done\ndata: {}\n\n",
    ],
)
def test_done(data: bytes) -> None:
    assert is_done(frame(data))


@pytest.mark.parametrize("data", [DM("msg_1", "[DONE]"), event("thread.run.completed", run("completed"))])
def test_not_done(data: bytes) -> None:
    assert not is_done(frame(data))


@pytest.mark.parametrize(
    "data", ["{", '{"id": "run_1"', '{"id": "run_1", "status": "queued"}}', "nonsense", "NaN", "'single'", "\x00"]
)
def test_invalid_json_is_a_typed_error(data: str) -> None:
    error = wrong(event("thread.run.created", data))
    assert (error.frame, error.offset, error.body) == (7, 1234, data)
    for part in ("thread.run.created", "frame 7", "byte 1234", repr(data)):
        assert part in str(error)


@pytest.mark.parametrize("data", ["[]", "3", '"text"', "null", "true"])
@pytest.mark.parametrize("name", ["thread.created", "thread.run.created", "thread.message.delta"])
def test_a_frame_that_is_no_object_is_a_typed_error(name: str, data: str) -> None:
    error = wrong(event(name, data))
    assert (error.frame, error.offset) == (7, 1234)
    assert data in str(error)
    assert name in str(error)


def test_an_object_without_its_id_is_a_typed_error() -> None:
    assert "id" in str(wrong(event("thread.message.created", {"content": []})))


@pytest.mark.parametrize("content", [[{"index": "first", "type": "text"}], [3], "text", {"0": {}}])
def test_a_delta_of_the_wrong_shape_is_a_typed_error(content: object) -> None:
    delta = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": content}}
    assert "content" in str(wrong(event("thread.message.delta", delta)))


def test_the_excerpt_of_a_long_frame_is_short() -> None:
    error = wrong(event("thread.run.created", "x" * 100_000))
    assert len(str(error)) < 600
    assert "100000" in str(error)


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    data = DM("msg_1", "ab").replace(b"ab", b"a\xffb")
    parsed = parse_event(frame(data))
    assert parsed is not None
    assert "a\ufffdb" in parsed.model_dump_json()


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    data = DM("msg_1", "ab").replace(b"ab", rb"a\ud83db")
    parsed = parse_event(frame(data))
    assert parsed is not None
    assert "a\ufffdb" in parsed.model_dump_json()


def test_nesting_beyond_reason_is_a_typed_error() -> None:
    wrong(event("thread.run.created", '{"id": "run_1", "metadata": ' + "[" * 100_000 + "]" * 100_000 + "}"))


def test_data_cannot_say_which_event_it_is() -> None:
    parsed = parse_event(frame(event("thread.created", thread() | {"event": "thread.run.created"})))
    assert parsed is not None
    assert parsed.event == "thread.created"


@pytest.mark.parametrize(
    ("name", "status", "ends"),
    [
        ("completed", "incomplete", True),
        ("completed", "in_progress", False),
        ("in_progress", "failed", True),
        ("requires_action", "requires_action", True),
        ("cancelling", "cancelling", False),
        ("completed", "", True),
    ],
)
def test_e23_the_status_of_the_object_counts(name: str, status: str, ends: bool) -> None:
    parsed = parse_event(frame(event(f"thread.run.{name}", run(status))))
    assert parsed is not None
    assert ends_leg(parsed) is ends


def test_only_run_events_end_a_leg() -> None:
    for name, data in {"thread.message.completed": message(status="completed"), "thread.created": thread()}.items():
        parsed = parse_event(frame(event(name, data)))
        assert parsed is not None
        assert not ends_leg(parsed)
