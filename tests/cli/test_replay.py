from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistream import Client, Recorder
from assistream.engine import Scripted, fails, says
from assistream.streaming.events import is_done
from assistream.streaming.sse import SSEDecoder

from ..shared import ROOT
from .conftest import Command, complaint, said

RECORDING = str(ROOT / "tests" / "data" / "plain_text.sse")


def record(path: Path, model: Scripted) -> None:
    with Client.embedded(model=model) as client:
        assistant = client.beta.assistants.create(model="any")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        runs = client.beta.threads.runs
        with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=Recorder(path)) as stream:
            stream.until_done()


def test_what_was_recorded_is_shown(command: Command, tmp_path: Path) -> None:
    record(tmp_path / "run.sse", Scripted([says(["Hel", "lo"])]))
    out = said(command("replay", "run.sse", "--speed", "100"))
    assert "\nHello\ncompleted · 1 step" in out


def test_a_run_that_failed_is_shown_as_well(command: Command, tmp_path: Path) -> None:
    record(tmp_path / "run.sse", Scripted([fails("server_error", "no luck")]))
    outcome = command("replay", "run.sse", "--speed", "inf")
    assert "✗ server_error: no luck\nfailed" in outcome.out
    assert "ended as failed: server_error: no luck" in complaint(outcome, 1)
    assert "ended as failed" in complaint(command("replay", "run.sse", "--json"), 1)


def test_json(command: Command) -> None:
    lines = said(command("replay", RECORDING, "--json")).rstrip("\n").split("\n")
    events = [json.loads(line) for line in lines]
    frames = [frame for frame in SSEDecoder().feed(Path(RECORDING).read_bytes()) if not is_done(frame)]
    assert events == [{"event": frame.event, "data": json.loads(frame.raw)} for frame in frames]


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan"])
def test_a_speed_that_is_none(command: Command, speed: str) -> None:
    assert "is not a speed: 2 is twice as fast" in complaint(command("replay", RECORDING, "--speed", speed))


def test_a_file_that_is_not_there(command: Command) -> None:
    assert "'no.sse' does not exist" in complaint(command("replay", "no.sse"))


def test_a_recording_that_breaks_off(command: Command, tmp_path: Path) -> None:
    body = Path(RECORDING).read_bytes()
    (tmp_path / "half.sse").write_bytes(body[: len(body) // 2])
    assert "before its run had ended: it was in_progress" in complaint(command("replay", "half.sse"), 1)
    assert "before its run had ended" in complaint(command("replay", "half.sse", "--json"), 1)
    assert complaint(command("replay", "kit.py"), 1) == "assistream: This is no recording of a run.\n"
