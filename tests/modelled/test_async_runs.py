"""Runs made up at random, over a real connection, in pieces of any size: hooks, events and final objects."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from assistream import AsyncAssistantEventHandler, AsyncClient

from ..frames import RUN, THREAD
from ..recording import async_streaming
from ..streaming.traces import async_attach, done, told
from ..wire import Wire, stream
from .counts import times
from .runs import Story, described, make, on_the_wire

pytestmark = pytest.mark.anyio

SEEDS = times(40)


def leg(client: AsyncClient, number: int, story: Story, handler: AsyncAssistantEventHandler) -> Any:
    if number == 0:
        return async_streaming(client, handler)
    outputs: Any = [{"tool_call_id": "any", "output": "42"}]
    return client.beta.threads.runs.submit_tool_outputs_stream(
        RUN, thread_id=THREAD, tool_outputs=outputs, event_handler=handler
    )


async def test_a_run(server: Wire, async_client: AsyncClient) -> None:
    for seed in range(SEEDS):
        random = Random(seed)
        for number, story in enumerate(make(seed)):
            server.add(stream(*on_the_wire(story, random)))
            handler = AsyncAssistantEventHandler()
            trace = async_attach(handler)
            async with leg(async_client, number, story, handler) as events:
                yielded = [event async for event in events]
                messages = await events.get_final_messages()
                steps = await events.get_final_run_steps()
                run = await events.get_final_run()
            where = f"seed {seed}\n{described(story)}"
            assert trace.text == story.hooks, where
            assert yielded == trace.events, where
            assert trace.extra == ["on_end"], where
            assert run.status == story.status, where
            assert [*map(told, messages), *map(done, steps)] == story.messages + story.steps, where


async def test_a_run_that_nobody_listens_to(server: Wire, async_client: AsyncClient) -> None:
    """Without a hook the events alone are given, and the final objects are the same."""
    for seed in range(SEEDS):
        story = make(seed)[0]
        server.add(stream(*on_the_wire(story, Random(seed))))
        async with async_streaming(async_client, AsyncAssistantEventHandler()) as events:
            said = [piece async for piece in events.text_deltas]
            messages = await events.get_final_messages()
            steps = await events.get_final_run_steps()
        assert [*map(told, messages), *map(done, steps)] == story.messages + story.steps, f"seed {seed}"
        assert "".join(said) == "".join(_deltas(story)), f"seed {seed}"


def _deltas(story: Story) -> Iterator[str]:
    """The texts in the frames, read as text: what a reader of deltas is given."""
    import json

    for frame in story.frames:
        if frame.startswith(b"event: thread.message.delta\n"):
            for entry in json.loads(frame.split(b"data: ", 1)[1])["delta"]["content"]:
                yield entry.get("text", {}).get("value", "")
