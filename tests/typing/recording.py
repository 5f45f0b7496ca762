"""The ready-made handlers, as programs use them: for mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import assert_type

from opentelemetry import trace
from rich.console import Console as RichConsole

from assistream import (
    AssistantEventHandler,
    AssistantStreamManager,
    AsyncAssistantEventHandler,
    AsyncAssistantStreamManager,
    AsyncClient,
    AsyncConsole,
    AsyncNotebook,
    AsyncOpenTelemetry,
    AsyncRecorder,
    AsyncTranscript,
    Client,
    Console,
    Notebook,
    OpenTelemetry,
    Recorder,
    Transcript,
    replay,
    to_sse,
)


class Mine(AssistantEventHandler): ...


class AsyncMine(AsyncAssistantEventHandler): ...


def made() -> None:
    Console(console=RichConsole(), steps=False)
    Recorder(Path("run.sse"), overwrite=True)
    OpenTelemetry(trace.get_tracer("x"), capture_content=True, provider="azure.ai.openai")
    assert_type(Transcript("run.md").markdown, str)
    AsyncConsole()
    AsyncNotebook()


def streamed(client: Client) -> None:
    runs = client.beta.threads.runs
    assert_type(runs.stream("t", assistant_id="a", event_handler=Console()), AssistantStreamManager[Console])
    several: list[AssistantEventHandler] = [Mine(), Console(), Notebook(), Transcript(), Recorder("x"), OpenTelemetry()]
    with runs.stream("t", assistant_id="a", event_handler=several) as stream:
        assert_type(stream, AssistantEventHandler)
    runs.stream("t", assistant_id="a", event_handler=[Mine(), Console()])


def replayed() -> None:
    assert_type(replay("x"), AssistantStreamManager[AssistantEventHandler])
    assert_type(replay(Path("x"), Console(), speed=None), AssistantStreamManager[Console])
    assert_type(replay("x", AsyncMine(), speed=2), AsyncAssistantStreamManager[AsyncMine])
    assert_type(replay("x", [Mine(), Mine()]), AssistantStreamManager[Mine])
    replay("x", [AsyncMine(), AsyncTranscript(), AsyncRecorder("y"), AsyncOpenTelemetry()], allow_truncated=True)


async def sent(client: Client, other: AsyncClient, handler: Mine, async_handler: AsyncMine) -> None:
    runs, async_runs = client.beta.threads.runs, other.beta.threads.runs
    assert_type(to_sse(runs.stream("t", assistant_id="a")), Iterator[bytes])
    assert_type(to_sse(runs.create("t", assistant_id="a", stream=True)), Iterator[bytes])
    assert_type(to_sse(handler), Iterator[bytes])
    assert_type(to_sse(async_runs.stream("t", assistant_id="a")), AsyncIterator[bytes])
    assert_type(to_sse(await async_runs.create("t", assistant_id="a", stream=True)), AsyncIterator[bytes])
    assert_type(to_sse(async_handler), AsyncIterator[bytes])
    assert_type(to_sse(replay("x", handler)), Iterator[bytes])
    assert_type(to_sse(replay("x", async_handler)), AsyncIterator[bytes])
    to_sse(["event"])  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- no stream
