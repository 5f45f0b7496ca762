"""Many runs at once, none of which ends before all have begun: each says its own words, in order, and all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from assistream.engine import Engine, ModelRequest
from assistream.engine.models import TextDelta
from assistream.engine.models.base import Finish, ModelDelta
from tests.engine.conftest import BETA, Event, Json, frames

RUNS = 150
WORDS = 10


class Together:
    """A model whose answers wait for each other after the first word."""

    def __init__(self) -> None:
        self.begun = 0
        self.all_there = asyncio.Event()

    async def __call__(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        name = request.messages[-1].text
        for number in range(WORDS):
            if number == 1:
                self.begun += 1
                if self.begun == RUNS:
                    self.all_there.set()
                await self.all_there.wait()
            yield TextDelta(f"{name}-{number} ")
        yield Finish("stop")


async def stream(client: httpx.AsyncClient, assistant_id: str, name: str) -> list[Event]:
    message = {"role": "user", "content": name}
    body: Json = {"assistant_id": assistant_id, "thread": {"messages": [message]}, "stream": True}
    return frames(await client.post("/threads/runs", json=body))


async def streams(base_url: str) -> dict[str, list[Event]]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=base_url, headers=BETA, limits=limits, timeout=60) as client:
        assistant = (await client.post("/assistants", json={"model": "any"})).json()
        names = [f"run{number}" for number in range(RUNS)]
        found = await asyncio.gather(*(stream(client, assistant["id"], name) for name in names))
    return dict(zip(names, found, strict=True))


def said(events: list[Event]) -> str:
    deltas = [event.data for event in events if event.name == "thread.message.delta"]
    return "".join(delta["delta"]["content"][0]["text"]["value"] for delta in deltas)


def test_runs_in_flight_stay_apart() -> None:
    with Engine(model=Together()) as engine:
        for name, events in asyncio.run(streams(engine.base_url)).items():
            assert said(events) == "".join(f"{name}-{number} " for number in range(WORDS))
            assert [int(event.id) for event in events] == list(range(1, len(events) + 1))
            assert events[-1].data["status"] == "completed"
