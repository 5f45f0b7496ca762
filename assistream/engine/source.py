"""One call of the model, in a task of its own, so that a model that does not let go holds up nobody."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .models.base import Model, ModelDelta, ModelError, ModelRequest
from .observing.observer import Asked
from .wellformed import Characters, written

_log = logging.getLogger("assistream.engine")

PATIENCE = 1.0
"""Seconds a model gets to let go of its call. After them it is left to itself, and what it yields is not read."""

AT_ONCE = 0.00025
"""Seconds for which a model that waits for nothing may have its deltas taken before others have their turn."""

_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})


@dataclass(frozen=True, slots=True)
class _Over:
    """Nothing more comes: the model has ended, or failed, or its reader was interrupted."""

    error: BaseException | None = None


def _nothing(_: ModelDelta) -> bool:
    return False


class Source:
    """What a model yields, one at a time: it goes on when its last delta was taken.

    ``take_now`` takes what can be taken without waiting, and says whether it did; the reader gets the rest. To wake the
    reader and then the model again for each delta would cost more than all else that is done with one.
    """

    def __init__(
        self,
        model: Model,
        request: ModelRequest,
        asked: Asked | None = None,
        take_now: Callable[[ModelDelta], bool] = _nothing,
    ) -> None:
        self._queue: asyncio.Queue[ModelDelta | _Over] = asyncio.Queue()
        self._characters = Characters()
        self._take_now = take_now
        self._had_turn, self._since = True, 0.0
        self._awaited = self._released = False
        self._asked = asked
        self._task = asyncio.create_task(self._listen(model, request), context=asked.context if asked else None)

    async def next(self) -> ModelDelta | None:
        """None at the end and after an interruption; whatever a model raises is raised as a `ModelError`."""
        self._awaited = True
        try:
            item = await self._queue.get()
        finally:
            self._awaited = False
        self._queue.task_done()
        if not isinstance(item, _Over):
            return item
        if item.error is not None:
            raise _told(item.error) from item.error
        return None

    def interrupt(self) -> None:
        """Wakes the reader, who is to `release` the model."""
        self._awaited = False
        self._queue.put_nowait(_Over())

    async def release(self) -> None:
        """Cancels the call if it goes on; returns when the model has let go, or its time for that is over."""
        self._released = True
        self._task.cancel()
        _, late = await asyncio.wait([self._task], timeout=PATIENCE)
        if late:
            _log.warning("A model does not let go of its call; it is left to itself")

    async def _listen(self, model: Model, request: ModelRequest) -> None:
        error: BaseException | None = None
        try:
            await self._pass_on(model, request)
        except BaseException as caught:  # SystemExit too: whatever a model raises must not reach, and end, the loop
            error = caught
        self._queue.put_nowait(_Over(error))
        if self._asked:
            self._asked.over(error)

    async def _pass_on(self, model: Model, request: ModelRequest) -> None:
        deltas = model.generate(request)
        try:
            async for delta in deltas:
                if self._released:
                    return
                if self._asked:
                    self._asked.take(delta)
                delta = self._characters.whole(delta)
                if not (self._may_take_now() and self._take_now(delta)):
                    self._queue.put_nowait(delta)
                    await self._queue.join()
        finally:
            if aclose := getattr(deltas, "aclose", None):
                await aclose()

    def _may_take_now(self) -> bool:
        """Not while the reader is busy with a delta, or was interrupted; nor when nobody else had a turn for some time,
        as the loop turns only when somebody waits.
        """
        if not self._awaited:
            return False
        if self._had_turn:
            self._had_turn, self._since = False, time.perf_counter()
            asyncio.get_running_loop().call_soon(self._turn)
        return time.perf_counter() - self._since < AT_ONCE

    def _turn(self) -> None:
        self._had_turn = True


async def close(model: object) -> None:
    """Lets a model, or embeddings, close what they opened on this loop; never raises, and never waits for long."""
    aclose = getattr(model, "aclose", None)
    if not inspect.iscoroutinefunction(aclose):
        return
    _, late = await asyncio.wait([asyncio.create_task(_closed(aclose))], timeout=PATIENCE)
    if late:
        _log.warning("A model does not end; what it opened is left to itself")


async def _closed(aclose: Callable[[], Awaitable[object]]) -> None:
    try:
        await aclose()
    except Exception:
        _log.exception("A model failed while it closed what it had opened")


def _told(error: BaseException) -> ModelError:
    if isinstance(error, ModelError):
        return ModelError(error.code if error.code in _CODES else "server_error", written(str(error.message)))
    if isinstance(error, asyncio.CancelledError):
        return ModelError("server_error", "The model cancelled its own call.")
    _log.error("The model failed", exc_info=error)
    return ModelError("server_error", written(f"The model stopped with an error: {type(error).__name__}: {error}"))
