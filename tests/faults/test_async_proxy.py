"""Between our client and our engine stands a network that is slow, stops, says things twice, or closes one half."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from assistream import APIError, APITimeoutError, AsyncClient
from assistream.engine import Engine, Scripted, says

from ..recording import AsyncTracer, classic, said
from .spoiler import After, Spoil, Spoiler, delay, half_close, stall, trickle, twice

pytestmark = pytest.mark.anyio

WORDS = ["It ", "rains", ".\u2028", "\n\nevent: done\n", "data: [DONE]\n\n", "🎉"]
TEXT = "".join(WORDS)
PLACES = [1, 80, 200, 300, 900, 1500, 2500, 3500]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(model=Scripted(lambda request: says(WORDS))) as engine:
        yield engine


async def converse(client: AsyncClient, tracer: AsyncTracer) -> str:
    assistant = await client.beta.assistants.create(model="any", instructions="Help.")
    thread: Any = {"messages": [{"role": "user", "content": "Hi"}]}
    async with client.beta.threads.create_and_run_stream(
        assistant_id=assistant.id, thread=thread, event_handler=tracer
    ) as stream:
        (message,) = await stream.get_final_messages()
    return said(message)


async def undisturbed(engine: Engine) -> list[str]:
    tracer = AsyncTracer()
    async with AsyncClient(base_url=engine.base_url, api_key="test") as client:
        assert await converse(client, tracer) == TEXT
    return shown(tracer)


def shown(tracer: AsyncTracer) -> list[str]:
    """The hooks, without ids, which are others each time."""
    return [line if "delta" in line else line.split()[0] for line in classic(tracer.log) if "_delta msg" not in line]


@pytest.mark.parametrize("spoil", [trickle, delay], ids=["trickle", "delay"])
async def test_slow(engine: Engine, spoil: Spoil) -> None:
    tracer, expected = AsyncTracer(), await undisturbed(engine)
    with Spoiler(engine.base_url, spoil) as proxy:
        async with AsyncClient(base_url=proxy.url, api_key="test") as client:
            assert await converse(client, tracer) == TEXT
    assert shown(tracer) == expected


async def test_half_closed(engine: Engine) -> None:
    """As lost: the rest is read on another connection."""
    expected = await undisturbed(engine)
    for place in PLACES[2:]:
        tracer = AsyncTracer()
        with Spoiler(engine.base_url, After(place, half_close)) as proxy:
            async with AsyncClient(base_url=proxy.url, api_key="test") as client:
                assert await converse(client, tracer) == TEXT
        assert shown(tracer) == expected, place


async def test_stalled(engine: Engine) -> None:
    """Silence is a timeout, however much was said before it."""
    for place in PLACES[::3]:
        tracer = AsyncTracer()
        with Spoiler(engine.base_url, After(place, stall)) as proxy:
            async with AsyncClient(base_url=proxy.url, api_key="test", timeout=0.3, max_retries=0) as client:
                with pytest.raises(APITimeoutError):
                    await converse(client, tracer)
        assert tracer.log[-3:] == ["timeout", "exception APITimeoutError", "end"], place
        assert tracer.log.count("end") == 1


async def test_said_twice(engine: Engine) -> None:
    """No network does that to a connection. If one did, the program gets an error, or what was said."""
    tracer = AsyncTracer()
    with Spoiler(engine.base_url, twice) as proxy:
        async with AsyncClient(base_url=proxy.url, api_key="test", max_retries=0) as client:
            with contextlib.suppress(APIError):
                await converse(client, tracer)
    assert tracer.log.count("end") <= 1


async def test_requests_that_arrive_twice(engine: Engine) -> None:
    """The key of a request makes one run of two."""
    with Spoiler(engine.base_url, delay, repeat_requests=True) as proxy:
        async with AsyncClient(base_url=proxy.url, api_key="test") as client:
            assistant = await client.beta.assistants.create(model="any", instructions="Help.")
            thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
            tracer = AsyncTracer()
            async with client.beta.threads.runs.stream(
                thread.id, assistant_id=assistant.id, event_handler=tracer
            ) as stream:
                run = await stream.get_final_run()
    async with AsyncClient(base_url=engine.base_url, api_key="test") as client:
        runs = await client.beta.threads.runs.list(thread.id)
        assert [one.id for one in runs.data] == [run.id]
        messages = await client.beta.threads.messages.list(thread.id)
        assert [said(message) for message in messages.data] == [TEXT, "Hi"]
