"""Starts runs, continues them, stops them, and remembers which are being worked on."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple

from .audience import Audience
from .builtin import Toolbox
from .claims import CLAIM
from .conversations import Conversations
from .errors import Refused
from .eventlog import Change, Channel, EventLog
from .ids import now
from .leftovers import left_open
from .leg import CANCELLED, EXPIRED, End, Leg, Parts, failed
from .lifecycle import ACTIVE, IN_LINE, Document, advance, is_over
from .line import Lines, Ticket
from .models.base import Model
from .observing.observer import NOBODY, Observer
from .outputs import answered, check
from .projects import acting_for
from .store import Store, StoreError
from .tables import RUNS, STEPS, THREADS
from .terms import Terms
from .transaction import Busy, Orphan, Transaction

_log = logging.getLogger("assistream.engine")

PATIENCE = 5.0
"""Seconds the runs that are in progress get to end when the engine closes."""
AGAIN = 5.0
"""Seconds until it is tried again to end a run whose end could not be written down: its thread is busy until then."""
GAP = 1_000_000
"""How many numbers the events of a run leave out when another engine goes on with it. After a power failure, or with an
older copy of the database, the log may end before the last event that clients saw: such a number must not come back as
another event's.
"""
_LOST = failed("The engine could not end the run.")
_TERMS = Terms()

UNDER_WAY = ACTIVE | {IN_LINE}
"""How the store knows the runs that are not over."""

# What becomes of a run that an earlier process left in some status; one that had not begun is begun.
_LEFT: Mapping[str, End] = {
    "queued": EXPIRED,
    "in_progress": failed("The engine was restarted while the run was in progress."),
    "requires_action": EXPIRED,
    "cancelling": CANCELLED,
}


class Figures(NamedTuple):
    """How much there is now: runs that are worked on and that wait to be, open streams, deltas to be written."""

    working: int
    queued: int
    streams: int
    backlog: int


class Runner:
    """A run that is being worked on has a `Leg`, its only writer. A run that waits for tool outputs has none."""

    def __init__(
        self,
        store: Store,
        model: Model,
        *,
        toolbox: Toolbox | None = None,
        terms: Terms = _TERMS,
        max_runs: int = 1000,
        max_queued: int = 1000,
        observer: Observer = NOBODY,
    ) -> None:
        self.terms = terms
        self._store = store
        self._observer = observer
        self._log = EventLog(store, observer)
        places, toolbox = asyncio.Semaphore(max_runs), toolbox or Toolbox()
        self._parts = Parts(store, self._log, Conversations(store), model, places, toolbox, observer)
        self._most = max_runs + max_queued
        self._lines = Lines(store)
        self._hurry = asyncio.Event()
        self.audience: Audience = Audience(self._desert)
        self._legs: dict[str, Leg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        # Held while a run without a leg is given one, so that two requests cannot both do it.
        self._gate = asyncio.Lock()
        self._closing = False
        self._inherited: set[str] = set()

    def channel(self, run_id: str) -> Channel | None:
        """The live events of a run that is being worked on."""
        leg = self._legs.get(run_id)
        return leg.channel if leg else None

    @property
    def figures(self) -> Figures:
        queued = sum(leg.waits for leg in self._legs.values())
        streams = self.audience.size
        return Figures(len(self._legs) - queued, queued, streams, self._log.backlog)

    @property
    def closing(self) -> bool:
        """It takes no more runs."""
        return self._closing

    @property
    def writes(self) -> bool:
        """What runs say can be written down, as far as is known."""
        return not self._log.in_trouble

    async def published(self) -> None:
        """Returns when who follows a run can read all that it has said so far."""
        await self._log.written()

    async def boot(self) -> None:
        """Takes over from a process that is gone: what it was working on ends, what waits goes on waiting."""
        await self.adopt()

    async def adopt(self, run_ids: Collection[str] | None = None) -> None:
        """The same for some runs alone: those that came from another engine's database."""
        which = {} if run_ids is None else {"id": run_ids}
        async with self._gate:  # so that nobody who cancels one of them gives it a leg, too
            if self._closing:
                return  # the next engine does it
            async with self._store.transaction() as transaction:
                runs = await transaction.all(RUNS, status=UNDER_WAY, **which)
                projects = await transaction.projects(RUNS, status=UNDER_WAY, **which)
            await self._take_over([run for run in runs if run["id"] not in self._legs], projects)

    async def _take_over(self, runs: Sequence[Document], projects: Mapping[str, str]) -> None:
        self._inherited |= {run["id"] for run in runs}
        goes_on = [run for run in runs if run["status"] in ("queued", "requires_action") and not _is_late(run)]
        ends: list[Leg] = []
        for run in runs:
            if run not in goes_on:
                late = run["status"] == "in_progress" and _is_late(run)
                with acting_for(projects[run["id"]]):
                    ends.append(await self._end(run, EXPIRED if late else _LEFT[run["status"]]))
        for leg in ends:
            await leg.over.wait()
        for run in goes_on:
            with acting_for(projects[run["id"]]):
                self._expect(run, run["expires_at"] - time.time())
                if run["status"] == "queued":
                    await self._begin_again(run)
        for thread_id in {run["thread_id"] for run in goes_on if IN_LINE in run}:
            await self._lines.call(thread_id)

    async def _begin_again(self, run: Document) -> None:
        async with self._store.transaction() as transaction:
            channel = await self._next_channel(transaction, run)
        self._work(Leg(run, channel, self._parts, ticket=self._ticket(run)))

    def hurry(self) -> None:
        """Ends the time that `close` gives."""
        self._hurry.set()

    async def close(self, drain: float = 0.0) -> None:
        """Runs in progress get ``drain`` seconds to end, and then fail. Those that wait for something stay as they are:
        for tool outputs, or to begin.
        """
        self._closing = True
        self.audience.close()
        for leg in self._legs.values():
            if leg.waits:
                leg.park()
        await self._idle(drain)
        for timer in self._timers.values():
            timer.cancel()
        for leg in self._legs.values():
            leg.stop(failed("The engine was closed while the run was in progress."))
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=PATIENCE)
            for task in late:
                task.cancel()
        await self._log.close()

    async def _idle(self, seconds: float) -> None:
        """Waits until nothing is worked on, or the time is over, or somebody is in a hurry."""
        if not self._tasks or seconds <= 0:
            return
        waiting = [asyncio.create_task(self._hurry.wait()), asyncio.create_task(_all_done(self._tasks))]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)

    async def start(self, run: Document, before: Sequence[Change] = (), terms: Terms = _TERMS) -> Channel:
        """A new run, written together with what comes ``before`` it; refused if its thread is busy, unless the terms
        have it wait, or interrupt.
        """
        self._refuse_when_closing()
        self._refuse_when_full()
        if terms.busy == "interrupt":
            await self.end_all(run["thread_id"])
        in_line = terms.busy == "queue" and run["thread_id"] in self._lines
        while True:
            try:
                return await self._accept(run | {IN_LINE: True} if in_line else run, before, terms)
            except (Busy, Orphan):
                in_line = await self._make_way(run["thread_id"], terms)

    async def _accept(self, run: Document, before: Sequence[Change], terms: Terms) -> Channel:
        channel = Channel(run["id"])
        created = Change(run, ("thread.run.created", "thread.run.queued"), new=True)
        async with self._gate if IN_LINE in run else nullcontext():  # so that the line is in the order of creation
            await self._log.commit(channel, [*before, created])
            ticket = self._ticket(run)
        if terms.cancel_on_disconnect:
            self.audience.attend(run["id"])
        self._expect(run, terms.ttl)
        self._work(Leg(run, channel, self._parts, ticket=ticket))
        if ticket:
            await self._call(run["thread_id"])
        return channel

    def _ticket(self, run: Document) -> Ticket | None:
        return self._lines.join(run["id"], run["thread_id"]) if IN_LINE in run else None

    async def _make_way(self, thread_id: str, terms: Terms) -> bool:
        """Of a run its thread has no room for: refuses it, if that is still so, or ends the others, or queues it."""
        async with self._store.transaction() as transaction:
            if await transaction.get(THREADS, thread_id) is None:
                raise Refused("not_found", kind="thread", id=thread_id)
            if terms.busy == "reject":
                await refuse_if_busy(transaction, thread_id, "thread_busy")
        if terms.busy == "interrupt":
            await self.end_all(thread_id)
        return terms.busy == "queue"

    async def _call(self, thread_id: str) -> None:
        """Lets the next run of the thread's line begin, if there is one; never raises."""
        while not self._closing:
            try:
                await self._lines.call(thread_id)
                return
            except StoreError:
                _log.exception("The next run of thread %s cannot begin; it is tried again", thread_id)
                await asyncio.sleep(AGAIN)

    def _refuse_when_full(self) -> None:
        if len(self._legs) >= self._most:
            raise Refused("too_many_runs")

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
                channel = await self._next_channel(transaction, run)
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

    async def relabel(self, transaction: Transaction, document: Document, fields: Document) -> Document:
        """Changes the metadata of a run or message, which may be at work: what is written of it later has them too."""
        if "metadata" not in fields:
            return document
        document = document | {"metadata": fields["metadata"] or {}}
        await transaction.update(document)
        if not is_over(document):
            self._log.label(document)
        if leg := self._legs.get(document["id"]):
            leg.run = leg.run | {"metadata": document["metadata"]}
        return document

    def forget(self, thread_id: str) -> None:
        """To be told once a thread is deleted: its tools keep nothing for it."""
        self._parts.toolbox.forget(thread_id)

    async def end_all(self, thread_id: str) -> None:
        """Cancels the runs of the thread that are not over, and waits for their ends."""
        async with self._store.transaction() as transaction:
            runs = await transaction.all(RUNS, thread_id=thread_id, status=UNDER_WAY)
        for run in reversed(runs):  # or one that waits would begin when the active one ends
            await self._stop_and_wait(run, CANCELLED)

    def _desert(self, run_id: str) -> None:
        if leg := self._legs.get(run_id):
            self._begin(self._stop_somehow(leg.run, CANCELLED))

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
        await self._log.flush()  # of a leg that was lost something may wait
        async with self._store.transaction() as transaction:
            channel = await self._next_channel(transaction, run)
            leg = Leg(run, channel, self._parts, await left_open(transaction, run["id"]))
        leg.stop(end)
        self._work(leg)
        return leg

    async def _next_channel(self, transaction: Transaction, run: Document) -> Channel:
        """For the next leg of a run that nobody works on."""
        last = await transaction.last_event(run["id"])
        return Channel(run["id"], last + (GAP if run["id"] in self._inherited else 0), last)

    def _work(self, leg: Leg) -> None:
        self._legs[leg.run["id"]] = leg
        self._begin(self._until_over(leg))

    async def _until_over(self, leg: Leg) -> None:
        # Between the leg's last event and its removal nothing is awaited: who reacts to the event finds no leg.
        self._observer.leg_began(leg.run)
        try:
            await leg.work()
        finally:
            self._observer.leg_over(leg.run)
        del self._legs[leg.run["id"]]
        if leg.ticket:
            self._lines.leave(leg.ticket)
        if leg.lost:
            self._expect(leg.run, AGAIN, _LOST)
        elif is_over(leg.run):
            self.audience.forget(leg.run["id"])
            if timer := self._timers.pop(leg.run["id"], None):
                timer.cancel()
            if leg.run["thread_id"] in self._lines:
                await self._call(leg.run["thread_id"])

    def _expect(self, run: Document, seconds: float, end: End = EXPIRED) -> None:
        """Ends the run in that time, unless it is over before."""

        def act() -> None:
            self._timers.pop(run["id"], None)
            self._begin(self._stop_somehow(run, end))

        if timer := self._timers.pop(run["id"], None):
            timer.cancel()
        if not self._closing:
            self._timers[run["id"]] = asyncio.get_running_loop().call_later(seconds, act)

    async def _stop_somehow(self, run: Document, end: End) -> None:
        try:
            await self._stop_and_wait(run, end)
        except StoreError:
            _log.exception("Run %s cannot be ended; it is tried again", run["id"])
            self._expect(run, AGAIN, end)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        # A run outlives its request: what is written for it is no answer to that. The rest of the context goes along:
        # it says for which project this is (see `projects`), and the testing kit knows a run's request by it.
        context = contextvars.copy_context()
        context.run(CLAIM.set, None)
        task = asyncio.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _all_done(tasks: Collection[asyncio.Task[None]]) -> None:
    while tasks:  # those that are done leave by themselves
        await asyncio.wait(list(tasks))
        await asyncio.sleep(0)


async def is_under_way(transaction: Transaction, thread_id: str) -> bool:
    return bool(await transaction.all(RUNS, thread_id=thread_id, status=UNDER_WAY))


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
