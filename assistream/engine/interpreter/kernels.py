"""The kernels of an engine, one for each thread that has used its own lately."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from .bubblewrap import Recipe
from .kernel import Kernel
from .sandbox import Sandbox


class Kernels:
    """At most so many at once: a new one takes the place of the one that was idle for longest; while none is idle,
    it is waited for. Nothing of this waits where it gives back what it has, so that no cancellation can keep it.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._most = recipe, recipe.options.kernels
        self._idle: OrderedDict[str, Kernel] = OrderedDict()  # by their threads, the one longest idle first
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._places = asyncio.Semaphore(self._most)
        self._busy = 0
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._all: set[Kernel] = set()
        self._living: set[Sandbox] = set()
        self._spare: Kernel | None = None
        self._forgotten: set[str] = set()  # threads whose kernels, at work, are not to be kept

    @asynccontextmanager
    async def kernel(self, thread_id: str, made: Callable[[Kernel], Awaitable[None]]) -> AsyncGenerator[Kernel]:
        """The thread's own, for one call at a time; ``made`` is awaited with one that is new.

        Raises `Broken` if there is none to be had.
        """
        lock = self._locks.setdefault(thread_id, asyncio.Lock())
        async with lock, self._places:
            self._busy += 1
            try:
                kernel = await self._take(thread_id) or await self._open(made)
                try:
                    yield kernel
                finally:
                    self._put_back(thread_id, kernel)
            finally:
                self._busy -= 1
                self._forgotten.discard(thread_id)

    async def _take(self, thread_id: str) -> Kernel | None:
        kernel = self._leave(thread_id)
        if kernel:
            try:
                await kernel.settled()
            except BaseException:
                self._close(kernel)
                raise
            if kernel.dead:
                self._close(kernel)
                return None
        return kernel

    async def warm(self) -> None:
        """Opens the kernel of whoever is the first to need one; raises `Broken` if that cannot be."""
        self._spare = await Kernel.open(self._recipe, self._living)
        self._all.add(self._spare)

    async def _open(self, made: Callable[[Kernel], Awaitable[None]]) -> Kernel:
        kernel, self._spare = self._spare or await self._new(), None
        self._all.add(kernel)
        try:
            await made(kernel)
        except BaseException:
            self._close(kernel)
            raise
        return kernel

    async def _new(self) -> Kernel:
        while len(self._idle) + self._busy > self._most:
            kernel = self._leave(next(iter(self._idle)))
            if kernel:
                self._close(kernel)
                await kernel.sandbox.over.wait()
        return await Kernel.open(self._recipe, self._living)

    def _put_back(self, thread_id: str, kernel: Kernel) -> None:
        if kernel.dead or thread_id in self._forgotten:
            self._close(kernel)
            return
        self._idle[thread_id] = kernel
        later = asyncio.get_running_loop().call_later
        self._timers[thread_id] = later(self._recipe.options.idle_seconds, self.forget, thread_id)

    def forget(self, thread_id: str) -> None:
        """Ends the thread's kernel: one that is at work, when its call is over."""
        if kernel := self._leave(thread_id):
            self._close(kernel)
        elif (lock := self._locks.get(thread_id)) and lock.locked():
            self._forgotten.add(thread_id)

    def _leave(self, thread_id: str) -> Kernel | None:
        if timer := self._timers.pop(thread_id, None):
            timer.cancel()
        return self._idle.pop(thread_id, None)

    def _close(self, kernel: Kernel) -> None:
        self._all.discard(kernel)
        kernel.close()

    async def close(self) -> None:
        """Returns when all of them are gone; those that are at work are not waited for, but killed."""
        for timer in self._timers.values():
            timer.cancel()
        self._idle.clear()
        kernels = list(self._all)
        for kernel in kernels:
            self._close(kernel)
        for sandbox in list(self._living):  # those, too, that nobody has waited for
            sandbox.close()
            await sandbox.over.wait()
        for kernel in kernels:
            await kernel.settled()
