"""Built-in tools, as the offline model uses them: what it asks of them, and what it makes of their answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistream.engine.models import ChatMessage, Rehearsal
from assistream.engine.models.rehearsal.built_in import code_in, found, is_asked, ran
from tests.engine.models.asking import WEATHER, Answer, ask, function

pytestmark = pytest.mark.anyio

SEARCH = function("file_search", queries={"type": "array", "items": {"type": "string"}})
CODE = function("code_interpreter", code={"type": "string"})
BOTH: dict[str, Any] = {
    "tools": [SEARCH, CODE],
    "built_in": {"file_search": "file_search", "code_interpreter": "code_interpreter"},
}
TOLD = """Passages. Cite them.

【0:0†foods.txt】
Ann likes tacos. Filip's favorite food is cake!
- Eve likes pizza

【0:1†cities.txt】
Oslo is a city. 東京は首都です。大阪は西にあります。"""


def made(answer: Answer) -> list[tuple[str, Any]]:
    return [(call.name, json.loads(call.arguments)) for call in answer.calls]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Run this:\n```python\nprint(1)\n```\nplease", "print(1)"),
        ("```\na = 1\n\nb\n```", "a = 1\n\nb"),
        ("What is 6 times 7?", "print(6 * 7)"),
        ("(1 + 2) * 3", "print((1 + 2) * 3)"),
        ("2^10", "print(2**10)"),
        ("Solve 3x + 11 = 14", None),
        ("What is new?", None),
        ("It was 2024-05-01, about 9-17", None),
    ],
)
def test_code_in_a_message(message: str, code: str | None) -> None:
    assert code_in(message) == code


def test_a_greeting_asks_for_nothing() -> None:
    assert not is_asked("Hello")
    assert not is_asked("")
    assert is_asked("Summarise the report")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("What is Filip's favorite food?", "Filip's favorite food is cake【0:0†foods.txt】!"),
        ("Does Eve like pizza?", "Eve likes pizza【0:0†foods.txt】."),
        ("Oslo?", "Oslo is a city【0:1†cities.txt】."),
        ("大阪はどこ", "大阪は西にあります【0:1†cities.txt】。"),
        ("Nothing of the kind", "Ann likes tacos【0:0†foods.txt】."),
    ],
)
def test_the_best_sentence(message: str, said: str) -> None:
    assert found(message, TOLD) == said


@pytest.mark.parametrize("told", ["", "Nothing was found.", "Error: there is no query."])
def test_nothing_was_found(told: str) -> None:
    assert found("What?", told) == "I found nothing about that in your files."


def test_a_long_sentence_is_cut() -> None:
    said = found("x", f"【0:0】\n{'x ' * 1000}")
    assert said.endswith("x【0:0】.")
    assert len(said) < 420


def test_what_code_has_said() -> None:
    assert ran("42\n") == "The code says: 42"
    assert ran("") == "The code says nothing."
    assert ran("Files: sandbox:/mnt/data/a.csv, sandbox:/mnt/data/b.png") == (
        "The code made [a.csv](sandbox:/mnt/data/a.csv) [b.png](sandbox:/mnt/data/b.png)."
    )


async def test_it_searches_with_the_words_of_the_user() -> None:
    answer = await ask(Rehearsal(), "What is Filip's favorite food?", **BOTH)
    assert made(answer) == [("file_search", {"queries": ["What is Filip's favorite food?"]})]


async def test_it_runs_code_rather_than_search_for_it() -> None:
    assert made(await ask(Rehearsal(), "What is 6 times 7?", **BOTH)) == [
        ("code_interpreter", {"code": "print(6 * 7)"})
    ]


async def test_functions_come_first() -> None:
    both = BOTH | {"tools": [WEATHER, SEARCH, CODE]}
    assert [name for name, _ in made(await ask(Rehearsal(), "What is the weather in Oslo?", **both))] == ["get_weather"]
    assert [name for name, _ in made(await ask(Rehearsal(), "What is new in the report?", **both))] == ["file_search"]


async def test_a_function_of_that_name_is_a_function() -> None:
    answer = await ask(Rehearsal(), "Which file is new?", tools=[SEARCH])
    assert [name for name, _ in made(answer)] == ["file_search"]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("none", []),
        ("required", ["file_search"]),
        ({"type": "function", "function": {"name": "file_search"}}, ["file_search"]),
        ({"type": "function", "function": {"name": "code_interpreter"}}, ["code_interpreter"]),
    ],
)
async def test_what_is_chosen(choice: Any, names: list[str]) -> None:
    answer = await ask(Rehearsal(), "Hello", tool_choice=choice, **BOTH)
    assert [name for name, _ in made(answer)] == names


async def test_the_answer_cites() -> None:
    question = "What is Filip's favorite food?"
    asked = await ask(Rehearsal(), question, **BOTH)
    messages = [
        ChatMessage("user", question),
        ChatMessage("assistant", tool_calls=asked.calls),
        ChatMessage("tool", TOLD, tool_call_id=asked.calls[0].id),
    ]
    answer = await ask(Rehearsal(), messages, **BOTH)
    assert answer.text == "Filip's favorite food is cake【0:0†foods.txt】!"
    assert answer.calls == []
