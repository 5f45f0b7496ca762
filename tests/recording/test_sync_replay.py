# Written by scripts/unasync.py from test_async_replay.py; edit that file instead.
"""What is recorded can be played again, and sounds the same; so can any other event stream."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from assistream import (
    APIError,
    AssistantEventHandler,
    AssistreamError,
    Client,
    Recorder,
    StreamTruncatedError,
    StreamUsageError,
    ToolError,
    Transcript,
    replay,
)
from assistream.engine import Scripted, calls, says
from assistream.recording.playback import RecordedTurns
from assistream.recording.playback.deck import Pace
from assistream.types import PendingCall

from ..frames import DM, DONE, MC, MD, RA, RC, RD, RF, SD, call, hello
from ..recording import OUTPUTS, Tracer, play, streaming
from ..shared import shared_files
from ..streaming.said import frames_of, own_files
from ..wire import Wire, reset, stream

RECORDED = [*shared_files("streams/*.sse"), *own_files()]


class Witness(Tracer):
    """Keeps the events, too, as they were when they came."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def on_event(self, event: object) -> None:
        super().on_event(event)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- any event
        self.events.append(repr(event))


def played(path: Path, **options: object) -> Witness:
    witness = Witness()
    try:
        with replay(path, witness, speed=None) as again:
            again.until_done()
    except APIError:
        witness.log.append("raised")
    return witness


def recorded(client: Client, path: Path) -> Witness:
    """What came, with a recording of it in the file."""
    witness = Witness()
    try:
        with streaming(client, [witness, Recorder(path)]) as live:
            live.until_done()
    except APIError:
        witness.log.append("raised")
    return witness


@pytest.mark.parametrize("path", RECORDED)
def test_recordings_sound_as_the_original(server: Wire, client: Client, path: Path, tmp_path: Path) -> None:
    server.add(stream(*frames_of(path.read_bytes())))
    original = recorded(client, tmp_path / "run.sse")
    again = played(tmp_path / "run.sse")
    assert again.log == original.log
    assert again.events == original.events
    assert again.events != []


@pytest.mark.parametrize("path", [*RECORDED, *shared_files("streams/malformed/*.txt")])
def test_any_event_stream_can_be_played(server: Wire, client: Client, path: Path) -> None:
    server.add(stream(path.read_bytes()))
    original = Witness()
    try:
        play(client, original)
    except AssistreamError:
        original.log.append("raised")
    again = played(path)
    assert again.log == original.log
    assert again.events == original.events


def test_a_lost_connection_is_in_the_recording(server: Wire, client: Client, tmp_path: Path) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=reset()))
    original = recorded(client, tmp_path / "run.sse")
    assert original.log[-3:] == ["exception StreamTruncatedError", "end", "raised"]
    assert (played(tmp_path / "run.sse")).log == original.log
    with pytest.raises(StreamTruncatedError):
        with replay(tmp_path / "run.sse", Tracer(), speed=None) as again:
            again.until_done()
    with replay(tmp_path / "run.sse", Tracer(), speed=None, allow_truncated=True) as again:
        assert (again.get_final_run()).status == "queued"


def test_legs_answered_by_hand_are_one_stream(server: Wire, client: Client, tmp_path: Path) -> None:
    server.add(stream(RC(), RA(), DONE))
    server.add(stream(SD(calls=[call(output="42")]), MC(), MD("msg_1", "Hello"), RD(), DONE))
    recorder = Recorder(tmp_path / "run.sse")
    with streaming(client, recorder) as live:
        run = live.get_final_run()
    with client.beta.threads.runs.submit_tool_outputs_stream(
        run.id, thread_id=run.thread_id, tool_outputs=OUTPUTS, event_handler=recorder
    ) as live:
        live.until_done()
    transcript, tracer = Transcript(), Tracer()
    with replay(tmp_path / "run.sse", [tracer, transcript], speed=None) as again:
        messages = again.get_final_messages()
    assert [message.id for message in messages] == ["msg_1"]
    assert tracer.log.count("end") == 1
    assert "Hello" in str(transcript)


def test_legs_without_end_markers_are_legs(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join([RC(), RA(), SD(calls=[call(output="42")]), RD(), DONE, DONE]))
    tracer = Tracer()
    with replay(path, tracer, speed=None) as again:
        assert (again.get_final_run()).status == "completed"
    assert tracer.log[-1] == "end"
    assert tracer.log.count("end") == 1


def test_a_run_that_failed_is_played(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(RC() + RF())
    with replay(path, Tracer(), speed=None) as again:
        assert (again.get_final_run()).status == "failed"


def test_an_empty_file_is_a_stream_that_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.sse").write_bytes(b"")
    with pytest.raises(StreamTruncatedError):
        with replay(tmp_path / "run.sse", Tracer()) as again:
            again.until_done()


SLOW = b": assistream recording\n: +0.0\n" + RC() + b": +80000.0\n" + RD() + DONE


def test_it_can_be_played_faster_or_without_pauses(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(SLOW)
    for speed in (1e9, None, float("inf")):
        with replay(path, Tracer(), speed=speed) as again:
            assert (again.get_final_run()).status == "completed"


def test_it_can_be_left_in_a_pause(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(SLOW)
    tracer = Tracer()
    with replay(path, tracer) as again:
        for _ in again:
            break
    assert tracer.log[-1] == "end"


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_is_positive(tmp_path: Path, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        replay(tmp_path / "run.sse", Tracer(), speed=speed)


def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replay(tmp_path / "run.sse", Tracer())


def test_handlers_that_answer_by_hand_are_not_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join([RC(), RA(), DONE, SD(calls=[call(output="42")]), RD(), DONE]))

    class ByHand(Tracer):
        def on_run_requires_action(self, run: object) -> None:
            self.submit_outputs(OUTPUTS)

    with replay(path, ByHand(), speed=None) as again:
        assert (again.get_final_run()).status == "completed"


def test_what_a_recording_cannot_know() -> None:
    turns = RecordedTurns([], None, Pace(None), allow_truncated=False)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- not used
    with pytest.raises(StreamUsageError, match="begins with"):
        turns.first()
    with pytest.raises(StreamUsageError, match="needs the type"):
        turns.parsed("{}", None)
    assert turns.parsed('{"a": 1}', dict[str, int]) == {"a": 1}
    assert turns.give_up(None, answered=False) is None


def test_the_first_leg_can_be_stopped_from_another_thread(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join(hello()))
    seen: list[str] = []
    with replay(path, Tracer(), speed=None) as again:
        for event in again:
            seen.append(event.event)
            thread = threading.Thread(target=again.cancel)
            thread.start()
            thread.join()
    assert seen == ["thread.run.created"]


def fall() -> str:
    raise ZeroDivisionError("no floor")


class Hinting(Tracer):
    def on_tool_error(self, call: PendingCall, error: Exception) -> str:
        return "try the stairs"


def tool_errors(stream: AssistantEventHandler) -> list[object]:
    return [event.data for event in stream if event.event == "tool.error"]


def recorded_loop(path: Path, handler: AssistantEventHandler, **options: Any) -> list[object]:
    """A run that calls `fall`, recorded; returns the tool errors that its program saw."""
    with Client.embedded(model=Scripted([calls(fall={}), says("Oh.")])) as client:
        assistant = client.beta.assistants.create(model="scripted")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Go."}])
        runs = client.beta.threads.runs
        handlers = [handler, Recorder(path)]
        with runs.create_and_stream(
            thread.id, assistant_id=assistant.id, tools=[fall], event_handler=handlers, **options
        ) as live:
            return tool_errors(live)


@pytest.mark.parametrize(("make", "told"), [(Tracer, "ZeroDivisionError: no floor"), (Hinting, "try the stairs")])
def test_what_the_model_was_told_is_recorded(make: type[AssistantEventHandler], told: str, tmp_path: Path) -> None:
    live = recorded_loop(tmp_path / "run.sse", make())
    with replay(tmp_path / "run.sse", Tracer(), speed=None) as again:
        assert tool_errors(again) == live
    assert [getattr(error, "message", None) for error in live] == [told]


def test_a_tool_whose_error_ended_the_stream(tmp_path: Path) -> None:
    path, tracer, again = tmp_path / "run.sse", Tracer(), Tracer()
    with pytest.raises(ZeroDivisionError):
        recorded_loop(path, tracer, errors="raise")
    with pytest.raises(ToolError, match="no floor") as caught:
        with replay(path, again, speed=None) as stream:
            stream.until_done()
    assert type(caught.value).__name__ == "ZeroDivisionError"
    assert again.log == tracer.log
    with replay(path, Tracer(), speed=None, allow_truncated=True) as stream:
        assert (stream.get_final_run()).status == "requires_action"


def test_a_recording_that_is_cut_anywhere_can_be_played(tmp_path: Path) -> None:
    recorded_loop(tmp_path / "run.sse", Tracer())
    body = (tmp_path / "run.sse").read_bytes()
    first = body.index(b": tool.started")
    last = body.index(b"event:", first)
    for end in [*range(0, first, 97), *range(first, last, 7), *range(last, len(body), 97)]:
        (tmp_path / "cut.sse").write_bytes(body[:end])
        with replay(tmp_path / "cut.sse", Tracer(), speed=None, allow_truncated=True) as again:
            again.until_done()
