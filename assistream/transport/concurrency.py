"""The few primitives whose colour matters, both colours side by side: `x` for threads, `async_x` for anyio."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from inspect import isawaitable, iscoroutine
from typing import Any, BinaryIO, TypeVar

import anyio
import anyio.lowlevel

S = TypeVar("S")
T = TypeVar("T")

PACE = 0.002
"""How long one stream may keep the event loop to itself, in seconds: a fifth of what is promised, for where a hundred
have something to say, each waits for ninety-nine turns; and a turn's end costs 10 µs."""

LEFTOVERS = 1 << 20
"""How much a finished body may still hold in buffers before it is dropped without ceremony, in bytes."""


def sleep(seconds: float) -> None:
    time.sleep(seconds)


async def async_sleep(seconds: float) -> None:
    await anyio.sleep(seconds)


def drain(hooks: Generator[object, Any, T]) -> T:
    """Call every hook; what one returns is sent back in, so that a hook may answer a question."""
    answer: Any = None
    while True:
        try:
            answer = hooks.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if answer is not None and isawaitable(answer):
            _refuse(answer, "A hook of a sync handler", "Use AsyncAssistantEventHandler with an async client")


def _refuse(answer: object, who: str, instead: str) -> None:
    if iscoroutine(answer):
        answer.close()  # else Python warns that it was never awaited, which says less than we can
    name = getattr(answer, "__qualname__", type(answer).__name__)
    raise TypeError(
        f"{who} returned an awaitable ({name}), which nothing here can await. {instead}, or make it a plain `def`."
    )


async def async_drain(hooks: Generator[object, Any, T]) -> T:
    """As `drain`; what a hook returned is awaited, if it can be, before the next hook is called."""
    answer: Any = None
    while True:
        try:
            step = hooks.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        answer = await step if step is not None and isawaitable(step) else step


def hook_done(answer: object) -> None:
    """What a hook returned whose answer nobody asked for."""
    if isawaitable(answer):
        _refuse(answer, "A hook of a sync handler", "Use AsyncAssistantEventHandler with an async client")


async def async_hook_done(answer: object) -> None:
    """As `hook_done`; what can be awaited is."""
    if isawaitable(answer):
        await answer


def shielded(seconds: float) -> AbstractContextManager[object]:
    """Nothing cancels a thread, so there is nothing to hold off."""
    return nullcontext()


def async_shielded(seconds: float) -> AbstractContextManager[object]:
    """Hold cancellation off while the body cleans up, but give up on it after so many seconds."""
    return anyio.move_on_after(seconds, shield=True)


def holding_off(seconds: float, perform: Callable[[], T]) -> T:
    """Nothing cancels a thread, so there is nothing to hold off."""
    return perform()


async def async_holding_off(seconds: float, perform: Callable[[], Awaitable[T]]) -> T:
    """What `perform` gives. A cancellation meanwhile is held off so many seconds, that it may still be done."""
    done, results, failures = anyio.Event(), list[T](), list[BaseException]()
    shield = anyio.CancelScope(shield=True)

    async def work() -> None:
        try:
            with shield:
                results.append(await perform())
        except BaseException as error:  # raised below: a task group would wrap it
            failures.append(error)
        done.set()

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        try:
            await done.wait()
        except anyio.get_cancelled_exc_class():
            with anyio.move_on_after(seconds, shield=True):
                await done.wait()
            shield.cancel()
            raise
    if failures:
        raise failures[0]
    return results[0]


def async_soon() -> Callable[[Callable[[], object]], None]:
    """What makes this event loop call something, from any thread and without waiting; nothing when the loop is gone."""
    trio: Any = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        later = trio.lowlevel.current_trio_token().run_sync_soon
    else:
        later = asyncio.get_running_loop().call_soon_threadsafe

    def soon(action: Callable[[], object]) -> None:
        with suppress(RuntimeError):
            later(action)

    return soon


def time_limit(seconds: float, interrupt: Callable[[], None] | None) -> AbstractContextManager[object]:
    """After so many seconds call `interrupt`, once, from another thread; it must make the body return or raise.

    What the body raises then is the caller's to swallow. No timer is left when the block is. None is for a body that
    nothing can interrupt, so that there is nothing to limit.
    """
    return nullcontext() if interrupt is None else _timer(seconds, interrupt)


@contextmanager
def _timer(seconds: float, interrupt: Callable[[], None]) -> Generator[None]:
    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def async_time_limit(seconds: float, interrupt: Callable[[], None] | None) -> AbstractContextManager[object]:
    """Leave the body after so many seconds; `interrupt` is for threads, a task is simply cancelled."""
    return anyio.move_on_after(seconds)


def finish(chunks: Iterator[bytes]) -> None:
    """Close an iterator over a body that need not be at its end."""
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


async def async_finish(chunks: AsyncIterator[bytes]) -> None:
    """Close an iterator over a body that need not be at its end.

    httpx's is five async generators, each inside the next. Closing the outer one leaves the others to the garbage
    collector, which trio reports as a leak. A read that is cancelled at once unwinds them all, in order.
    """
    with anyio.CancelScope() as scope:
        scope.cancel()
        seen = 0
        async for chunk in chunks:
            seen += len(chunk)
            if seen > LEFTOVERS:
                break


def key_to_send(given: str | Callable[[], object] | None) -> str | None:
    """The key to send now: what was given, or what the function that was given says."""
    answer = given() if callable(given) else given
    if isawaitable(answer):
        _refuse(answer, "The api_key of a sync client was a function that", "Use an async client")
    return str(answer) if answer else None


async def async_key_to_send(given: str | Callable[[], object] | None) -> str | None:
    answer = given() if callable(given) else given
    if isawaitable(answer):
        answer = await answer
    return str(answer) if answer else None


def answered(returned: object) -> object:
    """What a function of the program has returned, which has to be final."""
    if isawaitable(returned):
        _refuse(returned, "A function given to a sync client", "Use an async client")
    return returned


async def async_answered(returned: object) -> object:
    """As `answered`; what can be awaited is."""
    return await returned if isawaitable(returned) else returned


def in_parallel(perform: Callable[[S], T], items: Sequence[S], at_once: int) -> list[T]:
    """What `perform` gives for each item, in their order, with so many of them `at_once`.

    After the first that fails no other is begun; it is raised when those under way have ended.
    """
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="assistream")
    try:
        futures = [pool.submit(perform, item) for item in items]
        for future in wait(futures, return_when=FIRST_EXCEPTION).done:
            future.result()
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)


async def async_in_parallel(perform: Callable[[S], Awaitable[T]], items: Sequence[S], at_once: int) -> list[T]:
    """As `in_parallel`; those under way are cancelled when one fails."""
    limit = anyio.Semaphore(at_once)
    results: dict[int, T] = {}
    failed: list[Exception] = []

    async def one(place: int, item: S) -> None:
        try:
            results[place] = await perform(item)
        except Exception as exc:  # raised below: a task group would wrap it
            failed.append(exc)
            group.cancel_scope.cancel()
        finally:
            limit.release()

    async with anyio.create_task_group() as group:
        for place, item in enumerate(items):
            await limit.acquire()
            group.start_soon(one, place, item)
    if failed:
        raise failed[0]
    return [results[place] for place in range(len(items))]


def file_to_write(path: str | os.PathLike[str]) -> BinaryIO:
    return open(path, "wb")


async def async_file_to_write(path: str | os.PathLike[str]) -> anyio.AsyncFile[bytes]:
    return await anyio.open_file(path, "wb")


class Pacer:
    """Threads are scheduled by the system: never due."""

    def due(self) -> bool:
        return False

    soon_due = due

    def pause(self) -> None:
        """Nothing to do."""


class AsyncPacer:
    """Keeps a busy stream from starving its event loop: ``if pacer.due(): await pacer.pause()``."""

    __slots__ = ("_paused_at",)

    def __init__(self) -> None:
        self._paused_at = time.perf_counter()

    def due(self) -> bool:
        return time.perf_counter() - self._paused_at >= PACE

    def soon_due(self) -> bool:
        """Whether a pause is better made now, with nothing in hand, than in the middle of what is about to be read."""
        return time.perf_counter() - self._paused_at >= PACE / 2

    async def pause(self) -> None:
        await anyio.lowlevel.checkpoint()
        self._paused_at = time.perf_counter()
