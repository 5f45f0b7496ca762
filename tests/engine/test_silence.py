from __future__ import annotations

import asyncio
import math

import pytest

from assistream.engine.silence import Arrivals, Listener

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_all_who_wait_are_told_of_what_comes() -> None:
    arrivals = Arrivals()
    waiting = [asyncio.create_task(Listener(arrivals, math.inf).next()) for _ in range(3)]
    await asyncio.sleep(0)
    assert len(arrivals.waiting) == 3
    arrivals.ring()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert not arrivals.waiting


async def test_what_came_before_is_not_waited_for() -> None:
    arrivals = Arrivals()
    arrivals.ring()
    assert not await Listener(arrivals, 0.001).next()


async def test_silence_is_told_each_time() -> None:
    arrivals = Arrivals()
    listener = Listener(arrivals, 0.001)
    assert [await listener.next() for _ in range(3)] == [False] * 3
    assert not arrivals.waiting


async def test_a_timer_that_rings_early_is_set_anew() -> None:
    """It was set for what came meanwhile."""
    listener = Listener(Arrivals(), 0.05)
    waiting = asyncio.create_task(listener.next())
    await asyncio.sleep(0)
    first = listener._timer
    listener._ring()
    assert listener._timer is not None
    assert listener._timer is not first
    assert not waiting.done()
    assert not await waiting


async def test_nobody_waits_when_the_timer_rings() -> None:
    arrivals = Arrivals()
    listener = Listener(arrivals, 0.01)
    waiting = asyncio.create_task(listener.next())
    await asyncio.sleep(0)
    arrivals.ring()
    assert await waiting
    await asyncio.sleep(0.02)
    assert listener._timer is None
    assert not await listener.next()


async def test_who_is_cancelled_waits_no_more() -> None:
    arrivals = Arrivals()
    waiting = asyncio.create_task(Listener(arrivals, math.inf).next())
    await asyncio.sleep(0)
    waiting.cancel()
    arrivals.ring()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert not arrivals.waiting
