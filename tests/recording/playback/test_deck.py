"""The pace of a recording, and who wakes whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistream import replay
from assistream.recording.playback.deck import LAG, Pace
from assistream.streaming.bare import _sync as bare

from ...frames import DONE, RA, RC, RD, SD, call
from ...recording import Tracer
from ...wire import until

NEVER = b": +1000000.0\n"


class Waits(threading.Event):
    """Takes down for how long it was waited for, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.log.append(round(timeout or 0, 6))
        return False


@pytest.mark.parametrize(
    ("speed", "times", "waited"),
    [
        (1.0, [0, 1, 3], [1, 2, 3]),  # the clock says when somebody waits; the recording has 1, 2 and 3 s
        (2.0, [0, 0.5, 1.5], [0.5, 1, 1.5]),
        (1.0, [0, 1.1, 3], [1, 1.9, 3]),  # late by a tenth, which is caught up with
        (1.0, [0, 9, 11], [1, 2 - LAG, 3 - LAG]),  # late by more than that
        (None, [], [0, 0, 0]),
    ],
)
def test_pace(speed: float | None, times: list[float], waited: list[float]) -> None:
    clock, waits = iter(times), Waits()
    pace = Pace(speed, clock=lambda: next(clock))
    for delay in (1, 2, 3):
        pace.sleep(delay, waits)
    assert waits.log == waited


def stopped_by(act: Callable[[Tracer], Any], path: Path) -> Tracer:
    """A recording that is being read in this thread when another one does something."""
    tracer = Tracer()
    with replay(path, tracer) as stream:

        def end_it() -> None:
            until(lambda: "run_created" in " ".join(tracer.log))
            act(stream)

        thread = threading.Thread(target=end_it)
        thread.start()
        stream.until_done()
        thread.join()
    return tracer


@pytest.mark.parametrize("act", [Tracer.cancel, Tracer.close])
@pytest.mark.parametrize(
    "body",
    [RC() + NEVER + RD(), b"".join([RC(), RA(), DONE, NEVER, SD(calls=[call(output="42")]), RD(), DONE])],
    ids=["leg", "between"],
)
def test_another_thread_ends_a_pause(act: Callable[[Tracer], Any], body: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.sse").write_bytes(body)
    assert stopped_by(act, tmp_path / "run.sse").log[-1] == "end"


def test_an_end_marker_that_is_late_ends_only_its_leg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "TAIL_SECONDS", 0.05)
    path = tmp_path / "run.sse"
    path.write_bytes(b"".join([RC(), RA(), NEVER, DONE, SD(calls=[call(output="42")]), RD(), DONE]))
    with replay(path, Tracer()) as stream:
        assert stream.get_final_run().status == "completed"
