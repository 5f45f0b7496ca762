from __future__ import annotations

import asyncio

import pytest

from assistream.engine import objects
from assistream.engine.answers import Answers, claiming, digest, keep
from assistream.engine.claims import Claim
from assistream.engine.errors import Refused
from assistream.engine.store import Store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


async def test_one_request_of_a_key_at_a_time() -> None:
    answers, told = Answers(), list[str]()

    async def one(key: str, name: str) -> None:
        async with answers.turn(key):
            told.append(f"{name} in")
            await asyncio.sleep(0)
            told.append(f"{name} out")

    await asyncio.gather(one("a", "1"), one("a", "2"), one("b", "3"))
    assert told == ["1 in", "3 in", "1 out", "3 out", "2 in", "2 out"]
    assert not answers._turns


async def test_what_was_written_is_the_answer() -> None:
    store, answers, claim = Store(), Answers(), Claim("key", "request")
    await store.open()
    try:
        assert await answers.find(store, claim) is None
        thread = objects.thread({})
        async with claiming(claim):
            async with store.transaction() as transaction:
                await transaction.insert(thread)
            async with store.transaction() as transaction:
                await transaction.insert(objects.thread({}))
        async with store.transaction() as transaction:
            await transaction.insert(objects.thread({}))
        row = await answers.find(store, claim)
        assert (row.object_id, row.thread_id, row.leg) == (thread["id"], thread["id"], None)
        assert row.body == claim.body
        await keep(store, claim, "as it went out")
        assert (await answers.find(store, claim)).body == "as it went out"
        with pytest.raises(Refused):
            await answers.find(store, Claim("key", "another request"))
    finally:
        await store.close()


async def test_what_was_not_written_is_not_done() -> None:
    store, answers, claim = Store(), Answers(), Claim("key", "request")
    await store.open()
    try:
        async with claiming(claim):
            with pytest.raises(ZeroDivisionError):
                async with store.transaction() as transaction:
                    await transaction.insert(objects.thread({}))
                    raise ZeroDivisionError
        assert await answers.find(store, claim) is None
        await keep(store, claim, "an answer about nothing")
        assert (await answers.find(store, claim)).body == "an answer about nothing"
    finally:
        await store.close()


def test_values_are_told_apart() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc") != digest(b"abc")
