"""Where functions are run: in threads, or as tasks. Both colours side by side."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextvars import copy_context
from inspect import isawaitable
from typing import Any, Final, cast

import anyio
import anyio.abc

from ..errors import ConfigurationError
from ..transport.concurrency import answered, async_soon
from .daemons import in_daemon
from .functions import FunctionTool
from .results import render
from .work import PROGRESS, News, Outcome, Progress, Work, thread_name, timed_out

THREADS: Final = 40
"""How many plain functions of one async stream are run at a time; those given up count until they return."""


LOOK_UP: Final = 0.5
"""Seconds after which a waiting thread looks up: a Ctrl-C just before it begins to wait would not wake it."""


class Workers:
    """A thread for each function; one that is alone and has no timeout is run by whoever waits for it.

    A thread cannot be stopped: one that is given up is told so (`ToolContext.cancelled`); what it returns is dropped.
    """

    def __init__(self, hear: Callable[[Progress], object]) -> None:
        self._hear = hear
        self._progress: deque[Progress] = deque(maxlen=PROGRESS)
        self._outcomes: deque[Outcome] = deque()
        self._deadlines: dict[Work, float] = {}  # of what is being run
        self._inline: Work | None = None
        self._reader = 0
        self._failure: Exception | None = None
        self._changed = threading.Condition()
        self._stopped = False

    @staticmethod
    def check(tools: Iterable[FunctionTool[..., Any]]) -> None:
        for tool in tools:
            if tool.is_async:
                raise ConfigurationError(
                    f"{tool.name} is an async function, which a sync client cannot await. "
                    "Make it a plain `def`, or use AsyncClient."
                )

    def enter(self) -> None:
        """Nothing to do."""

    def start(self, work: Work) -> None:
        self._deadlines[work] = math.inf if work.timeout is None else time.monotonic() + work.timeout
        if work.inline:
            self._inline = work
            return
        run = copy_context().run
        threading.Thread(target=run, args=(self._perform, work), name=thread_name(work), daemon=True).start()

    def next(self) -> News | None:
        """What happens next; None when stopped."""
        if self._inline is not None and not self._stopped:
            work, self._inline, self._reader = self._inline, None, threading.get_ident()
            self._perform(work)
            self._reader = 0
        if self._failure is not None:
            raise self._failure
        with self._changed:
            while not (self._stopped or self._progress or self._outcomes):
                soonest = min(self._deadlines, key=self._deadlines.__getitem__)
                left = self._deadlines[soonest] - time.monotonic()
                if left <= 0:
                    return self._give_up(soonest)
                self._changed.wait(min(left, LOOK_UP))
            return None if self._stopped else self._progress.popleft() if self._progress else self._outcomes.popleft()

    def _perform(self, work: Work) -> None:
        try:
            outcome = Outcome(work.call, render(answered(work.perform())))
        except BaseException as error:  # it is the reader's
            outcome = Outcome(work.call, error=error)
        with self._changed:
            work.cancelled = True
            if self._deadlines.pop(work, None) is not None:
                self._outcomes.append(outcome)
            self._changed.notify_all()

    def _give_up(self, work: Work) -> Outcome:
        work.cancelled = True
        del self._deadlines[work]
        return timed_out(work)

    def progress(self, work: Work, message: str) -> None:
        """From any thread. Whoever runs a function himself hears it at once; it cannot be read before that returns."""
        told = threading.get_ident() == self._reader
        if told and not work.cancelled:
            try:
                self._hear(Progress(work.call, message))
            except Exception as error:  # a hook's, and none of the function's business
                self._failure = error
        with self._changed:
            if not work.cancelled:
                self._progress.append(Progress(work.call, message, told))
                self._changed.notify_all()

    def stop(self) -> None:
        """Give up what is being run, and wake who waits. From any thread."""
        with self._changed:
            self._stopped = True
            for work in self._deadlines:
                work.cancelled = True
            self._deadlines.clear()
            self._changed.notify_all()

    def leave(self) -> None:
        """Nobody waits for threads that were given up."""


class AsyncWorkers:
    """A task for each function, in a group that is entered with the stream; plain functions have threads besides."""

    def __init__(self, hear: Callable[[Progress], object]) -> None:
        self._scopes: dict[Work, anyio.CancelScope] = {}  # of what is being run
        self._group: anyio.abc.TaskGroup | None = None
        self._changed: anyio.Event | None = None
        self._stopped = False

    @staticmethod
    def check(tools: Iterable[FunctionTool[..., Any]]) -> None:
        """Any function will do."""

    async def enter(self) -> None:
        """Before anything is started. Most streams have no functions, and keep none of this."""
        self._progress: deque[Progress] = deque(maxlen=PROGRESS)
        self._outcomes: deque[Outcome] = deque()
        self._limiter = anyio.CapacityLimiter(THREADS)
        self._home, self._soon = threading.get_ident(), async_soon()
        group = anyio.create_task_group()
        await group.__aenter__()
        self._group = group

    def start(self, work: Work) -> None:
        self._scopes[work] = anyio.CancelScope()
        cast("anyio.abc.TaskGroup", self._group).start_soon(self._perform, work)

    async def next(self) -> News | None:
        """What happens next; None when stopped."""
        while not (self._stopped or self._progress or self._outcomes):
            self._changed = anyio.Event()
            await self._changed.wait()
        return None if self._stopped else self._progress.popleft() if self._progress else self._outcomes.popleft()

    async def _perform(self, work: Work) -> None:
        outcome: Outcome | None = None
        try:
            with self._scopes[work], anyio.move_on_after(work.timeout) as limit:
                outcome = await self._outcome(work)
            if outcome is None and limit.cancelled_caught:
                outcome = timed_out(work)
        finally:
            work.cancelled = True
            del self._scopes[work]
            if outcome is not None:
                self._outcomes.append(outcome)
            self._wake()

    async def _outcome(self, work: Work) -> Outcome:
        try:
            if work.is_async:
                result = await cast("Awaitable[object]", work.perform())
            else:
                result = await in_daemon(work.perform, thread_name(work), self._limiter)
                result = await result if isawaitable(result) else result
            return Outcome(work.call, render(result))
        except anyio.get_cancelled_exc_class() as error:
            if anyio.current_effective_deadline() == -math.inf:
                raise
            # Nobody has cancelled it: it has waited for something that was.
            told = RuntimeError("it waited for something that was cancelled")
            told.__cause__ = error
            return Outcome(work.call, error=told)
        except BaseException as error:  # it is the reader's, never the group's
            return Outcome(work.call, error=error)

    def progress(self, work: Work, message: str) -> None:
        """From any thread."""
        if not work.cancelled:
            self._progress.append(Progress(work.call, message))
            self._anywhere(self._wake)

    def stop(self) -> None:
        """Give up what is being run, and wake who waits. From any thread."""
        self._stopped = True
        for work in list(self._scopes):
            work.cancelled = True
        if self._group is not None:
            self._anywhere(self._cancel)

    async def leave(self) -> None:
        """Wait until no task is left. The group raises nothing of its own then."""
        if self._group is None:
            return
        self.stop()
        group, self._group = self._group, None
        try:
            with anyio.CancelScope(shield=True):
                while self._scopes:
                    self._changed = anyio.Event()
                    await self._changed.wait()
        finally:
            await group.__aexit__(None, None, None)

    def _cancel(self) -> None:
        for scope in self._scopes.values():
            scope.cancel()
        self._wake()

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()

    def _anywhere(self, action: Callable[[], None]) -> None:
        if threading.get_ident() == self._home:
            action()
        else:
            self._soon(action)
