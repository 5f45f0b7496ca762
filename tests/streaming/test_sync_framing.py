# Written by scripts/unasync.py from test_async_framing.py; edit that file instead.
"""CONTRACT section 4, E2 and E3: from bytes on the wire to hooks, what is no event and what is an unknown one."""

from __future__ import annotations

import json

import pytest

from assistream import Client
from assistream.types import UnknownEvent

from ..frames import DM, DONE, DS, MC, MD, RC, RD, RP, SC, SD, Object, event, hello, message, name_of, run, step
from ..recording import Tracer, play, said, streaming
from ..wire import Wire, stream

FRAMES = hello()
EVENTS = [f"event {name_of(frame)}" for frame in hello(done=False)]
NOISE = {
    "comments": b": keep-alive\n\n:\n:\n\n",
    "retry": b"retry: 100\n\n",
    "id alone": b"id: 7\n\n",
    "ping": b"event: ping\ndata: {}\n\n",
    "ping without data": b"event: ping\n\n",
    "empty data": b"data:\n\n",
    "a name without data": b"event: thread.run.in_progress\n\n",
    "empty lines": b"\n\n\n",
    "unknown fields": b"foo: bar\nfoo\n\n",
}


def events(handler: Tracer) -> list[str]:
    return [line for line in handler.log if line.startswith("event")]


@pytest.mark.parametrize("noise", NOISE)
def test_e2_never_an_event_never_an_error(server: Wire, client: Client, noise: str) -> None:
    server.add(stream(*(part for frame in FRAMES for part in (NOISE[noise], frame)), NOISE[noise]))
    handler = Tracer()
    play(client, handler)
    assert events(handler) == EVENTS
    assert "text_done Hello" in handler.log


@pytest.mark.parametrize("line_end", [b"\r", b"\n", b"\r\n"], ids=["CR", "LF", "CRLF"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000, None])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_e3_line_ends_and_chunks(server: Wire, client: Client, line_end: bytes, size: int | None, bom: bytes) -> None:
    odd = "l\u00f6\u2028\u2029\u0085!"
    short = [RC(), MC("m"), DM("m", "Hel"), DM("m", odd), MD("m", f"Hel{odd}"), RD(), DONE]
    body = bom + b"".join(short).replace(b"\n", line_end)
    server.add(stream(body, size=size) if size else stream(body))
    handler = Tracer()
    play(client, handler)
    assert events(handler) == [f"event {name_of(frame)}" for frame in short[:-1]]
    assert f"text_delta {odd}" in handler.log
    assert f"text_done Hel{odd}" in handler.log


def test_e3_a_frame_whose_data_has_several_lines(server: Wire, client: Client) -> None:
    lines = json.dumps(run("in_progress"), indent=1).splitlines()
    server.add(
        stream(
            RC(),
            "\n".join(["event: thread.run.in_progress", *(f"data: {line}" for line in lines), "", ""]).encode(),
            RD(),
        )
    )
    handler = Tracer()
    play(client, handler)
    assert "run_changed in_progress" in handler.log


def test_e2b_an_unknown_event_keeps_its_data(server: Wire, client: Client) -> None:
    server.add(stream(RC(), event("thread.run.step.paused", {"id": "step_1", "why": ["rest"]}), RD(), DONE))
    handler = Tracer()
    with streaming(client, handler) as target:
        _, unknown, _ = [received for received in target]
    assert isinstance(unknown, UnknownEvent)
    assert unknown.data == {"id": "step_1", "why": ["rest"]}
    assert "unknown_event thread.run.step.paused" in handler.log


STRANGE: dict[str, bytes] = {
    "block": MC("msg_1", {"type": "hologram", "hologram": {"url": "x"}}),
    "block in a delta": DM("msg_1", {"index": 0, "type": "hologram", "hologram": {"url": "x"}}),
    "tool": RP(tools=[{"type": "telepathy", "telepathy": {}}]),
    "tool call": SC("step_1", calls=[{"id": "call_1", "type": "telepathy", "telepathy": {}}]),
    "tool call in a delta": DS("step_1", {"index": 0, "id": "call_1", "type": "telepathy", "telepathy": {}}),
    "step": SC("step_1", step_details={"type": "thought", "thought": {"text": "hm"}}, type="thought"),
    "required_action": event("thread.run.in_progress", run("in_progress", required_action={"type": "pay", "pay": {}})),
    "run status": event("thread.run.in_progress", run("dreaming")),
    "step status": event("thread.run.step.in_progress", step(status="dreaming")),
    "message status": event("thread.message.in_progress", message(status="dreaming")),
    "extra fields": RP(mood="good", nested={"a": [1]}),
    "annotation": DM("msg_1", {"index": 0, "type": "text", "text": {"value": "x", "annotations": [{"type": "poem"}]}}),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_e2b_unknown_things_never_kill_a_stream(server: Wire, client: Client, kind: str) -> None:
    server.add(stream(RC(), STRANGE[kind], RD(), DONE))
    handler = Tracer()
    with streaming(client, handler) as target:
        _, strange, _ = [received for received in target]
    assert json.loads(strange.model_dump_json(exclude_unset=True))["data"] == _data(STRANGE[kind])
    assert [line for line in handler.log if "exception" in line] == []


def _data(frame: bytes) -> Object:
    data: Object = json.loads(frame.split(b"data: ", 1)[1])
    return data


def test_e2b_absent_optional_fields(server: Wire, client: Client) -> None:
    bare_run = event("thread.run.created", {"id": "run_1"})
    bare_step = event("thread.run.step.created", {"id": "step_1"})
    bare_message = event("thread.message.created", {"id": "msg_1"})
    bare_delta = event("thread.message.delta", {"id": "msg_1", "delta": {"content": [{"type": "text"}]}})
    bare_end = event("thread.run.completed", {"id": "run_1"})
    server.add(stream(bare_run, bare_step, bare_message, bare_delta, DM("msg_1", "Hi"), bare_end, DONE))
    with streaming(client, Tracer()) as handler:
        run = handler.get_final_run()
        assert said(handler.current_message_snapshot) == "Hi"
    assert (run.id, run.usage) == ("run_1", None)


def test_e2b_a_completed_step_with_an_unknown_call(server: Wire, client: Client) -> None:
    strange: Object = {"id": "call_1", "type": "telepathy", "telepathy": {"whom": "you"}}
    server.add(stream(RC(), SC(calls=[]), SD(calls=[strange]), RD(), DONE))
    handler = Tracer()
    play(client, handler)
    assert [line for line in handler.log if "tool_call" in line] == [
        "tool_call_created call_1",
        "tool_call_done call_1",
    ]
