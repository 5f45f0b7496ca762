from __future__ import annotations

from typing import Any

import httpx
import pytest

from assistream.streaming.resume.leg import HEADER, Leg, resumable
from assistream.streaming.sse import SSEDecoder, encode
from assistream.transport.call import Call, post
from assistream.transport.settings import Settings
from assistream.types import Run

BASE = "https://api.example/v1"
SETTINGS = Settings(BASE, max_retries=2)
CALL: Call[Any] = post("/threads/t/runs", Run, {"assistant_id": "a"}, version="client").streamed()


def rest(header: str | None, *, base: str = BASE, asked: str = f"{BASE}/threads/t/runs") -> tuple[str, str] | None:
    """Where the rest is asked for: the origin, and what follows."""
    headers = {} if header is None else {HEADER: header}
    response = httpx.Response(200, headers=headers, request=httpx.Request("POST", asked))
    found = resumable(CALL, Settings(base), response)
    if found is None:
        return None
    call, settings = found
    query = "&".join(f"{name}={value}" for name, value in call.query.items())
    assert (call.method, call.body, call.version) == ("GET", None, "client")
    return settings.base_url, f"{call.path}?{query}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("/v1/threads/t/runs/r/stream?leg=0", "/v1/threads/t/runs/r/stream?leg=0"),
        ("/elsewhere?a=1&b=2", "/elsewhere?a=1&b=2"),
        ("runs/r/stream", "/v1/threads/t/runs/r/stream?"),
        (f"{BASE}/rest", "/v1/rest?"),
        ("//api.example/rest", "/rest?"),
        ("https://api.example:443/rest", "/rest?"),
        ("/a%2Fb/%C3%A9", "/a%2Fb/%C3%A9?"),
    ],
)
def test_an_address_of_the_same_server(header: str, expected: str) -> None:
    assert rest(header) == ("https://api.example", expected)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "https://elsewhere.example/rest",
        "//elsewhere.example/rest",
        "http://api.example/rest",
        "https://api.example:444/rest",
        "https://api.example@elsewhere.example/rest",
        "https://[broken",
        "javascript:1",
    ],
)
def test_any_other_address_is_none(header: str | None) -> None:
    assert rest(header) is None


def test_who_was_sent_elsewhere_does_not_take_the_key_there() -> None:
    assert rest("/rest", asked="https://elsewhere.example/v1/threads/t/runs") is None


def events(*ids: str, name: str = "x") -> bytes:
    return b"".join(encode(name, "{}", id=id) for id in ids)


class Reading:
    """A leg, and the connection that it is read on."""

    def __init__(self, retries: int = 2) -> None:
        self.leg = Leg(CALL, Settings(BASE, max_retries=retries))
        self.decoder = SSEDecoder()

    def read(self, raw: bytes) -> list[str]:
        return [frame.id if frame.event == "x" else frame.event for frame in self.leg.read(self.decoder.feed(raw))]

    def lost(self, jitter: float = 0.0) -> float | None:
        wait = self.leg.wait(self.decoder, now=0.0, jitter=jitter)
        self.decoder = SSEDecoder()
        return wait

    def last(self) -> object:
        return self.leg.call().headers.get("Last-Event-ID")


def test_what_came_before_is_left_out() -> None:
    reading = Reading()
    assert reading.read(events("1", "2", "5")) == ["1", "2", "5"]
    assert reading.lost() == 0
    assert reading.last() == "5"
    assert reading.read(events("2", "5", "6") + events("7")) == ["6", "7"]
    assert reading.last() == "7"


def test_the_first_connection_is_taken_as_it_is() -> None:
    assert Reading().read(events("5", "5", "1", "x")) == ["5", "5", "1", "x"]


def test_the_end_and_errors_are_never_left_out() -> None:
    reading = Reading()
    reading.read(events("5"))
    reading.lost()
    raw = events("5") + b"event: error\ndata: {}\n\n" + b"event: done\ndata: [DONE]\n\n"
    assert reading.read(raw) == ["error", "done"]


def test_lost_before_anything_came() -> None:
    reading = Reading()
    assert reading.lost() == 0
    assert reading.last() is None
    assert reading.read(events("1")) == ["1"]


def test_half_an_event_has_not_come() -> None:
    reading = Reading()
    reading.read(events("1") + events("2")[:-1])
    reading.lost()
    assert reading.last() == "1"


@pytest.mark.parametrize("id", ["", "x", "1.5", "-1", "9" * 30])
def test_without_numbers_nothing_is_read_on(id: str) -> None:
    reading = Reading()
    reading.read(events(id))
    assert reading.lost() is None


def test_attempts_are_counted_from_the_last_thing_new() -> None:
    reading = Reading()
    reading.read(events("1"))
    for number in range(2, 9):
        assert reading.lost() == 0
        assert reading.lost() == 0.5
        assert reading.lost() is None if number == 8 else reading.read(events(str(number)))
    reading = Reading(retries=4)
    reading.read(events("1"))
    waits = [reading.lost()]
    for _ in range(4):
        reading.read(events("1"))
        waits.append(reading.lost())
    assert waits == [0, 0.5, 1.0, 2.0, None]


def test_a_client_without_retries_does_not_try() -> None:
    reading = Reading(retries=0)
    reading.read(events("1"))
    assert reading.lost() is None


def test_the_server_says_how_long_to_wait() -> None:
    reading = Reading()
    reading.read(b"retry: 1500\n" + events("1"))
    assert reading.lost() == 1.5
    reading = Reading()
    reading.read(b"retry: 99999999\n" + events("1"))
    assert reading.lost() == 60
