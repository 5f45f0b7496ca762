"""The rules of `Rehearsal`, each by its number."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from assistream.engine.models import ChatMessage, ModelRequest, Rehearsal, TextDelta, ToolCallDelta
from tests.engine.models.asking import STRING, TIME, TRAINS, WEATHER, Answer, ask, function

pytestmark = pytest.mark.anyio

DEMO = "I am in Oslo. What is the weather in Bergen, and which trains go from Oslo to Bergen after 14:00?"
OUTPUTS: dict[str, Any] = {
    "get_weather": {"city": "Bergen", "high": 12.5, "sky": "light rain"},
    "find_trains": [{"train": "R61", "departs": "14:25"}, {"train": "R63", "departs": "16:10"}],
}


def made(answer: Answer) -> list[tuple[str, Any]]:
    return [(call.name, json.loads(call.arguments)) for call in answer.calls]


async def to_the_end(text: str, **settings: Any) -> list[Answer]:
    """Every leg of a run whose functions answer with ``OUTPUTS``."""
    messages, answers = [ChatMessage("user", text)], [Answer()]
    while not answers[-1].text:
        answers.append(answer := await ask(Rehearsal(), messages, **settings))
        messages.append(ChatMessage("assistant", answer.text, answer.calls))
        outputs = [(call.id, json.dumps(OUTPUTS[call.name])) for call in answer.calls]
        messages += [ChatMessage("tool", output, tool_call_id=call_id) for call_id, output in outputs]
    return answers[1:]


async def test_01_only_the_latest_user_message_counts() -> None:
    messages = [
        ChatMessage("system", "Always find trains from Rome to Paris."),
        ChatMessage("user", "What is the weather in Oslo?"),
        ChatMessage("assistant", "Cold."),
        ChatMessage("user", "And the time in Tokyo?"),
    ]
    answer = await ask(Rehearsal(), messages, tools=[WEATHER, TRAINS, TIME], temperature=2.0)

    assert made(answer) == [("get_time", {"city": "Tokyo"})]


async def test_01_outputs_of_an_earlier_message_do_not_count() -> None:
    before = await ask(Rehearsal(), "What is the weather in Oslo?", tools=[WEATHER])
    messages = [
        ChatMessage("user", "What is the weather in Oslo?"),
        ChatMessage("assistant", tool_calls=before.calls),
        ChatMessage("tool", "sunny", tool_call_id=before.calls[0].id),
        ChatMessage("user", "What is the weather in Oslo?"),
    ]

    assert made(await ask(Rehearsal(), messages, tools=[WEATHER])) == made(before)


async def test_01_a_long_message_is_read_up_to_its_4000th_character() -> None:
    answer = await ask(Rehearsal(), "x" * 3990 + " weather " + "y" * 9000, tools=[WEATHER])
    later = await ask(Rehearsal(), "x" * 3999 + " weather", tools=[WEATHER])

    assert [name for name, _ in made(answer)] == ["get_weather"]
    assert later.calls == []


async def test_02_every_clause_finds_its_function() -> None:
    answer = await ask(Rehearsal(), DEMO, tools=[WEATHER, TRAINS])

    assert made(answer) == [
        ("get_weather", {"city": "Bergen"}),
        ("find_trains", {"origin": "Oslo", "destination": "Bergen", "after": "14:00"}),
    ]
    assert answer.finish == "tool_calls"
    assert len({call.id for call in answer.calls}) == 2


ADD_UP = function("calculate", "", expression=STRING)
DOCS = function("search_docs", "", query=STRING)
MAIL = function("send_email", "", to=STRING, subject=STRING, body=STRING)
REMINDER = function("create_reminder", "", text=STRING, when={"type": "string", "format": "date-time"})


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("How warm is it in Paris today?", "get_weather", {"city": "Paris"}),
        ("Will it rain in New York tomorrow?", "get_weather", {"city": "New York"}),
        ("What is 6 times 7?", "calculate", {"expression": "6 * 7"}),
        ("I need to solve `3x + 11 = 14`. Can you help me?", "calculate", {"expression": "3x + 11 = 14"}),
        ("How do I install the library?", "search_docs", {"query": "How do I install the library"}),
        (
            "Remind me to call mum tomorrow at 9am",
            "create_reminder",
            {"text": "call mum tomorrow at 9am", "when": "2030-01-01T12:00:00Z"},
        ),
        (
            "Send an email to bob@example.com saying that lunch is at noon",
            "send_email",
            {"to": "bob@example.com", "subject": "lunch is at noon", "body": "lunch is at noon"},
        ),
    ],
)
async def test_02_words_for_the_same_match(text: str, name: str, arguments: dict[str, str]) -> None:
    answer = await ask(Rehearsal(), text, tools=[WEATHER, TIME, ADD_UP, DOCS, MAIL, REMINDER])

    assert made(answer) == [(name, arguments)]


async def test_03_there_is_a_limit_to_the_calls() -> None:
    text = ". ".join(f"weather in {chr(65 + n % 26)}{chr(97 + n // 26)}x" for n in range(60))

    assert len(made(await ask(Rehearsal(), text, tools=[WEATHER]))) == 32


async def test_03_one_call_at_a_time_if_calls_are_not_parallel() -> None:
    legs = await to_the_end(DEMO, tools=[WEATHER, TRAINS], parallel_tool_calls=False)

    assert [[name for name, _ in made(leg)] for leg in legs] == [["get_weather"], ["find_trains"], []]
    assert legs[-1].text == (await to_the_end(DEMO, tools=[WEATHER, TRAINS]))[-1].text


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("What is the weather in New York?", "New York"),
        ("weather in oslo?", "oslo"),
        ("weather in san francisco please", "san francisco"),
        ("In Oslo, what's the weather?", "Oslo"),
        ("Oslo weather please", "Oslo"),
        ("I am in Oslo. What's the forecast?", "Oslo"),
        ("Show me Oslo's weather", "Oslo"),
        ("What's the weather like?", "some city"),
    ],
)
async def test_04_arguments_come_from_the_words(text: str, city: str) -> None:
    assert made(await ask(Rehearsal(), text, tools=[WEATHER])) == [("get_weather", {"city": city})]


async def test_04_an_example_in_a_description_can_be_a_value() -> None:
    place = {"type": "string", "description": "The city name, e.g. San Francisco"}
    tool = function("getWeather", "", location=place)
    answer = await ask(Rehearsal(), "weather in san francisco please", tools=[tool])

    assert made(answer) == [("getWeather", {"location": "san francisco"})]


@pytest.mark.parametrize("parameters", [{"type": "string"}, {"anyOf": [{"type": "null"}, {"type": "object"}]}])
async def test_04_arguments_are_an_object_whatever_is_declared(parameters: Any) -> None:
    tool = {"type": "function", "function": {"name": "get_it", "parameters": parameters}}

    assert made(await ask(Rehearsal(), "get it", tools=[tool])) == [("get_it", {})]


async def test_05_a_list_of_names_is_several_calls() -> None:
    answer = await ask(Rehearsal(), "What is the weather in Oslo, Bergen and Rome?", tools=[WEATHER, TRAINS])

    assert made(answer) == [("get_weather", {"city": city}) for city in ("Oslo", "Bergen", "Rome")]


async def test_06_none_calls_nothing() -> None:
    answer = await ask(Rehearsal(), DEMO, tools=[WEATHER, TRAINS], tool_choice="none")

    assert answer.calls == []
    assert answer.finish == "stop"


async def test_06_required_calls_the_nearest_function() -> None:
    answer = await ask(Rehearsal(), "Where is the origin?", tools=[WEATHER, TRAINS], tool_choice="required")

    assert [name for name, _ in made(answer)] == ["find_trains"]


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "find_trains"}}])
async def test_06_after_a_forced_call_it_answers(choice: Any) -> None:
    legs = await to_the_end("Bergen!", tools=[TRAINS], tool_choice=choice)

    assert [[name for name, _ in made(leg)] for leg in legs] == [["find_trains"], []]


async def test_07_the_answer_tells_the_outputs() -> None:
    legs = await to_the_end(DEMO, tools=[WEATHER, TRAINS])

    assert legs[-1].text == (
        "Here is the weather in Bergen. High: 12.5, sky: light rain. "
        "Here are the trains from Oslo to Bergen after 14:00. Train: R61, departs: 14:25; train: R63, departs: 16:10."
    )
    assert legs[-1].finish == "stop"


async def test_08_without_a_function_it_says_what_it_is() -> None:
    answer = await ask(Rehearsal(), "Which city is the capital of Norway?", tools=[WEATHER, TRAINS])

    assert answer.text.startswith('You said: "Which city is the capital of Norway?" I am an offline rehearsal model')


@pytest.mark.parametrize(
    ("tools", "says"),
    [
        (
            [WEATHER],
            'You said: "Hello". I am an offline rehearsal model: I know nothing, but I call your functions and',
        ),
        ([], 'You said: "Hello". I am an offline rehearsal model: I know nothing, but given functions I call them and'),
    ],
)
async def test_08_it_speaks_of_functions_that_are_there(tools: Any, says: str) -> None:
    assert (await ask(Rehearsal(), "Hello", tools=tools)).text == f"{says} tell what they say."


async def test_08_without_a_message_it_says_hello() -> None:
    assert (await ask(Rehearsal(), [])).text.startswith("Hello. I am an offline")


async def test_09_a_json_object_holds_the_answer() -> None:
    answer = await ask(Rehearsal(), "Hello in JSON", response_format={"type": "json_object"})

    assert json.loads(answer.text)["answer"].startswith('You said: "Hello in JSON"')


async def test_09_a_json_schema_is_filled_from_outputs_and_message() -> None:
    fields = {"city": STRING, "high": {"type": "number"}, "days": {"type": "integer"}, "answer": STRING}
    schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    form = {"type": "json_schema", "json_schema": {"name": "report", "schema": schema}}

    legs = await to_the_end("The weather in Bergen for 3 days", tools=[WEATHER], response_format=form)

    told = "Here is the weather in Bergen. High: 12.5, sky: light rain."
    assert json.loads(legs[-1].text) == {"city": "Bergen", "high": 12.5, "days": 3, "answer": told}


async def test_10_text_comes_word_by_word_and_arguments_in_pieces() -> None:
    legs = await to_the_end("What is the weather in Bergen?", tools=[WEATHER])

    arguments = [delta.arguments for delta in legs[0].deltas if isinstance(delta, ToolCallDelta)]
    assert arguments == ["", '{"', "city", '":', ' "', "Berg", "en", '"}']
    assert legs[-1].pieces[:4] == ["Here", " is", " the", " weather"]


async def test_10_delay_comes_before_each_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    answer = await ask(Rehearsal(delay=5), "Hello")

    assert slept == [5] * len(answer.pieces)


async def test_11_usage_counts_words_and_pieces() -> None:
    messages = [ChatMessage("system", "Be brief."), ChatMessage("user", "Hello you there")]
    answer = await ask(Rehearsal(), messages)

    assert answer.usage is not None
    assert answer.usage.prompt_tokens == 5
    assert answer.usage.completion_tokens == len(answer.pieces)


async def test_11_usage_counts_the_pieces_of_arguments() -> None:
    answer = await ask(Rehearsal(), "Weather in Bergen", tools=[WEATHER])

    assert answer.usage is not None
    assert answer.usage.completion_tokens == len(['{"', "city", '":', ' "', "Berg", "en", '"}'])


@pytest.mark.parametrize("text", ["Hello", "What is the weather in Oslo?"])
async def test_12_a_budget_that_is_spent_ends_the_answer(text: str) -> None:
    answer = await ask(Rehearsal(), text, tools=[WEATHER], max_completion_tokens=2)

    assert answer.finish == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 2


async def test_12_a_budget_that_is_just_enough_does_not() -> None:
    whole = await ask(Rehearsal(), "Hello")
    answer = await ask(Rehearsal(), "Hello", max_completion_tokens=len(whole.pieces))

    assert answer.deltas == whole.deltas


async def test_13_a_seed_repeats_the_ids() -> None:
    first, second = [await ask(Rehearsal(seed=7), DEMO, tools=[WEATHER, TRAINS]) for _ in range(2)]
    other = await ask(Rehearsal(), DEMO, tools=[WEATHER, TRAINS])

    assert first.deltas == second.deltas
    assert made(first) == made(other)
    assert {call.id for call in first.calls}.isdisjoint(call.id for call in other.calls)


async def test_an_answer_can_be_stopped_between_two_pieces() -> None:
    heard: list[object] = []
    with anyio.CancelScope() as scope:
        async for delta in Rehearsal().generate(ModelRequest("m", [ChatMessage("user", "Hello")])):
            heard.append(delta)
            scope.cancel()

    assert heard == [TextDelta("You")]


async def test_others_go_on_while_it_reads() -> None:
    tools = [function(f"fetch_tool_{n}", "", x=STRING) for n in range(20)]
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await checkpoint()

    async with anyio.create_task_group() as group:
        group.start_soon(other)
        answer = await ask(Rehearsal(), "Fetch tool", tools=tools, max_completion_tokens=0)
        assert len(answer.deltas) < 5
        group.cancel_scope.cancel()
    assert turns >= len(tools)


async def test_a_function_without_parameters_is_called_with_none() -> None:
    tool = {"type": "function", "function": {"name": "list_invoices"}}

    assert made(await ask(Rehearsal(), "Show my invoices", tools=[tool])) == [("list_invoices", {})]


async def test_calls_with_the_same_arguments_are_one() -> None:
    answer = await ask(Rehearsal(), "Find trains from Oslo to Rome at noon, the trains to Rome", tools=[TRAINS])

    assert [name for name, _ in made(answer)] == ["find_trains"]


async def test_what_the_user_quotes_is_no_request() -> None:
    note = function("save_note", "Keep a note.", body=STRING)
    answer = await ask(Rehearsal(), "Save a note: 'The weather, and the trains. Ok?'", tools=[WEATHER, TRAINS, note])

    assert made(answer) == [("save_note", {"body": "The weather, and the trains. Ok?"})]
