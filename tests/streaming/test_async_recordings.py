"""Streams of real servers, and the project's own, delivered over the wire whatever the chunking."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistream import APIError, AsyncClient, StreamProtocolError, StreamTruncatedError

from ..recording import AsyncTracer, async_streaming
from ..shared import shared_files
from ..wire import Wire, stream
from .said import Said, frames_of, own_files

pytestmark = pytest.mark.anyio

RECORDED = [*shared_files("streams/*.sse"), *own_files()]
SMALL = 16_000  # bytes of a stream that may be sent one by one


class AsyncWitness(AsyncTracer):
    """Keeps what it was told and takes down what the deltas said."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Said()

    async def on_event(self, event: object) -> None:
        self.said.event(event)

    async def on_text_delta(self, delta: object, snapshot: object) -> None:
        self.said.text_delta(delta, snapshot)

    async def on_tool_call_delta(self, delta: object, snapshot: object) -> None:
        self.said.tool_call_delta(delta, snapshot)


async def listen(client: AsyncClient, witness: AsyncWitness) -> None:
    async with async_streaming(client, witness) as events:
        yielded = [event async for event in events]
        witness.said.messages = await events.get_final_messages()
        witness.said.steps = await events.get_final_run_steps()
    assert yielded == witness.said.events


@pytest.mark.parametrize("size", [None, 1, 7, 64, 1 << 20], ids=["frames", "1", "7", "64", "whole"])
@pytest.mark.parametrize("path", RECORDED)
async def test_delivered(server: Wire, async_client: AsyncClient, path: Path, size: int | None) -> None:
    body = path.read_bytes()
    if size is not None and size < 64 and len(body) > SMALL * size:
        size = 64
    server.add(stream(*frames_of(body), size=size))
    witness = AsyncWitness()
    if "error_event" in path.name:
        with pytest.raises(APIError) as caught:
            await listen(async_client, witness)
        assert (caught.type, caught.value.type) == (APIError, "server_error")
        assert witness.log[-2:] == ["exception APIError", "end"]
    else:
        await listen(async_client, witness)
        witness.said.compare(edited=path.name.startswith("docs_") or "_edited" in path.name)
        assert witness.log[-1] == "end"
    assert len(witness.said.events) == body.count(b"\ndata: {")
    witness.said.unchanged()


@pytest.mark.parametrize("path", shared_files("streams/malformed/*.txt"))
async def test_malformed(server: Wire, async_client: AsyncClient, path: Path) -> None:
    server.add(stream(path.read_bytes()))
    witness = AsyncWitness()
    expected = StreamProtocolError if "invalid_json" in path.name else (StreamProtocolError, StreamTruncatedError)
    with pytest.raises(expected):
        await listen(async_client, witness)
    assert witness.log[-1] == "end"
    assert witness.log[-2].startswith("exception ")
    witness.said.unchanged()
