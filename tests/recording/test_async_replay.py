"""What is recorded can be played again, and sounds the same; so can any other event stream."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from assistream import (
    APIError,
    AssistreamError,
    AsyncAssistantEventHandler,
    AsyncClient,
    AsyncRecorder,
    AsyncTranscript,
    StreamTruncatedError,
    StreamUsageError,
    ToolError,
    replay,
)
from assistream.engine import Scripted, calls, says
from assistream.recording.playback import AsyncRecordedTurns
from assistream.recording.playback.deck import Pace
from assistream.types import PendingCall

from ..frames import DM, DONE, MC, MD, RA, RC, RD, RF, SD, call, hello
from ..recording import OUTPUTS, AsyncTracer, async_play, async_streaming
from ..shared import shared_files
from ..streaming.said import frames_of, own_files
from ..wire import Wire, reset, stream

pytestmark = pytest.mark.anyio

RECORDED = [*shared_files("streams/*.sse"), *own_files()]


class AsyncWitness(AsyncTracer):
    """Keeps the events, too, as they were when they came."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    async def on_event(self, event: object) -> None:
        await super().on_event(event)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- any event
        self.events.append(repr(event))


async def played(path: Path, **options: object) -> AsyncWitness:
    witness = AsyncWitness()
    try:
        async with replay(path, witness, speed=None) as again:
            await again.until_done()
    except APIError:
        witness.log.append("raised")
    return witness


async def recorded(client: AsyncClient, path: Path) -> AsyncWitness:
    """What came, with a recording of it in the file."""
    witness = AsyncWitness()
    try:
        async with async_streaming(client, [witness, AsyncRecorder(path)]) as live:
            await live.until_done()
    except APIError:
        witness.log.append("raised")
    return witness


@pytest.mark.parametrize("path", RECORDED)
async def test_recordings_sound_as_the_original(
    server: Wire, async_client: AsyncClient, path: Path, tmp_path: Path
) -> None:
    server.add(stream(*frames_of(path.read_bytes())))
    original = await recorded(async_client, tmp_path / "run.sse")
    again = await played(tmp_path / "run.sse")
    assert again.log == original.log
    assert again.events == original.events
    assert again.events != []


@pytest.mark.parametrize("path", [*RECORDED, *shared_files("streams/malformed/*.txt")])
async def test_any_event_stream_can_be_played(server: Wire, async_client: AsyncClient, path: Path) -> None:
    server.add(stream(path.read_bytes()))
    original = AsyncWitness()
    try:
        await async_play(async_client, original)
    except AssistreamError:
        original.log.append("raised")
    again = await played(path)
    assert again.log == original.log
    assert again.events == original.events


async def test_a_lost_connection_is_in_the_recording(server: Wire, async_client: AsyncClient, tmp_path: Path) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=reset()))
    original = await recorded(async_client, tmp_path / "run.sse")
    assert original.log[-3:] == ["exception StreamTruncatedError", "end", "raised"]
    assert (await played(tmp_path / "run.sse")).log == original.log
    with pytest.raises(StreamTruncatedError):
        async with replay(tmp_path / "run.sse", AsyncTracer(), speed=None) as again:
            await again.until_done()
    async with replay(tmp_path / "run.sse", AsyncTracer(), speed=None, allow_truncated=True) as again:
        assert (await again.get_final_run()).status == "queued"


async def test_legs_answered_by_hand_are_one_stream(server: Wire, async_client: AsyncClient, tmp_path: Path) -> None:
    server.add(stream(RC(), RA(), DONE))
    server.add(stream(SD(calls=[call(output="42")]), MC(), MD("msg_1", "Hello"), RD(), DONE))
    recorder = AsyncRecorder(tmp_path / "run.sse")
    async with async_streaming(async_client, recorder) as live:
        run = await live.get_final_run()
    async with async_client.beta.threads.runs.submit_tool_outputs_stream(
        run.id, thread_id=run.thread_id, tool_outputs=OUTPUTS, event_handler=recorder
    ) as live:
        await live.until_done()
    transcript, tracer = AsyncTranscript(), AsyncTracer()
    async with replay(tmp_path / "run.sse", [tracer, transcript], speed=None) as again:
        messages = await again.get_final_messages()
    assert [message.id for message in messages] == ["msg_1"]
    assert tracer.log.count("end") == 1
    assert "Hello" in str(transcript)


async def test_legs_without_end_markers_are_legs(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join([RC(), RA(), SD(calls=[call(output="42")]), RD(), DONE, DONE]))
    tracer = AsyncTracer()
    async with replay(path, tracer, speed=None) as again:
        assert (await again.get_final_run()).status == "completed"
    assert tracer.log[-1] == "end"
    assert tracer.log.count("end") == 1


async def test_a_run_that_failed_is_played(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(RC() + RF())
    async with replay(path, AsyncTracer(), speed=None) as again:
        assert (await again.get_final_run()).status == "failed"


async def test_an_empty_file_is_a_stream_that_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.sse").write_bytes(b"")
    with pytest.raises(StreamTruncatedError):
        async with replay(tmp_path / "run.sse", AsyncTracer()) as again:
            await again.until_done()


SLOW = b": assistream recording\n: +0.0\n" + RC() + b": +80000.0\n" + RD() + DONE


async def test_it_can_be_played_faster_or_without_pauses(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(SLOW)
    for speed in (1e9, None, float("inf")):
        async with replay(path, AsyncTracer(), speed=speed) as again:
            assert (await again.get_final_run()).status == "completed"


async def test_it_can_be_left_in_a_pause(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(SLOW)
    tracer = AsyncTracer()
    async with replay(path, tracer) as again:
        async for _ in again:
            break
    assert tracer.log[-1] == "end"


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
async def test_a_speed_is_positive(tmp_path: Path, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        replay(tmp_path / "run.sse", AsyncTracer(), speed=speed)


async def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replay(tmp_path / "run.sse", AsyncTracer())


async def test_handlers_that_answer_by_hand_are_not_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join([RC(), RA(), DONE, SD(calls=[call(output="42")]), RD(), DONE]))

    class ByHand(AsyncTracer):
        async def on_run_requires_action(self, run: object) -> None:
            self.submit_outputs(OUTPUTS)

    async with replay(path, ByHand(), speed=None) as again:
        assert (await again.get_final_run()).status == "completed"


async def test_what_a_recording_cannot_know() -> None:
    turns = AsyncRecordedTurns([], None, Pace(None), allow_truncated=False)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- not used
    with pytest.raises(StreamUsageError, match="begins with"):
        await turns.first()
    with pytest.raises(StreamUsageError, match="needs the type"):
        turns.parsed("{}", None)
    assert turns.parsed('{"a": 1}', dict[str, int]) == {"a": 1}
    assert await turns.give_up(None, answered=False) is None


async def test_the_first_leg_can_be_stopped_from_another_thread(tmp_path: Path) -> None:
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join(hello()))
    seen: list[str] = []
    async with replay(path, AsyncTracer(), speed=None) as again:
        async for event in again:
            seen.append(event.event)
            thread = threading.Thread(target=again.cancel)
            thread.start()
            thread.join()
    assert seen == ["thread.run.created"]


def fall() -> str:
    raise ZeroDivisionError("no floor")


class Hinting(AsyncTracer):
    async def on_tool_error(self, call: PendingCall, error: Exception) -> str:
        return "try the stairs"


async def tool_errors(stream: AsyncAssistantEventHandler) -> list[object]:
    return [event.data async for event in stream if event.event == "tool.error"]


async def recorded_loop(path: Path, handler: AsyncAssistantEventHandler, **options: Any) -> list[object]:
    """A run that calls `fall`, recorded; returns the tool errors that its program saw."""
    async with AsyncClient.embedded(model=Scripted([calls(fall={}), says("Oh.")])) as client:
        assistant = await client.beta.assistants.create(model="scripted")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Go."}])
        runs = client.beta.threads.runs
        handlers = [handler, AsyncRecorder(path)]
        async with runs.create_and_stream(
            thread.id, assistant_id=assistant.id, tools=[fall], event_handler=handlers, **options
        ) as live:
            return await tool_errors(live)


@pytest.mark.parametrize(("make", "told"), [(AsyncTracer, "ZeroDivisionError: no floor"), (Hinting, "try the stairs")])
async def test_what_the_model_was_told_is_recorded(
    make: type[AsyncAssistantEventHandler], told: str, tmp_path: Path
) -> None:
    live = await recorded_loop(tmp_path / "run.sse", make())
    async with replay(tmp_path / "run.sse", AsyncTracer(), speed=None) as again:
        assert await tool_errors(again) == live
    assert [getattr(error, "message", None) for error in live] == [told]


async def test_a_tool_whose_error_ended_the_stream(tmp_path: Path) -> None:
    path, tracer, again = tmp_path / "run.sse", AsyncTracer(), AsyncTracer()
    with pytest.raises(ZeroDivisionError):
        await recorded_loop(path, tracer, errors="raise")
    with pytest.raises(ToolError, match="no floor") as caught:
        async with replay(path, again, speed=None) as stream:
            await stream.until_done()
    assert type(caught.value).__name__ == "ZeroDivisionError"
    assert again.log == tracer.log
    async with replay(path, AsyncTracer(), speed=None, allow_truncated=True) as stream:
        assert (await stream.get_final_run()).status == "requires_action"


async def test_a_recording_that_is_cut_anywhere_can_be_played(tmp_path: Path) -> None:
    await recorded_loop(tmp_path / "run.sse", AsyncTracer())
    body = (tmp_path / "run.sse").read_bytes()
    first = body.index(b": tool.started")
    last = body.index(b"event:", first)
    for end in [*range(0, first, 97), *range(first, last, 7), *range(last, len(body), 97)]:
        (tmp_path / "cut.sse").write_bytes(body[:end])
        async with replay(tmp_path / "cut.sse", AsyncTracer(), speed=None, allow_truncated=True) as again:
            await again.until_done()
