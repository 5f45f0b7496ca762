"""What is kept of a thread is what a look at the store finds."""

from __future__ import annotations

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine import objects
from assistream.engine.conversations import MANY, Conversations
from assistream.engine.lifecycle import Document
from assistream.engine.store import Store
from assistream.engine.tables import MESSAGES, THREADS
from tests.engine.conftest import Json

ASSISTANT: Json = objects.assistant({"model": "any"})


class Thread:
    """One that grows, and what is known of it: kept, and looked up anew."""

    def __init__(self, store: Store, most: int = 10**9) -> None:
        self.store, self.kept = store, Conversations(store, most)
        self.document = objects.thread({})
        self.runs: list[Document] = []
        self.messages: list[Document] = []
        self.steps: list[Document] = []

    async def do(self, what: str) -> None:
        async with self.store.transaction() as transaction:
            match what:
                case "open":
                    await transaction.insert(self.document)
                case "say":
                    message = objects.message(self.document["id"], "user", [objects.text_block("Hi")])
                    self.messages.append(message)
                    await transaction.insert(message)
                case "run":
                    run = objects.run(self.document["id"], ASSISTANT, {}, ttl=600)
                    self.runs.append(run | {"status": "completed"})
                    await transaction.insert(self.runs[-1])
                case "reply" if self.runs:
                    self.messages.append(objects.reply(self.runs[-1]))
                    await transaction.insert(self.messages[-1])
                case "write" if self.messages:
                    written = self.messages[-1] | {"content": [objects.text_block("Written")], "status": "completed"}
                    await transaction.update(written)
                case "call" if self.runs:
                    self.steps.append(objects.step(self.runs[-1], "tool_calls", {"tool_calls": []}))
                    await transaction.insert(self.steps[-1])
                case "answer" if self.steps:
                    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}", "output": "42"}}
                    details = {"type": "tool_calls", "tool_calls": [call]}
                    await transaction.update(self.steps[-1] | {"status": "completed", "step_details": details})
                case "delete" if self.messages:
                    # It may be written once more: whoever writes it does not know.
                    await transaction.delete(MESSAGES, self.messages[-1]["id"])
                case _:
                    pass

    async def is_known(self) -> None:
        for run in self.runs:
            assert await self.kept.entries(run) == await Conversations(self.store).entries(run)


async def with_store(what: list[str], most: int = 10**9) -> Thread:
    store = Store()
    await store.open()
    try:
        thread = Thread(store, most)
        for one in ["open", "run", *what]:
            await thread.do(one)
            await thread.is_known()
        return thread
    finally:
        await store.close()


STEPS = ["say", "run", "reply", "write", "call", "answer", "delete"]


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_what_is_kept_is_what_is_there(what: list[str]) -> None:
    anyio.run(with_store, what)


def test_a_conversation_that_is_too_long_is_not_kept() -> None:
    thread = anyio.run(with_store, ["say"] * 5, 1_000)
    assert not thread.kept._kept


@pytest.fixture
def anyio_backend() -> str:
    """The store is the engine's, which runs on asyncio."""
    return "asyncio"


@pytest.mark.anyio
async def test_what_was_asked_for_longest_ago_goes_first(store: Store) -> None:
    threads = [Thread(store, 2_200) for _ in range(3)]
    kept = threads[0].kept
    for thread in threads:
        thread.kept = kept
        for what in ("open", "run", "say", "say"):
            await thread.do(what)
        await thread.is_known()
    assert list(kept._kept) == [thread.document["id"] for thread in threads[1:]]
    assert MANY >= 2


@pytest.mark.anyio
async def test_of_a_deleted_thread_nothing_is_kept(store: Store) -> None:
    thread = Thread(store)
    for what in ("open", "run", "say"):
        await thread.do(what)
    await thread.is_known()
    async with store.transaction() as transaction:
        await transaction.delete(THREADS, thread.document["id"])
    assert not thread.kept._kept
    assert await thread.kept.entries(thread.runs[0]) == []


@pytest.mark.anyio
async def test_what_was_not_committed_was_not_said(store: Store) -> None:
    thread = Thread(store)
    for what in ("open", "run", "say"):
        await thread.do(what)
    await thread.is_known()
    with pytest.raises(ZeroDivisionError):
        async with store.transaction() as transaction:
            await transaction.insert(objects.message(thread.document["id"], "user", []))
            raise ZeroDivisionError
    await thread.is_known()
