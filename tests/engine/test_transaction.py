"""What is asked of a store beside objects: what `test_store` and `test_projects` have not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistream.engine import objects
from assistream.engine.claims import Claim
from assistream.engine.store import Store
from assistream.engine.tables import ANSWERS, MESSAGES, RUNS, STEPS, THREADS, Where
from assistream.engine.transaction import EventRow
from tests.engine.conftest import Json

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def new_run() -> tuple[Json, Json]:
    """A thread and a run in it."""
    thread = objects.thread({})
    return thread, objects.run(thread["id"], objects.assistant({"model": "any"}), {}, ttl=600)


def rows(run: Json, *numbers: int) -> list[EventRow]:
    return [(run["id"], number, f"event.{number}", "{}", None) for number in numbers]


async def test_events_are_read_in_their_order(store: Store) -> None:
    thread, run = new_run()
    async with store.transaction() as transaction:
        await transaction.insert(thread)
        await transaction.insert(run)
        assert await transaction.last_event(run["id"]) == 0
        await transaction.add_events(rows(run, 3, 1, 2))
        await transaction.add_events(rows(run, 2, 7))
        await transaction.add_events([])
        assert [row.number for row in await transaction.events(run["id"])] == [1, 2, 3, 7]
        assert [row.number for row in await transaction.events(run["id"], after=1, limit=2)] == [2, 3]
        assert await transaction.events_named(run["id"], "event.7", "event.2", "event.9") == [2, 7]
        assert (await transaction.has_event(run["id"], 7), await transaction.has_event(run["id"], 4)) == (True, False)
        assert (await transaction.last_event(run["id"]), await transaction.events("run_other")) == (7, [])


async def test_with_a_thread_goes_all_that_is_in_it(store: Store) -> None:
    (thread, run), (other, kept) = new_run(), new_run()
    message = objects.message(thread["id"], "user", [])
    step = objects.step(run, "tool_calls", {"tool_calls": []})
    async with store.transaction() as transaction:
        for document in (thread, message, run, step, other, kept):
            await transaction.insert(document)
        await transaction.add_events([*rows(run, 1), *rows(kept, 1)])
        assert await transaction.delete(THREADS, thread["id"])
        assert not await transaction.delete(THREADS, thread["id"])
        assert transaction.deleted == [thread["id"]]
        left = [await transaction.all(table) for table in (THREADS, MESSAGES, RUNS, STEPS)]
        assert left == [[other], [], [kept], []]
        assert (await transaction.events(run["id"]), len(await transaction.events(kept["id"]))) == ([], 1)


async def test_an_answer_says_what_was_done_and_where_its_events_begin(store: Store) -> None:
    thread, run = new_run()
    claim = Claim("key", "request")
    async with store.transaction() as transaction:
        await transaction.insert(thread)
        await transaction.insert(run)
        await transaction.add_events(rows(run, 6, 7))
        await transaction.write_claim(claim, 1000)
        row = await transaction.answer("key")
        assert row
        done = (row.request, row.created_at, row.object_id, row.thread_id, row.leg, row.body)
        assert done == ("request", 1000, run["id"], thread["id"], 5, transaction.claimed)
        await transaction.write_claim(claim, 2000)  # once is enough
        again = await transaction.answer("key")
        assert again
        assert again.created_at == 1000


async def test_a_claim_of_what_did_nothing_is_not_written(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.write_claim(Claim("key", "request"), 1000)
        assert await transaction.answer("key") is None


@pytest.mark.parametrize("table", [THREADS, RUNS], ids=lambda table: table.name)
async def test_an_answer_goes_with_its_object(store: Store, table: sa.Table) -> None:
    thread, run = new_run()
    async with store.transaction() as transaction:
        await transaction.insert(thread)
        await transaction.insert(run)
        await transaction.write_claim(Claim("key", "request"), 1000)
        await transaction.delete(table, thread["id"] if table is THREADS else run["id"])
        row = await transaction.answer("key")
        assert row
        assert row.body is None


async def test_answers_are_changed_and_forgotten(store: Store) -> None:
    async with store.transaction() as transaction:
        for key, created_at in (("old", 999), ("new", 1000)):
            await transaction.put_answer(Claim(key, "request").row(None, None, created_at))
        await transaction.put_answer(Claim("new", "another").row(None, None, 1001))
        await transaction.change_answer("new", "{}")
        await transaction.forget_answers(before=1000)
        new = await transaction.answer("new")
        assert new
        assert (await transaction.answer("old"), new.request, new.body) == (None, "another", "{}")
        assert len((await transaction._connection.execute(ANSWERS.select())).all()) == 1


async def test_places_in_time(store: Store) -> None:
    thread, run = new_run()
    messages = [objects.message(thread["id"], "user", []) for _ in range(2)]
    steps = [objects.step(run, kind, {kind: {}}) for kind in ("tool_calls", "message_creation", "tool_calls")]
    async with store.transaction() as transaction:
        for document in (thread, run, *steps, *messages):
            await transaction.insert(document)
        places = transaction.places
        runs, documents = await transaction.history(thread["id"])
        assert runs == {run["id"]: places[run["id"]]}
        assert documents == [(places[one["id"]], one) for one in (messages[0], messages[1], steps[0], steps[2])]
        assert await transaction.history("thread_other") == ({}, [])


async def test_the_first_of_several_kinds(store: Store) -> None:
    thread, run = new_run()
    messages = [objects.message(thread["id"], "user", []) for _ in range(2)]
    async with store.transaction() as transaction:
        for document in (thread, run, *messages):
            await transaction.insert(document)
        of_thread: Where = {"thread_id": thread["id"]}
        assert await transaction.firsts((MESSAGES, of_thread), (STEPS, of_thread), (THREADS, {"id": thread["id"]})) == [
            messages[0],
            None,
            thread,
        ]
        running = {"thread_id": thread["id"], "status": ["in_progress", "queued"]}
        assert await transaction.firsts((RUNS, running), (RUNS, running | {"status": "completed"})) == [run, None]
