# Written by scripts/unasync.py from test_async_recordings.py; edit that file instead.
"""Streams of real servers, and the project's own, delivered over the wire whatever the chunking."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistream import APIError, Client, StreamProtocolError, StreamTruncatedError

from ..recording import Tracer, streaming
from ..shared import shared_files
from ..wire import Wire, stream
from .said import Said, frames_of, own_files

RECORDED = [*shared_files("streams/*.sse"), *own_files()]
SMALL = 16_000  # bytes of a stream that may be sent one by one


class Witness(Tracer):
    """Keeps what it was told and takes down what the deltas said."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Said()

    def on_event(self, event: object) -> None:
        self.said.event(event)

    def on_text_delta(self, delta: object, snapshot: object) -> None:
        self.said.text_delta(delta, snapshot)

    def on_tool_call_delta(self, delta: object, snapshot: object) -> None:
        self.said.tool_call_delta(delta, snapshot)


def listen(client: Client, witness: Witness) -> None:
    with streaming(client, witness) as events:
        yielded = [event for event in events]
        witness.said.messages = events.get_final_messages()
        witness.said.steps = events.get_final_run_steps()
    assert yielded == witness.said.events


@pytest.mark.parametrize("size", [None, 1, 7, 64, 1 << 20], ids=["frames", "1", "7", "64", "whole"])
@pytest.mark.parametrize("path", RECORDED)
def test_delivered(server: Wire, client: Client, path: Path, size: int | None) -> None:
    body = path.read_bytes()
    if size is not None and size < 64 and len(body) > SMALL * size:
        size = 64
    server.add(stream(*frames_of(body), size=size))
    witness = Witness()
    if "error_event" in path.name:
        with pytest.raises(APIError) as caught:
            listen(client, witness)
        assert (caught.type, caught.value.type) == (APIError, "server_error")
        assert witness.log[-2:] == ["exception APIError", "end"]
    else:
        listen(client, witness)
        witness.said.compare(edited=path.name.startswith("docs_") or "_edited" in path.name)
        assert witness.log[-1] == "end"
    assert len(witness.said.events) == body.count(b"\ndata: {")
    witness.said.unchanged()


@pytest.mark.parametrize("path", shared_files("streams/malformed/*.txt"))
def test_malformed(server: Wire, client: Client, path: Path) -> None:
    server.add(stream(path.read_bytes()))
    witness = Witness()
    expected = StreamProtocolError if "invalid_json" in path.name else (StreamProtocolError, StreamTruncatedError)
    with pytest.raises(expected):
        listen(client, witness)
    assert witness.log[-1] == "end"
    assert witness.log[-2].startswith("exception ")
    witness.said.unchanged()
