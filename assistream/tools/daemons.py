"""Plain functions beside an event loop: each in a thread that nobody has to wait for, not even when Python ends."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, TypeVar

import anyio

from ..transport.concurrency import async_soon

T = TypeVar("T")


async def in_daemon(perform: Callable[[], T], name: str, limiter: anyio.CapacityLimiter) -> T:
    """What `perform` gives. Cancelled, it leaves the thread to itself, which counts for the limiter until it returns.

    anyio's own threads are joined when the interpreter ends: one function that hangs would keep a process from ending.
    """
    results, failures = list[T](), list[BaseException]()
    ended, soon, borrower = anyio.Event(), async_soon(), object()

    def work() -> None:
        try:
            results.append(perform())
        except BaseException as error:  # raised below
            failures.append(error)
        finally:
            soon(end)

    def end() -> None:
        limiter.release_on_behalf_of(borrower)
        ended.set()

    await limiter.acquire_on_behalf_of(borrower)
    try:
        threading.Thread(target=_context().run, args=(work,), name=name, daemon=True).start()
    except BaseException:
        limiter.release_on_behalf_of(borrower)
        raise
    await ended.wait()
    if failures:
        raise failures[0]
    return results[0]


def _context() -> Context:
    """The caller's context, in which no event loop runs: the function may begin one of its own."""
    context = copy_context()
    sniffio: Any = sys.modules.get("sniffio")
    if sniffio is not None:
        context.run(sniffio.current_async_library_cvar.set, None)
    return context
