from __future__ import annotations

from assistream.streaming.listeners import listening
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
