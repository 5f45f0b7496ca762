# Written by scripts/unasync.py from test_async_cuts.py; edit that file instead.
"""CONTRACT section 6: a run is told as if nothing had happened, wherever its connections are lost.

At some random bytes, too: `ASSISTREAM_CUTS=500` in the environment takes 500 for each of sync, asyncio and trio.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pydantic
import pytest

from assistream import AssistantEventHandler, Client
from assistream.engine import Engine, Scripted, calls, says
from assistream.handlers.hooks import HOOK_NAMES
from tests.cutter import Bytes, Cut, Cutter, Events, event_ends

PICKED = int(os.environ.get("ASSISTREAM_CUTS", "10"))
TOOLS: list[Any] = [{"type": "function", "function": {"name": name}} for name in ("get_weather", "get_time")]
ASKS = calls(get_weather={"city": "Oslo"}, get_time={})
SAYS = says(["It ", "rains", ".\u2028", "\n\nevent: done\n", "data: [DONE]\n\n", "It is ", "noon 🎉."])


def dumped(arg: object) -> object:
    if isinstance(arg, BaseException):
        return repr(arg)
    return arg.model_dump() if isinstance(arg, pydantic.BaseModel) else arg


class Recorder(AssistantEventHandler):
    """Everything that a program can see of a run, but for its ids and times."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.ids: dict[str, str] = {}

    def saw(self, *what: object) -> None:
        text = re.sub(r"_at': \d+", "_at': 0", repr(what))
        self.log.append(re.sub(r"\w+_[A-Za-z0-9]{24}", self._told_apart, text))

    def _told_apart(self, id: re.Match[str]) -> str:
        return self.ids.setdefault(id[0], f"id {len(self.ids)}")


def _hook(name: str) -> Any:
    def hook(self: Recorder, *args: object) -> None:
        self.saw(name, *map(dumped, args))

    return hook


for _name in HOOK_NAMES:
    setattr(Recorder, _name, _hook(_name))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(model=Scripted(lambda request: SAYS if request.messages[-1].role == "tool" else ASKS)) as engine:
        yield engine


@pytest.fixture
def cutter(engine: Engine) -> Iterator[Cutter]:
    with Cutter(engine.base_url) as cutter:
        yield cutter


@pytest.fixture
def client(cutter: Cutter) -> Iterator[Client]:
    with Client(base_url=cutter.url, api_key="test") as client:
        yield client


def converse(client: Client, assistant: str) -> list[str]:
    """A run with outputs; what it tells a handler, and who iterates."""
    recorder = Recorder()
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant, thread={"messages": [{"role": "user", "content": "Hi"}]}, event_handler=recorder
    ) as stream:
        for event in stream:
            recorder.saw("iterated", event.event)
        run = stream.get_final_run()
    assert run.required_action
    outputs: Any = [
        {"tool_call_id": call.id, "output": "?"} for call in run.required_action.submit_tool_outputs.tool_calls
    ]
    with client.beta.threads.runs.submit_tool_outputs_stream(
        run.id, thread_id=run.thread_id, tool_outputs=outputs, event_handler=recorder
    ) as stream:
        for event in stream:
            recorder.saw("iterated", event.event)
        recorder.saw("messages", [message.model_dump() for message in stream.get_final_messages()])
    return recorder.log


def undisturbed(client: Client, cutter: Cutter) -> tuple[str, list[str], list[bytes]]:
    """An assistant, what a run of it tells, and the bytes of its two answers."""
    assistant = (client.beta.assistants.create(model="scripted", tools=TOOLS)).id
    trace = converse(client, assistant)
    first, second = cutter.streams
    assert len(event_ends(first)) > 8 < len(event_ends(second))
    return assistant, trace, [first, second]


def test_lost_after_every_event(client: Client, cutter: Cutter) -> None:
    assistant, trace, answers = undisturbed(client, cutter)
    # Of a leg's last events nothing more is to come: a loss there is none.
    first, second = (len(event_ends(answer)) for answer in answers)
    for number in range(1, first - 1):
        cutter.cuts = [Events(number)]
        assert converse(client, assistant) == trace
        assert not cutter.cuts
    for number in range(1, second - 1):
        cutter.cuts = [Events(first + 1), Events(number)]
        assert converse(client, assistant) == trace


def test_lost_after_each_event_of_one_run(client: Client, cutter: Cutter) -> None:
    assistant, trace, _ = undisturbed(client, cutter)
    cutter.cuts = [Events(1)] * 100
    assert converse(client, assistant) == trace
    assert len(cutter.streams) > 20


def answered(client: Client, assistant: str, ran: list[str]) -> list[str]:
    """A run whose calls the loop answers."""

    def get_weather(city: str) -> str:
        ran.append(city)
        return "rain"

    def get_time() -> str:
        ran.append("time")
        return "noon"

    recorder = Recorder()
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant,
        thread={"messages": [{"role": "user", "content": "Hi"}]},
        event_handler=recorder,
        tools=[get_weather, get_time],
    ) as stream:
        for event in stream:
            # Functions run at once; which is first to report is up to them.
            if event.event.startswith("thread."):
                recorder.saw("iterated", event.event)
    return [line for line in recorder.log if "on_tool_" not in line or "on_tool_call" in line]


def test_the_tool_loop_goes_on(client: Client, cutter: Cutter) -> None:
    assistant = (client.beta.assistants.create(model="scripted", tools=TOOLS)).id
    trace = answered(client, assistant, [])
    first, second = (len(event_ends(answer)) for answer in cutter.streams)
    for number in range(1, max(first, second) - 1):
        ran: list[str] = []
        # The first answer, its rest, the second answer, and its rest.
        cutter.cuts = [Events(min(number, first - 2)), Bytes(1 << 20), Events(min(number, second - 2))]
        assert answered(client, assistant, ran) == trace
        assert sorted(ran) == ["Oslo", "time"]
        assert not cutter.cuts


def test_lost_after_any_byte(client: Client, cutter: Cutter) -> None:
    assistant, trace, answers = undisturbed(client, cutter)
    pick = random.Random(6)
    for _ in range(PICKED):
        places = [pick.randrange(1, len(answer)) for answer in answers]
        # The first answer, what goes on with it, and the second one, which is the third then.
        cuts: list[Cut] = [Bytes(places[0]), Bytes(pick.randrange(1, len(answers[0])))]
        cutter.cuts = pick.choice([cuts, [cuts[0]], [Bytes(1 << 20), Bytes(places[1])]])
        told = str(cutter.cuts)
        assert converse(client, assistant) == trace, told
