"""Recorded runs with built-in tools, played again: our events, deltas and hooks are those that were recorded.

The model writes what it wrote then, in the same pieces, and its tools answer what they answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistream.engine import Engine, Scripted, says
from assistream.engine.builtin import Answer, Job
from assistream.engine.lifecycle import Document
from assistream.engine.models import ToolCallDelta, Turn
from tests.engine.builtin.fakes import Equipped, Fake
from tests.engine.conftest import Api, Json
from tests.shared import require_shared
from tests.streaming.traces import play

FOUND = "step_details.tool_calls[*].file_search.results[*].content"
RECORDINGS = [
    ("dotnet_file_search_annotations_v2", "file_search"),
    ("o4j_file_search_chinese_v2", "file_search"),
    ("code_interpreter_math_a_v2", "code_interpreter"),
    ("simple_code_interpreter_multi_step_v1", "code_interpreter"),
]


@dataclass
class Recording:
    """One stream: from the creation of the run."""

    text: str
    events: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])

    def __post_init__(self) -> None:
        for frame in self.text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in frame.splitlines() if ": " in line)
            if lines.get("data", "").startswith("{") and lines["event"] != "thread.created":
                self.events.append((lines["event"], json.loads(lines["data"])))

    @property
    def frames(self) -> list[bytes]:
        return [f"event: {name}\ndata: {json.dumps(data)}\n\n".encode() for name, data in self.events]

    def of(self, name: str) -> Iterator[Any]:
        return (data for event, data in self.events if event == f"thread.{name}")

    @property
    def entries(self) -> list[Json]:
        return [entry for data in self.of("run.step.delta") for entry in data["delta"]["step_details"]["tool_calls"]]

    @property
    def made(self) -> dict[str, Json]:
        """The calls by their ids, as they were in the end."""
        steps = (step["step_details"].get("tool_calls", []) for step in self.of("run.step.completed"))
        return {call["id"]: call for calls in steps for call in calls}

    @property
    def sources(self) -> dict[str, str]:
        blocks = [block for message in self.of("message.completed") for block in message["content"]]
        found = [one for block in blocks for one in block.get("text", {}).get("annotations", [])]
        return {one["text"][1:].partition("†")[0]: one["file_citation"]["file_id"] for one in found}

    @property
    def said(self) -> list[str]:
        """Deltas as they were said, and what became of steps and messages."""
        found: list[Any] = [data["delta"] for name, data in self.events if name.endswith(".delta")]
        found += [step["step_details"] for step in self.of("run.step.completed")]
        found += [message["content"] for message in self.of("message.completed")]
        return [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in found]


def turns(recorded: Recording, kind: str) -> list[Turn]:
    """What the model wrote each time it was asked: perhaps some text, and then calls."""
    found, called = [Turn()], ""
    for name, data in recorded.events:
        if not name.endswith(".delta"):
            continue
        if called not in ("", data["id"]):
            found.append(Turn())
        called = data["id"] if name == "thread.run.step.delta" else ""
        found[-1] = Turn((*found[-1].steps, *_steps(data["delta"], kind)))
    return found


def _steps(delta: Json, kind: str) -> Sequence[Any]:
    if "content" in delta:
        pieces = [block["text"]["value"] for block in delta["content"] if block["type"] == "text"]
        return says([piece for piece in pieces if piece]).steps
    return [step for entry in delta["step_details"]["tool_calls"] for step in _call(entry, kind)]


def _call(entry: Json, kind: str) -> Iterator[ToolCallDelta]:
    if "id" in entry:
        yield ToolCallDelta(entry["index"], entry["id"], kind, '{"code": "' if kind == "code_interpreter" else "{}")
    elif code := entry[kind].get("input"):
        yield ToolCallDelta(entry["index"], arguments=json.dumps(code)[1:-1])


class Recorded(Fake):
    """A tool that answers as it did."""

    def __init__(self, kind: str, recorded: Recording) -> None:
        super().__init__(kind, self._answer)
        self._recorded = recorded

    def opening(self, run: Document) -> Document:
        first: Document = next(entry[self.type] for entry in self._recorded.entries if "id" in entry)
        return first

    async def _answer(self, job: Job) -> Answer:
        body: Document = self._recorded.made[job.id][self.type]
        for index, output in enumerate(body.get("outputs", [])):
            await job.say({"outputs": [{"index": index} | output]})
        return Answer("So.", body, self._recorded.sources)


def played(api: Api, kind: str) -> Recording:
    assistant = api.assistant(tools=[{"type": kind}])
    path = f"/threads/{api.thread('Hello')['id']}/runs"
    body = {"assistant_id": assistant["id"], "stream": True}
    return Recording(api.client.post(path, params={"include[]": FOUND}, json=body).text)


def even(text: str) -> str:
    """With ids that count."""
    ids: dict[str, str] = {}
    pattern = r"\b(run|step|msg|thread|asst|call)_[A-Za-z0-9]{8,}"
    return re.sub(pattern, lambda found: ids.setdefault(found[0], f"{found[1]}_{len(ids)}"), text)


@pytest.mark.parametrize(("name", "kind"), RECORDINGS)
def test_recorded(connect: Callable[[Engine], Api], name: str, kind: str) -> None:
    recorded = Recording(require_shared(f"streams/{name}.sse").read_text())
    with Equipped(Recorded(kind, recorded), model=Scripted(turns(recorded, kind))) as engine:
        ours = played(connect(engine), kind)
    assert [name for name, _ in ours.events] == [name for name, _ in recorded.events]
    assert even("\n".join(ours.said)) == even("\n".join(recorded.said))
    (trace, state), (expected, ends) = play(ours.frames), play(recorded.frames)
    assert even("\n".join([*trace.text, *state.ends])) == even("\n".join([*expected.text, *ends.ends]))
