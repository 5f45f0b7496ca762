# Written by scripts/unasync.py from test_async_proxy.py; edit that file instead.
"""Between our client and our engine stands a network that is slow, stops, says things twice, or closes one half."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from assistream import APIError, APITimeoutError, Client
from assistream.engine import Engine, Scripted, says

from ..recording import Tracer, classic, said
from .spoiler import After, Spoil, Spoiler, delay, half_close, stall, trickle, twice

WORDS = ["It ", "rains", ".\u2028", "\n\nevent: done\n", "data: [DONE]\n\n", "🎉"]
TEXT = "".join(WORDS)
PLACES = [1, 80, 200, 300, 900, 1500, 2500, 3500]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(model=Scripted(lambda request: says(WORDS))) as engine:
        yield engine


def converse(client: Client, tracer: Tracer) -> str:
    assistant = client.beta.assistants.create(model="any", instructions="Help.")
    thread: Any = {"messages": [{"role": "user", "content": "Hi"}]}
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant.id, thread=thread, event_handler=tracer
    ) as stream:
        (message,) = stream.get_final_messages()
    return said(message)


def undisturbed(engine: Engine) -> list[str]:
    tracer = Tracer()
    with Client(base_url=engine.base_url, api_key="test") as client:
        assert converse(client, tracer) == TEXT
    return shown(tracer)


def shown(tracer: Tracer) -> list[str]:
    """The hooks, without ids, which are others each time."""
    return [line if "delta" in line else line.split()[0] for line in classic(tracer.log) if "_delta msg" not in line]


@pytest.mark.parametrize("spoil", [trickle, delay], ids=["trickle", "delay"])
def test_slow(engine: Engine, spoil: Spoil) -> None:
    tracer, expected = Tracer(), undisturbed(engine)
    with Spoiler(engine.base_url, spoil) as proxy:
        with Client(base_url=proxy.url, api_key="test") as client:
            assert converse(client, tracer) == TEXT
    assert shown(tracer) == expected


def test_half_closed(engine: Engine) -> None:
    """As lost: the rest is read on another connection."""
    expected = undisturbed(engine)
    for place in PLACES[2:]:
        tracer = Tracer()
        with Spoiler(engine.base_url, After(place, half_close)) as proxy:
            with Client(base_url=proxy.url, api_key="test") as client:
                assert converse(client, tracer) == TEXT
        assert shown(tracer) == expected, place


def test_stalled(engine: Engine) -> None:
    """Silence is a timeout, however much was said before it."""
    for place in PLACES[::3]:
        tracer = Tracer()
        with Spoiler(engine.base_url, After(place, stall)) as proxy:
            with Client(base_url=proxy.url, api_key="test", timeout=0.3, max_retries=0) as client:
                with pytest.raises(APITimeoutError):
                    converse(client, tracer)
        assert tracer.log[-3:] == ["timeout", "exception APITimeoutError", "end"], place
        assert tracer.log.count("end") == 1


def test_said_twice(engine: Engine) -> None:
    """No network does that to a connection. If one did, the program gets an error, or what was said."""
    tracer = Tracer()
    with Spoiler(engine.base_url, twice) as proxy:
        with Client(base_url=proxy.url, api_key="test", max_retries=0) as client:
            with contextlib.suppress(APIError):
                converse(client, tracer)
    assert tracer.log.count("end") <= 1


def test_requests_that_arrive_twice(engine: Engine) -> None:
    """The key of a request makes one run of two."""
    with Spoiler(engine.base_url, delay, repeat_requests=True) as proxy:
        with Client(base_url=proxy.url, api_key="test") as client:
            assistant = client.beta.assistants.create(model="any", instructions="Help.")
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
            tracer = Tracer()
            with client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, event_handler=tracer) as stream:
                run = stream.get_final_run()
    with Client(base_url=engine.base_url, api_key="test") as client:
        runs = client.beta.threads.runs.list(thread.id)
        assert [one.id for one in runs.data] == [run.id]
        messages = client.beta.threads.messages.list(thread.id)
        assert [said(message) for message in messages.data] == [TEXT, "Hi"]
