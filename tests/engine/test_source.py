"""Models that do not behave: whatever they raise fails their run, and none of them holds up anybody."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import suppress
from typing import Any

import pytest

from assistream.engine import Engine, ModelError, ModelRequest, Scripted, as_model, pauses
from assistream.engine.models import Finish, ModelDelta, TextDelta
from assistream.engine.source import Source
from tests.engine.conftest import Api, ScriptedEngine, names, path_of
from tests.engine.test_leg import BEGUN, MESSAGE, assert_free, cancelled_while_streaming


class Deaf:
    """Goes on until it is told to stop, whatever is done to its task."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        if self.may_end.is_set():
            yield TextDelta("Hello")
            yield Finish("stop")
            return
        yield TextDelta("Half of")
        while not self.may_end.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
        yield TextDelta(" never read")


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Generator[Deaf]:
    monkeypatch.setattr("assistream.engine.source.PATIENCE", 0.1)
    model = Deaf()
    yield model
    model.may_end.set()


@pytest.mark.parametrize(
    "raised",
    [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), BaseExceptionGroup("x", [KeyboardInterrupt()])],
    ids=lambda raised: type(raised).__name__,
)
def test_no_exception_ends_the_engine(scripted_engine: ScriptedEngine, raised: BaseException) -> None:
    async def model(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        if len(request.messages) > 2:
            yield Finish("stop")
        yield TextDelta("Half of")
        raise raised

    api = scripted_engine(model=model)
    events = api.run_stream()
    assert names(events) == [*BEGUN, *MESSAGE, "message.incomplete", "run.step.failed", "run.failed"]
    assert type(raised).__name__ in events[-1].data["last_error"]["message"]
    api.post(f"/threads/{events[-1].data['thread_id']}/messages", {"role": "user", "content": "Again"})


def test_what_is_no_stream(scripted_engine: ScriptedEngine) -> None:
    class Listing:
        def generate(self, request: ModelRequest) -> list[ModelDelta]:
            return [TextDelta("a")]

    events = scripted_engine(model=Listing()).run_stream()  # type: ignore[arg-type]  # a mistake people make
    assert names(events) == [*BEGUN, "run.failed"]
    assert "TypeError" in events[-1].data["last_error"]["message"]


def test_an_error_with_a_code_of_its_own(scripted_engine: ScriptedEngine) -> None:
    async def model(request: ModelRequest) -> str:
        raise ModelError("context_length_exceeded", "Too long.")  # type: ignore[arg-type]  # a mistake people make

    error = scripted_engine(model=model).run_stream()[-1].data["last_error"]
    assert error == {"code": "server_error", "message": "Too long."}


def test_cancelling_does_not_wait_for_the_model(scripted_engine: ScriptedEngine, deaf: Deaf) -> None:
    events = cancelled_while_streaming(api := scripted_engine(model=deaf))
    assert names(events)[-4:] == ["run.cancelling", "message.incomplete", "run.step.cancelled", "run.cancelled"]
    assert "never read" not in str(events)
    deaf.may_end.set()
    assert_free(api, events[-1].data)


def test_a_run_is_cancelling_while_its_model_gets_time_to_let_go(
    scripted_engine: ScriptedEngine, deaf: Deaf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistream.engine.source.PATIENCE", math.inf)
    api = scripted_engine(model=deaf)
    run = api.run()
    while not api.get(f"{path_of(run)}/steps")["data"]:
        pass
    assert api.post(f"{path_of(run)}/cancel")["status"] == "cancelling"
    assert api.get(path_of(run))["status"] == "cancelling"
    deaf.may_end.set()
    assert api.finished(run)["status"] == "cancelled"


def test_expiry_does_not_wait_for_the_model(scripted_engine: ScriptedEngine, deaf: Deaf) -> None:
    events = scripted_engine(model=deaf, run_ttl=1).run_stream()
    assert names(events)[-3:] == ["message.incomplete", "run.step.expired", "run.expired"]


def test_deleting_a_thread_does_not_wait_for_the_model(scripted_engine: ScriptedEngine, deaf: Deaf) -> None:
    api = scripted_engine(model=deaf)
    run = api.run()
    assert api.delete(f"/threads/{run['thread_id']}")["deleted"]


def test_closing_does_not_wait_for_the_model(
    connect: Callable[[Engine], Api], deaf: Deaf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistream.engine.server.PATIENCE", 0.1)
    # asyncio mentions a task that was left to itself when it is collected, which may be in the middle of another test.
    caplog.set_level(logging.CRITICAL, "asyncio")
    engine = Engine(model=deaf).start()
    api = connect(engine)
    run = api.run()
    while not api.get(f"{path_of(run)}/steps")["data"]:
        pass
    engine.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "assistream-engine"]
    del engine
    gc.collect()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_model_is_not_asked_ahead_of_its_reader() -> None:
    yielded: list[int] = []

    async def count(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for number in range(3):
            yielded.append(number)
            yield TextDelta(str(number))

    source = Source(as_model(count), ModelRequest("any", []))
    await asyncio.sleep(0.01)
    assert yielded == [0]
    assert await source.next() == TextDelta("0")
    await source.release()
    assert yielded in ([0], [0, 1])


class Counting:
    """Yields its numbers at once, but those for which it waits."""

    def __init__(self, count: int, waits_for: int = -1) -> None:
        self._count, self._waits_for = count, waits_for
        self.may_go_on = asyncio.Event()
        self.taken: list[str] = []

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for number in range(self._count):
            if number == self._waits_for:
                await self.may_go_on.wait()
            yield TextDelta(str(number))

    def take_now(self, delta: ModelDelta) -> bool:
        assert isinstance(delta, TextDelta)
        self.taken.append(delta.text)
        return True

    def source(self) -> Source:
        return Source(self, ModelRequest("any", []), None, self.take_now)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize(("seconds", "taken"), [(math.inf, ["0", "1", "2"]), (0.0, [])])
async def test_what_can_be_taken_at_once_is_for_some_time(
    monkeypatch: pytest.MonkeyPatch, seconds: float, taken: list[str]
) -> None:
    monkeypatch.setattr("assistream.engine.source.AT_ONCE", seconds)
    source = (model := Counting(3)).source()
    rest: list[ModelDelta] = []
    while (delta := await source.next()) is not None:
        rest.append(delta)
    assert model.taken == taken
    assert rest == [TextDelta(number) for number in ("0", "1", "2") if number not in taken]
    await source.release()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_nothing_is_taken_past_a_reader_who_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.source.AT_ONCE", math.inf)
    source = (model := Counting(3)).source()
    await asyncio.sleep(0.01)  # nobody reads yet
    assert await source.next() == TextDelta("0")
    await asyncio.sleep(0.01)
    assert model.taken == []
    assert await source.next() == TextDelta("1")
    assert await source.next() is None
    assert model.taken == ["2"]
    await source.release()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_nothing_is_taken_after_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.source.AT_ONCE", math.inf)
    source = (model := Counting(3, waits_for=1)).source()
    await asyncio.sleep(0.01)  # nobody reads yet
    assert await source.next() == TextDelta("0")
    reading = asyncio.create_task(source.next())
    await asyncio.sleep(0.01)
    model.may_go_on.set()
    source.interrupt()
    assert await reading is None
    await asyncio.sleep(0.01)
    assert model.taken == []
    await source.release()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_nothing_is_taken_for_a_reader_who_was_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.source.AT_ONCE", math.inf)
    source = (model := Counting(3, waits_for=0)).source()
    reading = asyncio.create_task(source.next())
    await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait([reading])
    model.may_go_on.set()
    await asyncio.sleep(0.01)
    assert model.taken == []
    await source.release()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_model_that_never_waits_leaves_others_their_turn() -> None:
    stopped = False

    async def endless(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        while not stopped:
            yield TextDelta("x")

    async def read() -> None:
        while await source.next() is not None:
            pass

    source = Source(as_model(endless), ModelRequest("any", []), None, lambda _: True)
    reading = asyncio.create_task(read())
    for _ in range(10):
        await asyncio.sleep(0)
    stopped = True
    await reading
    await source.release()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_an_interruption_wakes_the_reader() -> None:
    source = Source(model := Scripted([pauses(math.inf)]), ModelRequest("any", []))
    reading = asyncio.create_task(source.next())
    await asyncio.sleep(0)
    source.interrupt()
    assert await reading is None
    await source.release()
    assert model.answering == 0


class Closing:
    """A model that is told when an engine stops."""

    def __init__(self, close: Callable[[], Awaitable[None]]) -> None:
        self._close = close
        self.closed = 0

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield Finish("stop")

    async def aclose(self) -> None:
        self.closed += 1
        await self._close()


async def nothing() -> None: ...


async def failing() -> None:
    raise RuntimeError("cannot close")


async def for_ever() -> None:
    await asyncio.sleep(1000)


@pytest.mark.parametrize("close", [nothing, failing, for_ever])
def test_models_are_told_when_an_engine_stops(
    close: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistream.engine.source.PATIENCE", 0.05)
    model = Closing(close)
    for number in (1, 2):
        with Engine(model=model):
            assert model.closed == number - 1
        assert model.closed == number


def test_a_model_with_another_kind_of_aclose_is_left_alone() -> None:
    class Other(Closing):
        aclose: Any = None

    with Engine(model=Other(nothing)) as engine:
        assert engine.base_url
