"""One leg of a run: from created, or from its tool outputs, to requires_action or to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..streaming.sse import encode
from . import objects
from .builtin import Broken, Offer, Toolbox
from .builtin.working import Working
from .conversations import Conversations
from .draft import Draft, Setting, closed
from .errors import Refused
from .eventlog import Change, Channel, EventLog
from .history import question
from .ids import now
from .leftovers import left_open
from .lifecycle import RUN, Document, advance, exhausted, is_over, out_of_line
from .line import Ticket
from .models.base import Model, ModelError
from .observing.observer import NOBODY, Asked, Observer
from .pictures import shown
from .source import Source
from .store import Store, StoreError
from .tables import RUNS, to_json

_log = logging.getLogger("assistream.engine")

TURNS = 32
"""How often a leg asks its model at most. The last time it may call nothing, so that it comes to an end."""
RETRIES = (0.2, 1.0, 5.0)
"""Seconds between the attempts to write down a leg's end: its thread stays locked until that is done."""


@dataclass(frozen=True, slots=True)
class End:
    """How a leg ends: the run's next status, the fields that go with it, and what becomes of what is still open."""

    status: str
    fields: Document = field(default_factory=dict[str, Any])
    outcome: str = ""

    @property
    def error(self) -> Document | None:
        return self.fields.get("last_error")


CANCELLED = End("cancelled")
EXPIRED = End("expired")


def failed(message: str, code: str = "server_error", outcome: str = "failed") -> End:
    return End("failed", {"last_error": {"code": code, "message": message}}, outcome)


def incomplete(reason: str) -> End:
    return End("incomplete", {"incomplete_details": {"reason": reason}})


@dataclass(frozen=True, slots=True)
class Parts:
    """What every leg works with."""

    store: Store
    log: EventLog
    conversations: Conversations
    model: Model
    places: asyncio.Semaphore
    """At which legs work: so many at once."""
    toolbox: Toolbox
    observer: Observer = NOBODY


class Leg:
    """The only writer of its run while it works, so that everything about a run happens in one order.

    Cancel, expiry and shutdown do not touch the run: they ask its leg to `stop`, which aborts the call of the model.
    ``open_`` are the steps and messages that an earlier leg, or an earlier process, left open. With a ticket, the leg
    begins when the run's thread is free.
    """

    def __init__(
        self,
        run: Document,
        channel: Channel,
        parts: Parts,
        open_: Sequence[Document] = (),
        ticket: Ticket | None = None,
    ) -> None:
        self.run: Document = run
        self.channel = channel
        self.ticket = ticket
        self._parts, self._open = parts, list(open_)
        self._entry: asyncio.Task[None] | None = None
        self._placed = self._parked = False
        self._draft: Draft | None = None
        self._busy: Source | Working | None = None
        self._stop: End | None = None
        self.cancelling: Document | None = None
        self.answered: asyncio.Event = asyncio.Event()
        """It is known what became of a `stop`: the run is cancelling, or over."""
        self.over: asyncio.Event = asyncio.Event()
        self.lost: bool = False
        """The run's end could not be written down: whatever the run is now, it is not what the store says."""

    def stop(self, end: End) -> bool:
        """Ends the leg this way, unless it has been stopped or parked already; whether it was not."""
        if self._stop or self._is_parked:
            return False
        self._stop = end
        if self._busy:
            self._busy.interrupt()
        self._leave_entry()
        return True

    def park(self) -> None:
        """Leaves the run as it is, for the next engine, if the leg has not begun."""
        self._parked = True
        self._leave_entry()

    def _leave_entry(self) -> None:
        if self._entry:
            self._entry.cancel()

    @property
    def _is_parked(self) -> bool:
        return self._parked and not self._placed and not self._stop

    @property
    def waits(self) -> bool:
        """The leg has not begun."""
        return bool(self.run["status"] == "queued")

    async def work(self) -> None:
        """Runs the leg to its end; never raises. What no event of the run can tell is told as an error event."""
        last = b""
        try:
            await self._enter()
            if self._is_parked:
                self.channel.cut()
            else:
                await self._finish_somehow(await self._play())
        except Exception:
            _log.exception("Run %s is lost", self.run["id"])
            self.lost = True
            last = encode("error", to_json(Refused("server_error").body))
        finally:
            self._leave_entry()
            if self._placed:
                self._parts.places.release()
            self.channel.end(last)
            self.answered.set()
            self.over.set()

    async def _enter(self) -> None:
        """Waits for the run's thread and for a place to work at; not when there is nothing to be done but to end."""
        if self._stop or self._parked:
            return
        if not self.ticket and not self._parts.places.locked():
            await self._wait()  # which it need not
            return
        self._entry = asyncio.create_task(self._wait())
        await asyncio.wait([self._entry])

    async def _wait(self) -> None:
        if self.ticket:
            await self.ticket.called.wait()
            self.run = out_of_line(self.run)
        await self._parts.places.acquire()
        self._placed = True

    async def _play(self) -> End:
        try:
            return self._stop or await self._generate()
        except ModelError as error:
            return failed(error.message, error.code)
        except Broken as error:
            return failed(str(error))
        except Exception:
            _log.exception("The engine failed in run %s", self.run["id"])
            return failed("The engine had an error while it worked on the run.")

    async def _generate(self) -> End:
        await self._advance("in_progress")
        if budget := exhausted(self.run):
            return incomplete(budget)
        offer = self._parts.toolbox.offer(self.run)
        await self._until_done(partial(offer.prepare, self.run))
        for left in reversed(range(TURNS)):
            # The last time nothing may be called.
            run = self.run if left else self.run | {"tool_choice": "none"}
            if end := self._stop or await self._turn(run, offer):
                return end
        raise AssertionError("a turn without calls is the last one")

    async def _turn(self, run: Document, offer: Offer) -> End | None:
        """One answer of the model, and of the built-in tools that it calls; None if it is to be asked again."""
        request = await question(self._parts.conversations, run, offer)
        request = await shown(request, self._parts.store)
        setting = Setting(offer, await self._parts.conversations.seen(run))
        self._draft = draft = Draft(run, self._parts.log, self.channel, setting)
        self._busy = source = Source(
            self._parts.model, request, Asked(self._parts.observer, self.run, request), draft.take_now
        )
        try:
            # A stop is seen here only, so never half-way through a commit.
            while not self._stop and (delta := await source.next()) is not None and not self._stop:
                await draft.take(delta)
        finally:
            self._count(draft.usage)
        if end := self._stop or self._refused(draft):
            return end
        if not draft.has_work:
            return self._answered(draft)
        await self._until_done(draft.work)
        return self._stop or await self._worked(draft)

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        """Returns when the work is done, or the leg was stopped."""
        if self._stop:
            return
        self._busy = working = Working(work)
        await working.wait()

    def _refused(self, draft: Draft) -> End | None:
        match draft.finish:
            case None:
                return failed("The model stopped in the middle of its answer.")
            case "length":
                return incomplete(exhausted(self.run) or "max_completion_tokens")
            case "content_filter":
                return failed("The model's answer was withheld by its content filter.", outcome="filtered")
            case _:
                # An answer may spend a budget to its end; calls need some of it for the answer to come.
                budget = exhausted(self.run, needed=1 if draft.makes_calls else 0)
                return incomplete(budget) if budget else None

    def _answered(self, draft: Draft) -> End:
        action = draft.required_action
        return End("requires_action", {"required_action": action}) if action else End("completed")

    async def _worked(self, draft: Draft) -> End | None:
        """After built-in tools the model goes on, unless the program has something to answer, too."""
        if draft.required_action:
            return self._answered(draft)
        await self._parts.log.commit(self.channel, draft.close("completed"))
        self._draft = None
        return None

    def _count(self, usage: Document) -> None:
        spent = objects.add_tokens(self.run["usage"], usage["prompt_tokens"], usage["completion_tokens"])
        self.run = self.run | {"usage": spent}

    async def _finish_somehow(self, end: End) -> None:
        """Ends the run as it should; if that cannot be, as failed, and from what is in the store."""
        try:
            await self._finish_patiently(end)
        except Exception:
            _log.exception("Run %s cannot end as %s", self.run["id"], end.status)
            await self._reload()
            if not is_over(self.run):
                cancelling = self.run["status"] == "cancelling"
                await self._finish_patiently(CANCELLED if cancelling else failed("The engine could not end the run."))

    async def _finish_patiently(self, end: End) -> None:
        for pause in RETRIES:
            try:
                await self._finish(end)
                return
            except StoreError:
                _log.warning("The end of run %s cannot be written; it is tried again", self.run["id"], exc_info=True)
                await asyncio.sleep(pause)
        await self._finish(end)

    async def _finish(self, end: End) -> None:
        await self._end(self._stop or end)
        # Stopped while it came to wait for its outputs; a run that waits does not fail when the engine closes.
        if self._stop and self._stop.status in RUN[self.run["status"]]:
            await self._end(self._stop)

    async def _end(self, end: End) -> None:
        if end.status == "cancelled" and self.run["status"] != "cancelling":
            await self._advance("cancelling", required_action=None)
            self.cancelling = self.run
            self.answered.set()
        if self._busy:
            await self._busy.release()
        outcome = end.outcome or end.status
        closing = self._draft.close(outcome, end.error) if self._draft else []
        closing += [closed(document, outcome, end.error) for document in self._open]
        await self._advance(end.status, *closing, **end.fields)
        self._draft, self._open = None, [one.document for one in closing if not is_over(one.document)]

    async def _reload(self) -> None:
        await self._parts.log.flush()
        async with self._parts.store.transaction() as transaction:
            stored = await transaction.get(RUNS, self.run["id"]) or self.run
            self.run = stored | {"usage": self.run["usage"]}
            self._draft, self._open = None, await left_open(transaction, self.run["id"])

    async def _advance(self, status: str, *first: Change, **fields: Any) -> None:
        run = advance(self.run, status, now(), **fields)
        await self._parts.log.commit(self.channel, [*first, Change(run, (f"thread.run.{status}",))])
        self.run = run
