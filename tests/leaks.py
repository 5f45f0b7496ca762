"""A pytest plugin: a test that leaves a thread, a file descriptor or a task behind fails.

What is compared. Threads and descriptors are listed before the first fixture of a test is set up, and again after the
last one is torn down, so whatever a test and its own fixtures open they must close. What the *set-up* of a fixture of
a wider scope opens (an engine shared by a module) is its own: it may stay. Such a fixture must therefore open what it
needs at once, by a first request if it comes to that, and not lazily in the middle of somebody's test.

Tasks are counted inside an asynchronous test, because the loop cancels leftovers silently when it is closed. Trio has
no tasks outside a nursery, and so none to leave behind.

Something may look left behind when it is only late (the other end of a socket that was just closed) or not collected
yet. It gets a moment before it counts; a test that leaves nothing behind never waits.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import os
import threading
import time
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import pytest

PATIENCE = 200  # moments of 10 ms

# Idle threads that anyio and trio keep for the next piece of blocking work.
CACHED_THREADS = ("AnyIO worker thread", "Trio thread")

BEFORE = pytest.StashKey[set[str]]()
LASTING = pytest.StashKey[set[str]]()


def open_things() -> set[str]:
    """A name for each thread that runs and each descriptor that is open now."""
    threads = {
        f"thread {thread.name!r} ({thread.ident})"
        for thread in threading.enumerate()
        if not thread.name.startswith(CACHED_THREADS)
    }
    return threads | _descriptors()


def _descriptors() -> set[str]:
    """Linux only; elsewhere ResourceWarning has to do."""
    found: set[str] = set()
    try:
        numbers = os.listdir("/proc/self/fd")
    except FileNotFoundError:
        return found
    for number in numbers:
        try:
            found.add(f"descriptor {number} of {os.readlink(f'/proc/self/fd/{number}')}")
        except FileNotFoundError:  # the one that listed the directory
            continue
    return found


def left_behind(known: set[str]) -> set[str]:
    """What is open beyond `known`, after a moment to go away by itself."""
    left = open_things() - known
    for moment in range(PATIENCE):
        if not left:
            break
        if moment == 1:
            gc.collect()
        time.sleep(0.01)
        left = open_things() - known
    return left


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    item.stash[BEFORE] = open_things()
    yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    yield
    lasting = item.config.stash.setdefault(LASTING, set())
    left = left_behind(item.stash[BEFORE] | lasting)
    if left:
        pytest.fail("left behind: " + ", ".join(sorted(left)), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    if fixturedef.scope == "function":
        return (yield)
    before = open_things()
    try:
        return (yield)
    finally:
        request.config.stash.setdefault(LASTING, set()).update(open_things() - before)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    test = pyfuncitem.obj
    # Hypothesis calls the test through a wrapper of its own, which must stay.
    if inspect.iscoroutinefunction(test) and not hasattr(test, "hypothesis"):
        pyfuncitem.obj = _counting_tasks(test)
    return (yield)


def _counting_tasks(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def counted(**fixtures: Any) -> None:
        before = _tasks()
        await test(**fixtures)
        for _ in range(10):  # a task that was cancelled last needs a turn or two to end
            if not _tasks() - before:
                return
            await asyncio.sleep(0)
        names = sorted(repr(task.get_coro()) for task in _tasks() - before)
        pytest.fail("left behind: " + ", ".join(names), pytrace=False)

    return counted


def _tasks() -> set[asyncio.Task[Any]]:
    try:
        return asyncio.all_tasks()
    except RuntimeError:  # not on asyncio
        return set()
