# Written by scripts/unasync.py from test_async_drops.py; edit that file instead.
"""CONTRACT section 4, E4: a stream that stops before its run has ended, wherever and however it stops."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistream import APIConnectionError, Client, StreamTruncatedError

from ..frames import DM, DONE, MC, RC, RD, SC, answers, asks, hello, name_of
from ..recording import OUTPUTS, Tracer, play, said, streaming
from ..wire import Step, Wire, end, hang_up, head, reset, send, stream, until

LEGS = {"text": hello(done=False), "tools": asks(done=False), "submit": answers(done=False)}
LOSSES: dict[str, Step] = {"reset": reset(), "hung up": hang_up(), "ended": end()}


def cuts(frames: list[bytes]) -> Iterator[tuple[bytes, list[str]]]:
    """What arrives, and the events in it: cut before each frame, in its middle, and before its last byte."""
    sent, events = b"", list[str]()
    for frame in frames:
        for piece in (b"", frame[: len(frame) // 2], frame[:-1]):
            yield sent + piece, list(events)
        sent += frame
        events.append(f"event {name_of(frame)}")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("leg", LEGS)
def test_e4_cut_anywhere(server: Wire, client: Client, leg: str, loss: str) -> None:
    for sent, events in cuts(LEGS[leg]):
        server.add(stream(sent, then=LOSSES[loss]))
        handler = Tracer()
        with pytest.raises(StreamTruncatedError) as raised:
            play(client, handler)
        assert [line for line in handler.log if line.startswith("event")] == events
        assert handler.log[-2:] == ["exception StreamTruncatedError", "end"]
        assert isinstance(raised.value.__cause__, type(None) if loss == "ended" else httpx.TransportError)
        if "event thread.run.created" in events:
            assert raised.value.run_id == "run_1"
    until(lambda: loss == "ended" or not server.open)


@pytest.mark.parametrize("loss", LOSSES)
def test_e4_the_run_had_ended(server: Wire, client: Client, loss: str) -> None:
    server.add(stream(*hello(done=False), then=LOSSES[loss]))
    server.add(stream(*asks(done=False), then=LOSSES[loss]))
    server.add(stream(RC(), DONE, then=LOSSES[loss]))
    for last in ("run_changed completed", "run_requires_action requires_action", "run_created queued"):
        handler = Tracer()
        play(client, handler)
        assert handler.log[-2:] == [last, "end"]


def test_e4_a_body_without_framing_ends_in_good_order(server: Wire, client: Client) -> None:
    server.add(head(chunked=False), send(RC()), end())
    with pytest.raises(StreamTruncatedError) as raised:
        play(client, Tracer())
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("loss", LOSSES)
def test_e4_the_error_says_how_far_it_got(server: Wire, client: Client, loss: str) -> None:
    server.add(stream(RC(), SC(), MC(), DM("msg_1", "Hel"), DM("msg_1", "lo"), then=LOSSES[loss]))
    handler = Tracer()
    with pytest.raises(APIConnectionError) as raised:
        play(client, handler)
    error = raised.value
    assert isinstance(error, StreamTruncatedError)
    assert (error.run_id, error.thread_id) == ("run_1", "thread_1")
    assert said(error.snapshot) == "Hello"
    assert not [line for line in handler.log if "_done" in line]


def test_e4_the_message_alone_says_where(server: Wire, client: Client) -> None:
    server.add(stream(MC(), DM("msg_1", "Hel")))
    with pytest.raises(StreamTruncatedError) as raised:
        play(client, Tracer())
    assert (raised.value.run_id, raised.value.thread_id) == ("run_1", "thread_1")


@pytest.mark.parametrize("frames", [[], answers()[:1], answers()[:2]], ids=["nothing", "a step", "the run"])
def test_e4_a_later_leg_knows_its_run(server: Wire, client: Client, frames: list[bytes]) -> None:
    server.add(stream(*asks()))
    server.add(stream(*frames))
    handler = Tracer()
    play(client, handler)
    with pytest.raises(StreamTruncatedError) as raised:
        with client.beta.threads.runs.submit_tool_outputs_stream(
            run_id="run_1", thread_id="thread_1", tool_outputs=OUTPUTS, event_handler=handler
        ) as target:
            target.until_done()
    assert (raised.value.run_id, raised.value.thread_id) == ("run_1", "thread_1")


@pytest.mark.parametrize("loss", LOSSES)
def test_e4_allowed(server: Wire, client: Client, loss: str) -> None:
    server.add(stream(RC(), SC(), MC(), DM("msg_1", "Hel"), then=LOSSES[loss]))
    handler = Tracer()
    with streaming(client, handler, allow_truncated=True) as target:
        assert (target.get_final_run()).status == "queued"
    assert handler.log[-2:] == ["message_delta MessageDelta", "end"]
    assert not [line for line in handler.log if "_done" in line]


@pytest.mark.parametrize("loss", LOSSES)
def test_e4_in_a_bare_stream(server: Wire, client: Client, loss: str) -> None:
    server.add(stream(RC(), SC(), then=LOSSES[loss]), times=2)
    runs = client.beta.threads.runs
    seen: list[str] = []
    with pytest.raises(StreamTruncatedError):
        for event in runs.create("thread_1", assistant_id="asst_1", stream=True):
            seen.append(event.event)
    allowed = runs.create("thread_1", assistant_id="asst_1", stream=True, allow_truncated=True)
    assert [event.event for event in allowed] == seen == ["thread.run.created", "thread.run.step.created"]


def test_e4_the_next_run_is_none_the_worse(server: Wire, client: Client) -> None:
    for loss in LOSSES.values():
        server.add(stream(RC(), then=loss))
        server.add(stream(RC(), RD(), DONE))
        with pytest.raises(StreamTruncatedError):
            play(client, Tracer())
        play(client, Tracer())
