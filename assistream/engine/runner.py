"""Starts runs, continues them, stops them, and remembers which are being worked on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from .errors import Refused
from .eventlog import Change, Channel, EventLog
from .ids import now
from .leftovers import left_open
from .leg import CANCELLED, EXPIRED, End, Leg, Parts, failed
from .lifecycle import ACTIVE, Document, advance, is_over
from .models.base import Model
from .outputs import answered, check
from .store import RUNS, STEPS, THREADS, Busy, Orphan, Store, Transaction

PATIENCE = 5.0
"""Seconds the runs that are in progress get to end when the engine closes."""

# What becomes of a run that an earlier process left in some status.
_LEFT: Mapping[str, End] = {
    "queued": failed("The engine was restarted before the run began."),
    "in_progress": failed("The engine was restarted while the run was in progress."),
    "requires_action": EXPIRED,
    "cancelling": CANCELLED,
}


class Runner:
    """A run that is being worked on has a `Leg`, its only writer. A run that waits for tool outputs has none."""

    def __init__(self, store: Store, model: Model, *, ttl: float = 600.0) -> None:
        self.ttl = ttl
        self._store = store
        self._log = EventLog(store)
        self._parts = Parts(store, self._log, model)
        self._legs: dict[str, Leg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        # Held while a run without a leg is given one, so that two requests cannot both do it.
        self._gate = asyncio.Lock()
        self._closing = False

    async def boot(self) -> None:
        """Takes over from a process that is gone: what it was working on ends, what waits goes on waiting."""
        async with self._store.transaction() as transaction:
            runs = await transaction.all(RUNS, status=ACTIVE)
        for run in runs:
            if run["status"] == "requires_action" and not _is_late(run):
                self._expect(run, run["expires_at"] - time.time())
            else:
                await self._end(run, _LEFT[run["status"]])
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Stops what is being worked on: those runs fail. Runs that wait for tool outputs stay as they are."""
        self._closing = True
        for timer in self._timers.values():
            timer.cancel()
        for leg in self._legs.values():
            leg.stop(failed("The engine was closed while the run was in progress."))
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=PATIENCE)
            for task in late:
                task.cancel()
        await self._log.close()

    async def start(self, run: Document, before: Sequence[Change] = ()) -> Channel:
        """A new run, written together with what comes ``before`` it; refused if its thread is busy."""
        self._refuse_when_closing()
        channel = Channel(run["id"])
        created = Change(run, ("thread.run.created", "thread.run.queued"), new=True)
        try:
            await self._log.commit(channel, [*before, created])
        except (Busy, Orphan):
            await self._explain(run["thread_id"])
            return await self.start(run, before)  # the other run ended meanwhile
        self._expect(run, self.ttl)
        self._work(Leg(run, channel, self._parts))
        return channel

    async def _explain(self, thread_id: str) -> None:
        """Refuses a run its thread has no room for, if that is still so."""
        async with self._store.transaction() as transaction:
            if await transaction.get(THREADS, thread_id) is None:
                raise Refused("not_found", kind="thread", id=thread_id)
            await refuse_if_busy(transaction, thread_id, "thread_busy")

    def _refuse_when_closing(self) -> None:
        if self._closing:
            raise Refused("closing")

    async def submit(self, run: Document, outputs: Sequence[tuple[str | None, str]]) -> tuple[Document, Channel]:
        """Gives a waiting run what its calls returned and goes on with it in a new leg."""
        self._refuse_when_closing()
        async with self._gate:
            run = await self._fresh(run)
            by_call = check(run, outputs)
            async with self._store.transaction() as transaction:
                [step] = await transaction.all(STEPS, run_id=run["id"], status="in_progress")
                channel = Channel(run["id"], await transaction.last_event(run["id"]))
            run = advance(run, "queued", now(), required_action=None)
            completed = Change(answered(step, by_call), ("thread.run.step.completed",))
            await self._log.commit(channel, [completed, Change(run, ("thread.run.queued",))])
            self._work(Leg(run, channel, self._parts))
        return run, channel

    async def cancel(self, run: Document) -> Document:
        """The run as it was when the cancelling began."""
        leg, accepted = await self._stop(run, CANCELLED)
        if leg:
            await leg.answered.wait()
            if accepted and leg.cancelling:
                return leg.cancelling
        raise Refused("cannot_cancel", status=(await self._fresh(run))["status"])

    async def end_active(self, thread_id: str) -> None:
        """Cancels the thread's active run, if there is one, and waits for its end."""
        async with self._store.transaction() as transaction:
            active = await active_run(transaction, thread_id)
        if active:
            await self._stop_and_wait(active, CANCELLED)

    async def current(self, run: Document) -> Document:
        """The run, expired if its time is over: a timer sleeps while the machine does, so it is not enough."""
        if run["status"] not in ACTIVE or not _is_late(run):
            return run
        await self._stop_and_wait(run, EXPIRED)
        return await self._read(run)

    async def end_late(self, thread_id: str) -> None:
        """Frees the thread if its active run's time is over."""
        async with self._store.transaction() as transaction:
            active = await active_run(transaction, thread_id)
        if active:
            await self.current(active)

    async def _fresh(self, run: Document) -> Document:
        leg = self._legs.get(run["id"])
        return leg.run if leg else await self._read(run)

    async def _read(self, run: Document) -> Document:
        async with self._store.transaction() as transaction:
            return await transaction.get(RUNS, run["id"]) or run

    async def _stop(self, run: Document, end: End) -> tuple[Leg | None, bool]:
        """The leg that ends the run and whether it does so for us; no leg if the run is over."""
        async with self._gate:
            if leg := self._legs.get(run["id"]):
                return leg, leg.stop(end)
            run = await self._read(run)
            return (None, False) if is_over(run) else (await self._end(run, end), True)

    async def _stop_and_wait(self, run: Document, end: End) -> None:
        leg, _ = await self._stop(run, end)
        if leg:
            await leg.over.wait()

    async def _end(self, run: Document, end: End) -> Leg:
        """Gives an idle run a leg that does nothing but end it."""
        async with self._store.transaction() as transaction:
            channel = Channel(run["id"], await transaction.last_event(run["id"]))
            leg = Leg(run, channel, self._parts, await left_open(transaction, run["id"]))
        leg.stop(end)
        self._work(leg)
        return leg

    def _work(self, leg: Leg) -> None:
        self._legs[leg.run["id"]] = leg
        self._begin(self._until_over(leg))

    async def _until_over(self, leg: Leg) -> None:
        # Between the leg's last event and its removal nothing is awaited: who reacts to the event finds no leg.
        await leg.work()
        del self._legs[leg.run["id"]]
        if is_over(leg.run) and (timer := self._timers.pop(leg.run["id"], None)):
            timer.cancel()

    def _expect(self, run: Document, seconds: float) -> None:
        """Lets the run expire in that time, unless it is over before."""

        def expire() -> None:
            self._timers.pop(run["id"], None)
            self._begin(self._stop_and_wait(run, EXPIRED))

        self._timers[run["id"]] = asyncio.get_running_loop().call_later(seconds, expire)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def active_run(transaction: Transaction, thread_id: str) -> Document | None:
    active = await transaction.all(RUNS, thread_id=thread_id, status=ACTIVE)
    return active[0] if active else None


async def refuse_if_busy(transaction: Transaction, thread_id: str, refusal: str) -> None:
    if active := await active_run(transaction, thread_id):
        raise Refused(refusal, thread=thread_id, run=active["id"])


def _is_late(run: Document) -> bool:
    # A second of grace: expires_at has whole seconds, the timer is exact.
    expires_at: int = run["expires_at"]
    return time.time() >= expires_at + 1
