"""The ready-made handlers on streams: alone or beside others, with the tool loop, whatever the stream."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistream import (
    APIError,
    AssistreamError,
    AsyncAssistantEventHandler,
    AsyncClient,
    AsyncConsole,
    AsyncNotebook,
    AsyncRecorder,
    AsyncTranscript,
    ToolError,
    function_tool,
    replay,
)
from assistream.engine import Scripted, calls, says
from assistream.types import PendingCall, Text, TextDelta

from ..frames import DM, MC, RC, hello
from ..recording import AsyncTracer, async_streaming
from ..shared import shared_files
from ..streaming.said import own_files
from ..wire import Wire, reset, stream

pytestmark = pytest.mark.anyio

RECORDED = [*shared_files("streams/*.sse"), *own_files(), *shared_files("streams/malformed/*.txt")]


def get_weather(city: str) -> str:
    return f"rain in {city}"


@function_tool(needs_approval=True)
def refund(order: str) -> str:
    raise ToolError(f"no order {order}")


async def async_run_of(model: Scripted, handler: Any, **options: Any) -> Any:
    """A run of the model to its end; returns the run."""
    async with AsyncClient.embedded(model=model) as client:
        assistant = await client.beta.assistants.create(model="scripted")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        async with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, event_handler=handler, **options
        ) as live:
            return await live.get_final_run()


@pytest.mark.parametrize("path", RECORDED)
async def test_no_stream_is_too_much(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    handlers = [AsyncConsole(out), AsyncNotebook(), AsyncTranscript(tmp_path / "run.md"), AsyncTracer()]
    try:
        async with replay(path, handlers, speed=None) as again:
            await again.until_done()
    except APIError as error:
        out.write(type(error).__name__)
    assert out.getvalue().count("Error") in (0, 2)  # told, if there was one
    assert "\x1b" not in out.getvalue()
    assert str(handlers[2]) == (tmp_path / "run.md").read_text(encoding="utf-8")
    said = [block.text.value for message in await _messages(path) for block in message.content if block.type == "text"]
    for text in said:
        assert text.strip() in str(handlers[2])


async def _messages(path: Path) -> list[Any]:
    """What was said in the end, as far as the stream can be read."""
    try:
        async with replay(path, AsyncTracer(), speed=None) as again:
            return [message for message in await again.get_final_messages() if message.status == "completed"]
    except AssistreamError:
        return []


MAKERS: dict[str, Callable[[Path], AsyncAssistantEventHandler]] = {
    "console": lambda path: AsyncConsole(io.StringIO()),
    "notebook": lambda path: AsyncNotebook(),
    "transcript": lambda path: AsyncTranscript(path / "run.md"),
    "recorder": lambda path: AsyncRecorder(path / "run.sse"),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
async def test_each_can_be_the_only_handler(
    server: Wire, async_client: AsyncClient, make: Callable[[Path], AsyncAssistantEventHandler], tmp_path: Path
) -> None:
    server.add(stream(*hello()))
    handler = make(tmp_path)
    async with async_streaming(async_client, handler) as live:
        assert live is handler
        assert (await live.get_final_run()).status == "completed"


async def test_beside_the_programs_own(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    out, tracer, transcript = io.StringIO(), AsyncTracer(), AsyncTranscript()
    async with async_streaming(async_client, [tracer, AsyncConsole(out), transcript]) as live:
        async for event in live:
            if event.event == "thread.message.delta":
                assert str(transcript).startswith("**assistant**\n\nHel")
    assert live is tracer
    assert "Hello\n" in out.getvalue()
    assert transcript.markdown == str(transcript)


async def test_they_can_be_subclassed(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    out, pieces = io.StringIO(), list[str | None]()

    class Mine(AsyncConsole):
        async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            pieces.append(delta.value)
            await super().on_text_delta(delta, snapshot)

    async with async_streaming(async_client, Mine(out, steps=False)) as live:
        await live.until_done()
    assert "".join(piece or "" for piece in pieces) == "Hello"
    assert out.getvalue().startswith("Hello\n")


async def test_the_loop_is_shown_kept_and_replayed(tmp_path: Path) -> None:
    class Approves(AsyncTracer):
        async def on_tool_approval(self, call: PendingCall) -> bool:
            await super().on_tool_approval(call)
            return True

    model = Scripted([calls(get_weather={"city": "Oslo"}, refund={"order": "X1"}), says(["It ", "rains."])])
    out, transcript, tracer = io.StringIO(), AsyncTranscript(), Approves()
    handlers = [tracer, AsyncConsole(out), transcript, AsyncRecorder(tmp_path / "run.sse")]
    run = await async_run_of(model, handlers, tools=[get_weather, refund])
    assert run.status == "completed"
    shown = out.getvalue()
    lines = ['→ get_weather {"city": "Oslo"}', '→ refund {"order": "X1"}', "← get_weather rain in Oslo", "It rains."]
    assert [line for line in lines if line not in shown.splitlines()] == []
    assert "← refund ToolError: no order X1" in shown
    assert "rain in Oslo" in str(transcript)
    assert "ToolError: no order X1" in str(transcript)

    again, out_again, transcript_again = AsyncTracer(), io.StringIO(), AsyncTranscript()
    async with replay(tmp_path / "run.sse", [again, AsyncConsole(out_again), transcript_again], speed=None) as stream:
        assert (await stream.get_final_run()).status == "completed"
    assert again.log == [line for line in tracer.log if not line.startswith("tool_approval")]
    assert again.log.count("end") == 1
    assert str(transcript_again) == str(transcript)
    assert out_again.getvalue().splitlines()[:-1] == shown.splitlines()[:-1]  # the last one has the time


async def test_an_approval_that_nobody_gives_is_told() -> None:
    out = io.StringIO()
    run = await async_run_of(Scripted([calls(refund={"order": "X1"})]), AsyncConsole(out), tools=[refund])
    assert run.status == "requires_action"
    assert '? refund {"order": "X1"} waits for an approval' in out.getvalue()
    assert "? waiting for the output of refund" in out.getvalue()


async def test_a_lost_connection(server: Wire, async_client: AsyncClient, tmp_path: Path) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=reset()))
    out, transcript = io.StringIO(), AsyncTranscript(tmp_path / "run.md")
    with pytest.raises(APIError):
        async with async_streaming(async_client, [AsyncConsole(out), transcript]) as live:
            await live.until_done()
    assert "Hel\n✗ StreamTruncatedError: " in out.getvalue()
    assert "StreamTruncatedError" in (tmp_path / "run.md").read_text(encoding="utf-8")


async def test_a_request_that_fails(server: Wire, async_client: AsyncClient, tmp_path: Path) -> None:
    out = io.StringIO()
    handlers = [AsyncConsole(out), AsyncTranscript(), AsyncRecorder(tmp_path / "run.sse")]
    with pytest.raises(APIError):
        async with async_streaming(async_client.with_options(max_retries=0), handlers) as live:
            await live.until_done()
    assert out.getvalue().startswith("✗ InternalServerError: ")
    assert "InternalServerError" in str(handlers[1])
    assert not (tmp_path / "run.sse").exists()
