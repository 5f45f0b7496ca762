"""One leg of a run: from created, or from its tool outputs, to requires_action or to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ..streaming.sse import encode
from . import objects
from .draft import Draft, closed
from .errors import ApiError
from .eventlog import Change, Channel, EventLog
from .history import question
from .ids import now
from .lifecycle import Document, advance, exhausted
from .models.base import Model, ModelDelta, ModelError
from .store import Store, to_json

_log = logging.getLogger("assistream.engine")


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
    model: Model


class _Stopped(Exception):
    """Somebody stopped the leg while it was waiting for the model."""


class Leg:
    """The only writer of its run while it works, so that everything about a run happens in one order.

    Cancel, expiry and shutdown do not touch the run: they ask its leg to `stop`, which aborts the call of the model.
    ``left_open`` are the steps and messages that an earlier leg, or an earlier process, left open.
    """

    def __init__(self, run: Document, channel: Channel, parts: Parts, left_open: Sequence[Document] = ()) -> None:
        self.run: Document = run
        self.channel = channel
        self._parts, self._left_open = parts, left_open
        self._draft: Draft | None = None
        self._stop: End | None = None
        self._listening: asyncio.Task[Any] | None = None
        self.cancelling: Document | None = None
        self.answered: asyncio.Event = asyncio.Event()
        """It is known what became of a `stop`: the run is cancelling, or over."""
        self.over: asyncio.Event = asyncio.Event()

    def stop(self, end: End) -> bool:
        """Ends the leg this way, unless it has been stopped already; whether it was not."""
        if self._stop:
            return False
        self._stop = end
        if self._listening:
            self._listening.cancel()
        return True

    async def work(self) -> None:
        """Runs the leg to its end; never raises. What no event of the run can tell is told as an error event."""
        try:
            await self._finish(await self._play())
        except Exception:
            _log.exception("Run %s is lost", self.run["id"])
            self.channel.end(encode("error", to_json(ApiError("server_error").body)))
        finally:
            self.answered.set()
            self.over.set()

    async def _play(self) -> End:
        if self._stop:
            return self._stop
        try:
            return await self._generate()
        except _Stopped:
            assert self._stop
            return self._stop
        except ModelError as error:
            return failed(error.message, error.code)
        except Exception as error:
            _log.exception("The model failed in run %s", self.run["id"])
            return failed(f"The model stopped with an error: {type(error).__name__}: {error}")

    async def _generate(self) -> End:
        await self._advance("in_progress")
        if budget := exhausted(self.run):
            return incomplete(budget)
        async with self._parts.store.transaction() as transaction:
            request = await question(transaction, self.run)
        self._draft = Draft(self.run, self._parts.log, self.channel)
        deltas = self._parts.model.generate(request)
        try:
            while (delta := await self._next(deltas)) is not None:
                await self._draft.take(delta)
        finally:
            await _close(deltas)
            self._count(self._draft.usage)
        return self._verdict(self._draft)

    async def _next(self, deltas: AsyncIterator[ModelDelta]) -> ModelDelta | None:
        """The only place where a leg can be interrupted: never half-way through a commit."""
        if self._stop:
            raise _Stopped
        self._listening = task = cast("asyncio.Task[Any]", asyncio.current_task())
        try:
            # A model that never waits must not keep the loop from sending what it said, or from stopping it.
            await asyncio.sleep(0)
            return await anext(deltas, None)
        except asyncio.CancelledError as error:
            if self._stop:
                task.uncancel()
                raise _Stopped from None
            if task.cancelling():  # the loop itself is being closed
                raise
            raise ModelError("server_error", "The model cancelled its own call.") from error
        finally:
            self._listening = None

    def _verdict(self, draft: Draft) -> End:
        match draft.finish:
            case None:
                return failed("The model stopped in the middle of its answer.")
            case "length":
                return incomplete("max_completion_tokens")
            case "content_filter":
                return failed("The model's answer was withheld by its content filter.", outcome="filtered")
            case _ if draft.required_action:
                return End("requires_action", {"required_action": draft.required_action})
            case _:
                return End("completed")

    def _count(self, usage: Document) -> None:
        spent = objects.add_tokens(self.run["usage"], usage["prompt_tokens"], usage["completion_tokens"])
        self.run = self.run | {"usage": spent}

    async def _finish(self, end: End) -> None:
        end = self._stop or end
        if end.status == "cancelled" and self.run["status"] != "cancelling":
            await self._advance("cancelling", required_action=None)
            self.cancelling = self.run
            self.answered.set()
        outcome = end.outcome or end.status
        closing = self._draft.close(outcome, end.error) if self._draft else []
        closing += [closed(document, outcome, end.error) for document in self._left_open]
        await self._advance(end.status, *closing, **end.fields)
        self.channel.end()

    async def _advance(self, status: str, *first: Change, **fields: Any) -> None:
        run = advance(self.run, status, now(), **fields)
        await self._parts.log.commit(self.channel, [*first, Change(run, (f"thread.run.{status}",))])
        self.run = run


async def _close(deltas: AsyncIterator[ModelDelta]) -> None:
    if aclose := getattr(deltas, "aclose", None):
        await aclose()
