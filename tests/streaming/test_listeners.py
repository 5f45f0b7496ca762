from __future__ import annotations

from assistream import AsyncRecorder, Recorder
from assistream.streaming.listeners import FrameListener, ToolListener, listening
from assistream.streaming.sse import Frame


class Listens:
    def __init__(self) -> None:
        self.heard: list[Frame] = []

    def frame_received(self, frame: Frame) -> None:
        self.heard.append(frame)


def test_who_listens() -> None:
    one, two, frame = Listens(), Listens(), Frame(b"b", "a")
    assert listening([]) is None
    assert listening([object(), object()]) is None
    for handlers in ([one], [object(), one, two]):
        told = listening(handlers)
        assert told is not None
        told(frame)
    assert (one.heard, two.heard) == ([frame] * 2, [frame])


def test_recorders_listen_to_both() -> None:
    for recorder in (Recorder("run.sse"), AsyncRecorder("run.sse")):
        assert isinstance(recorder, FrameListener)
        assert isinstance(recorder, ToolListener)
    assert not isinstance(Listens(), ToolListener)
