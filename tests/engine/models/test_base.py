from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Iterator
from functools import partial

import anyio
import pytest

from assistream.engine.models import (
    ChatMessage,
    ContentPart,
    Finish,
    ImagePart,
    Model,
    ModelDelta,
    ModelError,
    ModelFunction,
    ModelRequest,
    Rehearsal,
    Scripted,
    TextDelta,
    TextPart,
    as_model,
)
from tests.engine.conftest import ScriptedEngine, path_of
from tests.engine.models.asking import ask

pytestmark = pytest.mark.anyio


async def test_an_async_function_that_returns_text_is_a_model() -> None:
    async def shout(request: ModelRequest) -> str:
        return request.messages[-1].text.upper()

    answer = await ask(as_model(shout), "hello")

    assert answer.deltas == [TextDelta("HELLO"), Finish("stop")]


async def test_an_async_generator_of_deltas_is_a_model() -> None:
    async def count(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for number in range(3):
            yield TextDelta(f"{number} ")
        yield Finish("length")

    answer = await ask(as_model(count), "count")

    assert answer.text == "0 1 2 "
    assert answer.finish == "length"


@pytest.mark.parametrize("model", [Rehearsal(), Scripted([])])
def test_a_model_stays_itself(model: Model) -> None:
    assert as_model(model) is model


def test_the_text_of_parts_leaves_images_out() -> None:
    parts: list[ContentPart] = [
        TextPart("What is this?"),
        ImagePart("https://example.com/cat.png"),
        TextPart("Be brief."),
    ]

    assert ChatMessage("user", parts).text == "What is this?\nBe brief."


def test_an_error_has_a_code_and_reads_as_its_message() -> None:
    error = ModelError("rate_limit_exceeded", "Slow down.")

    assert (error.code, error.message, str(error)) == ("rate_limit_exceeded", "Slow down.", "Slow down.")


async def test_a_plain_function_is_a_model_and_may_block() -> None:
    """It is in a thread of its own: the event loop goes on meanwhile."""
    go_on = threading.Event()

    def wait(request: ModelRequest) -> str:
        go_on.wait(30)
        return request.messages[-1].text.upper()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_set, go_on)
        answer = await ask(as_model(wait), "hello")
        assert answer.deltas == [TextDelta("HELLO"), Finish("stop")]


async def _set(event: threading.Event) -> None:
    event.set()


async def test_a_plain_generator_is_a_model() -> None:
    threads = set[str]()

    def count(request: ModelRequest) -> Iterator[ModelDelta]:
        for number in range(3):
            threads.add(threading.current_thread().name)
            yield TextDelta(f"{number} ")
        yield Finish("length")

    answer = await ask(as_model(count), "count")
    assert (answer.text, answer.finish) == ("0 1 2 ", "length")
    assert threading.current_thread().name not in threads


class Shouter:
    async def __call__(self, request: ModelRequest) -> str:
        return request.messages[-1].text.upper()


async def echo(request: ModelRequest) -> str:
    return request.messages[-1].text.upper()


async def spell(request: ModelRequest) -> AsyncIterator[ModelDelta]:
    for letter in request.messages[-1].text.upper():
        yield TextDelta(letter)
    yield Finish("stop")


def echo_later(request: ModelRequest) -> Awaitable[str]:
    return echo(request)


def spell_later(request: ModelRequest) -> AsyncIterator[ModelDelta]:
    return spell(request)


@pytest.mark.parametrize("function", [Shouter(), partial(echo), partial(spell), echo_later, spell_later])
async def test_what_is_async_in_its_own_way(function: ModelFunction) -> None:
    assert (await ask(as_model(function), "hello")).text == "HELLO"


async def test_a_plain_function_that_fails() -> None:
    def broken(request: ModelRequest) -> str:
        raise ModelError("invalid_prompt", "No.")

    with pytest.raises(ModelError, match=r"No\."):
        await ask(as_model(broken), "hello")


def test_a_function_that_blocks_holds_up_nobody(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()

    def blocking(request: ModelRequest) -> str:
        go_on.wait(30)
        return "late"

    api = scripted_engine(model=blocking)
    first, second = api.run(), api.run()
    while api.get(path_of(first))["status"] == "queued":
        pass
    assert api.post(f"{path_of(first)}/cancel")["status"] == "cancelling"
    assert api.finished(first)["status"] == "cancelled"
    go_on.set()
    assert api.finished(second)["status"] == "completed"
