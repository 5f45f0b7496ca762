from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from assistream import AssistreamError, Client
from assistream.cli.chat.conversation import Conversation
from assistream.cli.chat.watching import Watcher
from assistream.engine import Scripted, calls, says, uses, waits_for
from assistream.engine.models.scripted import Turn
from assistream.tools import FunctionTool, as_tool
from assistream.types import PendingCall
from assistream.types.params import AssistantToolParam


def get_weather(city: str) -> str:
    return f"rain in {city}"


TOOLS: list[AssistantToolParam] = [
    {"type": "function", "function": {"name": "get_weather", "description": "the assistant's own"}},
    {"type": "function", "function": {"name": "look_up"}},
]


@contextmanager
def talking(
    *turns: Turn | str, functions: Sequence[FunctionTool[..., Any]] = (), **options: str | None
) -> Generator[Conversation]:
    with Client.embedded(model=Scripted(turns)) as client:
        yield Conversation(client, client.beta.assistants.create(model="m-1", tools=TOOLS), functions, **options)


def watcher() -> Watcher:
    def nobody(call: PendingCall) -> bool:
        raise AssertionError(call)

    return Watcher(nobody, None)


def statuses(talk: Conversation) -> list[str]:
    runs = talk.client.beta.threads.runs.list(str(talk.thread_id), order="asc")
    return [run.status for run in runs]


def test_functions_replace_tools_of_the_same_name() -> None:
    turns = (calls(get_weather={"city": "Oslo"}), says("It rains.") + uses(20, 2))
    with talking(*turns, functions=[as_tool(get_weather)], instructions="Be brief.", model=None) as talk:
        run = talk.say("Weather?", watcher())
    assert [tool.to_dict()["function"]["name"] for tool in run.tools] == ["look_up", "get_weather"]
    assert "description" not in run.tools[1].to_dict()["function"]
    assert (run.status, run.model, run.instructions) == ("completed", "m-1", "Be brief.")
    assert (talk.runs, talk.prompt_tokens, talk.completion_tokens) == (1, 20, 2)


def test_a_call_that_nobody_can_answer_leaves_the_thread_free() -> None:
    with talking(calls(look_up="{}"), says("All right.")) as talk:
        with pytest.raises(AssistreamError, match="called look_up, which nobody here can answer"):
            talk.say("Look it up.", watcher())
        assert talk.say("Then don't.", watcher()).status == "completed"
        assert statuses(talk) == ["cancelled", "completed"]


def test_a_program_that_stops_listening_leaves_the_thread_free() -> None:
    def broken(event: object) -> None:
        raise ZeroDivisionError

    with talking(waits_for(threading.Event()), says("Two.")) as talk:
        with pytest.raises(ZeroDivisionError):
            talk.say("Count.", watcher(), heard=broken)
        assert talk.say("Count.", watcher()).status == "completed"
        assert statuses(talk) == ["cancelled", "completed"]


def test_threads() -> None:
    with talking(says("One."), says("Two."), says("Three.")) as talk:
        talk.say("Hello.", watcher())
        first = talk.thread_id
        talk.start_anew()
        talk.say("Hello.", watcher())
        assert first
        assert talk.thread_id != first
        talk.go_on_with(first)
        talk.say("Hello again.", watcher())
        assert len(list(talk.client.beta.threads.messages.list(first))) == 4
        with pytest.raises(AssistreamError):
            talk.go_on_with("thread_none")
        assert talk.thread_id == first
