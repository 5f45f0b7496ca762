"""A database with something in it, and a server for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistream import Client
from assistream.engine import Scripted, calls, says
from assistream.types.params import AssistantToolParam


@dataclass
class Kept:
    """What is in the database: two assistants, and a thread with a run that has ended and one that waits."""

    path: Path
    assistants: list[str]
    thread: str
    runs: list[str]


def kept(path: Path) -> Kept:
    model = Scripted([says("It \x1b[31mrains."), calls(get_weather={"city": "Oslo"})])
    with Client.embedded(path, model=model) as client:
        beta = client.beta
        tool: AssistantToolParam = {"type": "function", "function": {"name": "get_weather"}}
        first = beta.assistants.create(model="m-1", name="First", instructions="Be brief.", tools=[tool])
        second = beta.assistants.create(model="m-2")
        thread = beta.threads.create(messages=[{"role": "user", "content": "Weather?"}], metadata={"for": "Eva"})
        runs = [beta.threads.runs.create_and_poll(thread.id, assistant_id=first.id) for _ in range(2)]
        assert [run.status for run in runs] == ["completed", "requires_action"]
        return Kept(path, [first.id, second.id], thread.id, [run.id for run in runs])
