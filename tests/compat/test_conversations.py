"""The embedded engine serves openai's own clients, and ours: whole conversations, through their own event handlers."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from assistream.engine import Engine, ModelRequest, Rehearsal, Scripted, calls, says, uses
from assistream.engine.models import Model
from assistream.engine.models.scripted import Turn
from scripts.compat import VERSIONS

from .conftest import OURS, run

PLAIN = ["All", " is", " wéll."]
HELPED = "It rains in Oslo; it is noon in Tokyo."


def script(request: ModelRequest) -> Turn:
    if request.messages[-1].role == "tool":
        return says(HELPED) + uses(40, 10)
    if request.tools:
        return calls(get_weather={"city": "Oslo"}, get_time={"city": "Tokyo"}) + uses(20, 5)
    return says(PLAIN, usage=(10, 3))


MODELS: dict[str, Model] = {"scripted": Scripted(script), "rehearsal": Rehearsal()}


@cache
def accounts(version: str, model: str) -> dict[str, Any]:
    with Engine(model=MODELS[model]) as engine:
        (line,) = run(version, "conversation.py", engine.base_url)
    account: dict[str, Any] = json.loads(line)
    return account


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[*VERSIONS, OURS])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def seen(version: str, model: str, colour: str) -> Any:
    return accounts(version, model)[colour]


def test_an_answer(seen: Any, model: str) -> None:
    account = seen["answer"]
    text = account["text"]
    assert "".join(PLAIN) == text if model == "scripted" else "You said" in text
    assert account["texts_done"] == account["run"]["said"] == [text]
    assert account["run"]["status"] == "completed"
    assert account["run"]["tokens"]
    assert account["steps"] == ["message_creation"]
    assert account["ends"] == 1


def test_every_way_to_read_one(seen: Any) -> None:
    ways, text = seen["ways"], seen["answer"]["text"]
    assert ways["text_deltas"] == text
    assert ways["create_and_run_stream"][0] == "thread.created"
    for events in (ways["create_and_run_stream"][1:], ways["create"]):
        assert events[0] == "thread.run.created"
        assert events[-1] == "thread.run.completed"
        assert "thread.message.delta" in events


@pytest.mark.parametrize("scenario", ["submitted_after", "submitted_inside"])
def test_functions_are_called(seen: Any, model: str, scenario: str) -> None:
    account = seen[scenario]
    arguments = {name: json.loads(written) for name, written in account["arguments"].items()}
    assert arguments == {"get_weather": {"city": "Oslo"}, "get_time": {"city": "Tokyo"}}
    assert account["calls_done"] == ["get_weather", "get_time"]
    assert account["text"] == (HELPED if model == "scripted" else "rain in Oslo. noon in Tokyo.")
    assert account["run"] == {"status": "completed", "tokens": True, "said": [account["text"]]}
    assert account["ends"] == 2  # a handler for each leg


def test_our_client_sees_what_openai_does(version: str, model: str, colour: str) -> None:
    assert accounts(version, model)[colour] == accounts(OURS, model)[colour]
