"""One call of the model, in a task of its own, so that a model that does not let go holds up nobody."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .models.base import Model, ModelDelta, ModelError, ModelRequest
from .observing.observer import Asked
from .wellformed import Characters, written

_log = logging.getLogger("assistream.engine")

PATIENCE = 1.0
"""Seconds a model gets to let go of its call. After them it is left to itself, and what it yields is not read."""

_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})


@dataclass(frozen=True, slots=True)
class _Over:
    """Nothing more comes: the model has ended, or failed, or its reader was interrupted."""

    error: BaseException | None = None


class Source:
    """What a model yields, one at a time: it goes on when its last delta was taken."""

    def __init__(self, model: Model, request: ModelRequest, asked: Asked | None = None) -> None:
        self._queue: asyncio.Queue[ModelDelta | _Over] = asyncio.Queue()
        self._characters = Characters()
        self._released = False
        self._asked = asked
        self._task = asyncio.create_task(self._listen(model, request), context=asked.context if asked else None)

    async def next(self) -> ModelDelta | None:
        """None at the end and after an interruption; whatever a model raises is raised as a `ModelError`."""
        item = await self._queue.get()
        self._queue.task_done()
        if not isinstance(item, _Over):
            return self._characters.whole(item)
        if item.error is not None:
            raise _told(item.error) from item.error
        return None

    def interrupt(self) -> None:
        """Wakes the reader, who is to `release` the model."""
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
                self._queue.put_nowait(delta)
                await self._queue.join()
        finally:
            if aclose := getattr(deltas, "aclose", None):
                await aclose()


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
