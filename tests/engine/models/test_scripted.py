from __future__ import annotations

import json
import math
import threading
from collections.abc import AsyncGenerator, Callable
from typing import cast

import anyio
import pytest
from anyio.lowlevel import checkpoint

from assistream.engine.models import (
    Finish,
    ModelDelta,
    ModelError,
    ModelRequest,
    Scripted,
    TextDelta,
    ToolCallDelta,
    Turn,
    UsageDelta,
    breaks_off,
    call,
    calls,
    crashes,
    fails,
    pauses,
    refuses,
    says,
    uses,
    waits_for,
)
from assistream.engine.models.scripted import Aside
from tests.engine.models.asking import ask

pytestmark = pytest.mark.anyio


async def test_a_string_is_said_word_by_word() -> None:
    answer = await ask(Scripted(["It rains in Oslo."]), "?")

    assert answer.deltas == [*map(TextDelta, ["It", " rains", " in", " Oslo."]), Finish("stop")]


async def test_a_list_is_said_in_its_pieces() -> None:
    answer = await ask(Scripted([says(["It ra", "ins in Oslo."], usage=(7, 2), finish="length")]), "?")

    assert answer.deltas == [TextDelta("It ra"), TextDelta("ins in Oslo."), UsageDelta(7, 2), Finish("length")]


async def test_a_call_opens_with_id_and_name_and_goes_on_with_arguments() -> None:
    answer = await ask(Scripted([call("add", {"a": 1}, id="call_1", size=3)]), "?")

    assert answer.deltas == [
        ToolCallDelta(0, "call_1", "add"),
        *(ToolCallDelta(0, arguments=piece) for piece in ('{"a', '": ', "1}")),
        Finish("tool_calls"),
    ]


async def test_arguments_come_in_fragments_and_may_be_no_json() -> None:
    answer = await ask(Scripted([calls(get_weather={"city": "Tromsø"}, broken='{"city": Os')]), "?")

    weather, broken = answer.calls
    assert json.loads(weather.arguments) == {"city": "Tromsø"}
    assert (broken.name, broken.arguments) == ("broken", '{"city": Os')
    assert sum(isinstance(delta, ToolCallDelta) and delta.index == 0 for delta in answer.deltas) > 4


async def test_one_function_can_be_called_twice_each_call_with_its_index_and_id() -> None:
    answer = await ask(Scripted([calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Rome"}))]), "?")

    assert [json.loads(made.arguments) for made in answer.calls] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert len({made.id for made in answer.calls}) == 2


async def test_ids_are_new_each_time_a_turn_is_played() -> None:
    turn = call("f")
    model = Scripted([turn, turn])

    first, second = await ask(model, "?"), await ask(model, "?")

    assert first.calls[0].id != second.calls[0].id


async def test_turns_are_added() -> None:
    answer = await ask(Scripted([says("Let me see.") + call("f") + call("g") + uses(9, 4)]), "?")

    assert answer.text == "Let me see."
    assert [made.name for made in answer.calls] == ["f", "g"]
    assert answer.deltas[-2:] == [UsageDelta(9, 4), Finish("tool_calls")]


async def test_it_refuses() -> None:
    answer = await ask(Scripted([refuses("I cannot help.")]), "?")

    assert (answer.refusal, answer.text, answer.finish) == ("I cannot help.", "", "stop")


async def test_it_fails_after_what_it_said() -> None:
    heard: list[ModelDelta] = []
    model = Scripted([says("Half of") + fails("rate_limit_exceeded", "Slow down.")])

    with pytest.raises(ModelError, match=r"Slow down\.") as caught:
        async for delta in model.generate(ModelRequest("m", ())):
            heard.append(delta)

    assert caught.value.code == "rate_limit_exceeded"
    assert heard == [TextDelta("Half"), TextDelta(" of")]


async def test_it_crashes_with_any_exception() -> None:
    with pytest.raises(ZeroDivisionError):
        await ask(Scripted([crashes(ZeroDivisionError())]), "?")


async def test_it_breaks_off_without_a_reason() -> None:
    answer = await ask(Scripted([says("Half of") + breaks_off() + says("it")]), "?")

    assert answer.text == "Half of"
    assert answer.finish is None


async def test_it_waits_for_an_event_of_another_thread() -> None:
    event, halfway = threading.Event(), anyio.Event()
    heard: list[ModelDelta] = []

    async def listen() -> None:
        async for delta in Scripted([says("One") + waits_for(event) + says("two")]).generate(ModelRequest("m", ())):
            heard.append(delta)
            halfway.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen)
        await halfway.wait()
        for _ in range(20):
            await anyio.sleep(0.001)
        assert heard == [TextDelta("One")]
        event.set()

    assert heard == [TextDelta("One"), TextDelta("two"), Finish("stop")]


@pytest.mark.parametrize("turn", [pauses(math.inf), waits_for(threading.Event())])
async def test_a_held_answer_can_be_cancelled(turn: Turn) -> None:
    model = Scripted([turn])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, model, "?")
        while not model.answering:
            await checkpoint()
        tasks.cancel_scope.cancel()

    assert model.answering == 0


async def test_an_answer_that_is_closed_is_no_longer_given() -> None:
    model = Scripted(["One two"])
    answer = cast("AsyncGenerator[ModelDelta, None]", model.generate(ModelRequest("m", ())))

    await anext(answer)
    assert model.answering == 1
    await answer.aclose()

    assert model.answering == 0


async def test_delay_comes_before_each_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    answer = await ask(Scripted([says("One two", delay=5) + pauses(9)]), "?")

    assert answer.text == "One two"
    assert slept == [5, 5, 9]


async def test_a_script_that_is_exhausted_says_so() -> None:
    model = Scripted(["One", "two"])
    await ask(model, "?")
    await ask(model, "?")

    with pytest.raises(ModelError, match="exhausted: it has 2 turns") as caught:
        await ask(model, "?")
    assert caught.value.code == "server_error"


async def test_it_remembers_what_it_was_asked() -> None:
    model = Scripted(["One", "two"])

    await ask(model, "first", temperature=0.5)
    await ask(model, "second")

    assert [request.messages[-1].text for request in model.requests] == ["first", "second"]
    assert model.requests[0].temperature == 0.5


def echo(request: ModelRequest) -> str:
    return request.messages[-1].text


def echo_as_turn(request: ModelRequest) -> Turn:
    return says(echo(request))


@pytest.mark.parametrize("choose", [echo, echo_as_turn])
async def test_a_function_chooses_the_turn(choose: Callable[[ModelRequest], Turn | str]) -> None:
    model = Scripted(choose)
    heard: dict[str, str] = {}

    async def one(text: str) -> None:
        heard[text] = (await ask(model, text)).text

    async with anyio.create_task_group() as tasks:
        for text in ("a b c", "d e f", "g h i"):
            tasks.start_soon(one, text)

    assert heard == {text: text for text in ("a b c", "d e f", "g h i")}


async def test_a_long_text_leaves_the_loop_to_others() -> None:
    turns: list[str] = []

    async def other() -> None:
        for _ in range(3):
            await checkpoint()
        turns.append("other")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(other)
        await ask(Scripted([says(["x"] * 1000)]), "?")
        turns.append("model")

    assert turns == ["other", "model"]


async def test_an_aside_is_performed_in_its_place_and_says_nothing() -> None:
    seen: list[str] = []

    class Note(Aside):
        async def perform(self) -> None:
            seen.append("noted")

    async for delta in Scripted([says(["a"]) + Turn((Note(),)) + says(["b"])]).generate(ModelRequest("m", [])):
        seen.append(str(getattr(delta, "text", "end")))

    assert seen == ["a", "noted", "b", "end"]


def test_a_plain_string_is_a_turn_in_a_sum() -> None:
    assert says("a") + "b" == says("a") + says("b")
    assert "a" + refuses("b") == says("a") + refuses("b")


@pytest.mark.parametrize("other", [4, None, ["a"]])
def test_nothing_else_is_added(other: object) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        says("a") + other  # type: ignore[operator] # pyright: ignore[reportOperatorIssue, reportUnusedExpression] -- that is what is refused


@pytest.mark.parametrize("text", [42, None, ["a", 4], {"a"}])
def test_what_cannot_be_said(text: object) -> None:
    with pytest.raises(TypeError, match=r"says\(\) takes a text, or a list of its pieces"):
        says(text)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- that is what is refused
