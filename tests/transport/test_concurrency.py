"""The tests of both colours stand side by side, as the primitives do."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Generator

import anyio
import pytest

from assistream.transport import concurrency
from assistream.transport.concurrency import (
    AsyncPacer,
    Pacer,
    answered,
    async_answered,
    async_drain,
    async_finish,
    async_holding_off,
    async_in_parallel,
    async_shielded,
    async_sleep,
    async_soon,
    async_time_limit,
    drain,
    finish,
    holding_off,
    in_parallel,
    shielded,
    sleep,
    time_limit,
)


def question(hook: Callable[[], object], log: list[object]) -> Generator[object, object, str]:
    log.append((yield hook()))
    log.append((yield None))
    return "result"


def test_drain_sends_answers_back() -> None:
    log: list[object] = []
    assert drain(question(lambda: "answer", log)) == "result"
    assert log == ["answer", None]


def test_drain_refuses_a_coroutine_and_closes_it() -> None:
    async def on_text_delta() -> None: ...

    # A coroutine that was only dropped would warn, and every warning is an error here.
    with pytest.raises(TypeError, match=r"on_text_delta\), .* AsyncAssistantEventHandler"):
        drain(question(on_text_delta, []))


@pytest.mark.anyio
async def test_async_drain_awaits_what_can_be_awaited() -> None:
    log: list[object] = []

    async def hook() -> str:
        await anyio.lowlevel.checkpoint()
        log.append("awaited")
        return "answer"

    assert await async_drain(question(hook, log)) == "result"
    assert log == ["awaited", "answer", None]


@pytest.mark.anyio
async def test_async_drain_takes_plain_values_too() -> None:
    log: list[object] = []
    await async_drain(question(lambda: 3, log))
    assert log == [3, None]


def test_sleep_returns() -> None:
    sleep(0)
    with shielded(1):
        sleep(0)


@pytest.mark.anyio
async def test_shielded_holds_cancellation_off() -> None:
    done: list[bool] = []
    with anyio.CancelScope() as scope:
        scope.cancel()
        with async_shielded(5):
            await async_sleep(0.001)
            done.append(True)
    assert done


@pytest.mark.anyio
async def test_shielded_gives_up() -> None:
    with async_shielded(0.001):
        await anyio.sleep_forever()


def test_holding_off_has_nothing_to_hold_off() -> None:
    assert holding_off(5, lambda: 42) == 42


@pytest.mark.anyio
async def test_holding_off_gives_what_there_is() -> None:
    async def work() -> int:
        await async_sleep(0.001)
        return 42

    async def fail() -> int:
        raise LookupError("mine")

    assert await async_holding_off(5, work) == 42
    with pytest.raises(LookupError, match="mine"):
        await async_holding_off(5, fail)


@pytest.mark.anyio
async def test_holding_off_waits_for_work_that_is_soon_done() -> None:
    done: list[bool] = []

    async def work() -> None:
        await async_sleep(0.05)
        done.append(True)

    with anyio.move_on_after(0.001) as scope:
        await async_holding_off(5, work)
    assert scope.cancelled_caught
    assert done


@pytest.mark.anyio
async def test_holding_off_gives_up() -> None:
    with anyio.move_on_after(0.001) as scope:
        await async_holding_off(0.01, anyio.sleep_forever)
    assert scope.cancelled_caught


def test_time_limit_interrupts_once_and_leaves_no_timer() -> None:
    interrupted = threading.Event()
    before = threading.active_count()
    with time_limit(0.001, interrupted.set):
        assert interrupted.wait(5)
    assert threading.active_count() == before


def test_nothing_is_timed_that_nothing_could_interrupt() -> None:
    before = threading.active_count()
    with time_limit(60, None):
        assert threading.active_count() == before


def test_time_limit_lets_a_quick_body_be() -> None:
    interrupted = threading.Event()
    before = threading.active_count()
    with pytest.raises(KeyError), time_limit(60, interrupted.set):
        raise KeyError
    assert not interrupted.is_set()
    assert threading.active_count() == before


@pytest.mark.anyio
async def test_async_time_limit_leaves_the_body() -> None:
    with async_time_limit(0.001, lambda: pytest.fail("tasks are cancelled, not interrupted")):
        await anyio.sleep_forever()


def test_finish_closes_a_generator_and_leaves_others_alone() -> None:
    closed: list[bool] = []

    def chunks() -> Generator[bytes]:
        try:
            yield b"a"
        finally:
            closed.append(True)

    body = chunks()
    next(body)
    finish(body)
    finish(iter([b"a"]))
    assert closed == [True]


@pytest.mark.anyio
async def test_async_finish_unwinds_generators_inside_generators() -> None:
    log: list[str] = []

    async def inner() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            await anyio.sleep_forever()
        finally:
            log.append("inner")

    async def outer() -> AsyncIterator[bytes]:
        try:
            async for chunk in inner():
                yield chunk
        finally:
            log.append("outer")

    body = outer()
    await body.__anext__()
    await async_finish(body)
    assert log == ["inner", "outer"]


@pytest.mark.anyio
async def test_async_finish_does_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "LEFTOVERS", 10)
    seen: list[bytes] = []

    class Endless:
        def __aiter__(self) -> Endless:
            return self

        async def __anext__(self) -> bytes:
            seen.append(b"abc")
            return b"abc"

    await async_finish(Endless())
    assert len(seen) == 4


def test_a_thread_is_never_due() -> None:
    pacer = Pacer()
    pacer.pause()
    assert not pacer.due()


@pytest.mark.anyio
async def test_a_task_is_due_after_its_turn_and_lets_others_have_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    pacer = AsyncPacer()
    monkeypatch.setattr(concurrency, "PACE", 60)
    assert not pacer.due()
    monkeypatch.setattr(concurrency, "PACE", 0)
    assert pacer.due()
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    async with anyio.create_task_group() as group:
        group.start_soon(other)
        while not turns:
            await pacer.pause()
    assert turns == ["other"]


async def said() -> str:
    return "said"


def test_what_a_function_of_the_program_returned() -> None:
    assert answered(3) == 3
    with pytest.raises(TypeError, match=r"said\), which nothing here can await\. Use an async client"):
        answered(said())


@pytest.mark.anyio
async def test_in_async_programs_it_may_be_awaited() -> None:
    assert (await async_answered(3), await async_answered(said())) == (3, "said")


def test_in_parallel_keeps_the_order_and_the_limit() -> None:
    meeting = threading.Barrier(2)  # passed by two at a time, and never by one alone

    def double(number: int) -> int:
        meeting.wait(5)
        return 2 * number

    assert in_parallel(double, [1, 2, 3, 4], 2) == [2, 4, 6, 8]
    assert in_parallel(double, [], 2) == []


def test_in_parallel_begins_nothing_after_a_failure() -> None:
    begun: list[int] = []

    def fail(number: int) -> None:
        begun.append(number)
        raise LookupError(number)

    with pytest.raises(LookupError):
        in_parallel(fail, range(100), 1)
    assert len(begun) < 100


@pytest.mark.anyio
async def test_async_in_parallel_keeps_the_order_and_the_limit() -> None:
    under_way: list[int] = []
    most: list[int] = []

    async def double(number: int) -> int:
        under_way.append(number)
        most.append(len(under_way))
        await anyio.sleep(0.001)
        under_way.remove(number)
        return 2 * number

    assert await async_in_parallel(double, [1, 2, 3, 4], 2) == [2, 4, 6, 8]
    assert max(most) == 2
    assert await async_in_parallel(double, [], 2) == []


@pytest.mark.anyio
async def test_async_in_parallel_cancels_the_others_when_one_fails() -> None:
    ended: list[int] = []

    async def fail_the_first(number: int) -> None:
        try:
            if number == 0:
                raise LookupError(number)
            await anyio.sleep_forever()
        finally:
            ended.append(number)

    with pytest.raises(LookupError):
        await async_in_parallel(fail_the_first, [0, 1], 2)
    assert 0 in ended


@pytest.mark.anyio
async def test_async_in_parallel_can_be_cancelled() -> None:
    async def wait(number: int) -> None:
        await anyio.sleep_forever()

    with anyio.move_on_after(0.01) as scope:
        await async_in_parallel(wait, [1, 2], 2)
    assert scope.cancelled_caught


@pytest.mark.anyio
async def test_async_soon_calls_from_any_thread() -> None:
    soon, called, places = async_soon(), anyio.Event(), list[int]()

    def action() -> None:
        places.append(threading.get_ident())
        called.set()

    thread = threading.Thread(target=soon, args=(action,))
    thread.start()
    await called.wait()
    thread.join()
    assert places == [threading.get_ident()]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_soon_of_a_loop_that_is_gone_does_nothing(backend: str) -> None:
    async def main() -> Callable[[Callable[[], object]], None]:
        return async_soon()

    def never() -> None:
        raise AssertionError

    anyio.run(main, backend=backend)(never)
