from __future__ import annotations

import asyncio
import math

import anyio
import pytest

from assistream.engine.builtin import working
from assistream.engine.builtin.working import Working

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


async def test_it_is_waited_for() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    at_work = Working(work)
    await at_work.wait()
    assert done.is_set()
    await at_work.release()


@pytest.mark.parametrize(
    ("error", "raised"),
    [(ValueError("a"), ValueError), (SystemExit(3), RuntimeError), (asyncio.CancelledError(), RuntimeError)],
)
async def test_what_it_raises(error: BaseException, raised: type[Exception]) -> None:
    async def work() -> None:
        raise error

    at_work = Working(work)
    with pytest.raises(raised):
        await at_work.wait()
    await at_work.release()


async def test_interrupted_and_released() -> None:
    let_go = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(math.inf)
        finally:
            let_go.set()

    at_work = Working(work)
    await asyncio.sleep(0)
    at_work.interrupt()
    await at_work.wait()
    assert not let_go.is_set()
    await at_work.release()
    assert let_go.is_set()


async def test_what_is_shielded_comes_to_its_end() -> None:
    """As transactions are: a statement that is cancelled would cost the connection."""
    written = asyncio.Event()
    begun = asyncio.Event()

    async def work() -> None:
        with anyio.CancelScope(shield=True):
            begun.set()
            await asyncio.sleep(0.01)
            written.set()
        await asyncio.sleep(math.inf)

    at_work = Working(work)
    await begun.wait()
    await at_work.release()
    assert written.is_set()


async def test_what_does_not_let_go_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PATIENCE", 0.01)
    end = asyncio.Event()
    over = asyncio.Event()

    async def work() -> None:
        with anyio.CancelScope(shield=True):
            await end.wait()
        over.set()

    at_work = Working(work)
    await asyncio.sleep(0)
    await at_work.release()
    assert not over.is_set()
    end.set()
    await over.wait()
