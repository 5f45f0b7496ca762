from __future__ import annotations

import httpx
import pytest

from .cutter import Bytes, Cutter, Events, event_ends
from .wire import Wire, answer, stream

EVENTS = [b"id: %d\nevent: x\ndata: %s\n\n" % (number, b"x" * number) for number in range(1, 6)]


def test_where_events_end() -> None:
    assert event_ends(b"") == []
    assert event_ends(b"HTTP/1.1 200\r\n\r\na\n\nbc\n\nd") == [19, 23]


def test_what_is_no_stream_and_what_is_not_cut_comes_through() -> None:
    with Wire() as server, Cutter(server.url) as cutter, httpx.Client(base_url=cutter.url) as client:
        cutter.cuts = [Bytes(1 << 20)]
        server.add(answer({"a": 1}), times=2)
        server.add(stream(*EVENTS))
        assert client.get("/").json() == client.get("/").json() == {"a": 1}
        assert client.get("/").content == b"".join(EVENTS)
        assert len(event_ends(cutter.streams[0])) == len(EVENTS)
        assert len(server.connections) == 1


@pytest.mark.parametrize("before", [0, 1], ids=["in good order", "by a reset"])
def test_a_stream_is_lost_where_a_test_says(before: int) -> None:
    with Wire() as server, Cutter(server.url) as cutter, httpx.Client(base_url=cutter.url) as client:
        server.add(stream(*EVENTS), times=4)
        for _ in range(before):
            client.get("/")
        for cut, expected in ((Events(2), 2), (Bytes(200), None)):
            cutter.cuts = [cut]
            with pytest.raises(httpx.RemoteProtocolError if (len(cutter.streams) % 2) == 0 else httpx.TransportError):
                client.get("/")
            sent = cutter.streams[-1]
            assert len(sent) == 200 if expected is None else len(event_ends(sent)) == expected
            assert sent.startswith(b"HTTP/1.1 200")
