"""Every answer of the engine against the published OpenAPI document, and against our own types."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from assistream.engine import Scripted, calls, fails, refuses, says
from assistream.types import Assistant, Message, Run, RunStep, Thread
from assistream.types.events import EVENT_TYPES
from tests.engine.conftest import Api, Event, Json, ScriptedEngine, names, path_of
from tests.shared import require_shared

TYPES: dict[str, Any] = {
    "assistant": Assistant,
    "thread": Thread,
    "thread.message": Message,
    "thread.run": Run,
    "thread.run.step": RunStep,
}
SCHEMAS = {
    "assistant": "AssistantObject",
    "thread": "ThreadObject",
    "thread.message": "MessageObject",
    "thread.run": "RunObject",
    "thread.run.step": "RunStepObject",
    "assistant.deleted": "DeleteAssistantResponse",
    "thread.deleted": "DeleteThreadResponse",
}


@pytest.fixture(scope="module")
def document() -> Json:
    found: Json = json.loads(require_shared("openapi/v2.server.json").read_text())
    return found


def conforms(document: Json, answer: Json) -> None:
    for one in answer["data"] if answer["object"] == "list" else [answer]:
        reference = f"#/components/schemas/{SCHEMAS[one['object']]}"
        validator = Draft202012Validator({"$ref": reference, "components": document["components"]})
        errors = [f"{error.json_path}: {error.message}" for error in _errors(validator, one)]
        assert not errors, (one["object"], errors)


def _errors(validator: Any, one: Json) -> list[Any]:
    return list(validator.iter_errors(one))


def is_kept_by_our_types(data: Json) -> None:
    """Read and written again it is the same: nothing is missing in the types, nothing is of another type."""
    if kind := TYPES.get(data["object"]):
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        read = adapter.validate_json(json.dumps(data))
        assert json.loads(adapter.dump_json(read, exclude_unset=True, by_alias=True)) == data


CONVERSATIONS = [
    pytest.param([says("Hello there", usage=(1, 2))], id="text"),
    pytest.param([says("Let me see") + calls(f={"a": 1}, g={"b": 2}), "Done"], id="tools"),
    pytest.param([refuses("No.")], id="refusal"),
    pytest.param([says("Half of") + fails("rate_limit_exceeded")], id="failure"),
    pytest.param([says("Half of", finish="length")], id="length"),
]


def played(api: Api) -> list[Event]:
    events = api.stream("/threads/runs", {"assistant_id": api.assistant()["id"]})
    while events[-1].data["status"] == "requires_action":
        events += api.submit(events[-1].data)
    return events


@pytest.mark.parametrize("script", CONVERSATIONS)
def test_events(scripted_engine: ScriptedEngine, document: Json, script: list[Any]) -> None:
    for event in played(scripted_engine(model=Scripted(script))):
        if not event.name.endswith(".delta"):  # the document does not describe those
            conforms(document, event.data)
        is_kept_by_our_types(event.data)
        kind: type[Any] = EVENT_TYPES[event.name]
        kind.model_validate({"event": event.name, "data": event.data})


@pytest.mark.parametrize("script", CONVERSATIONS)
def test_what_is_left_of_a_run(scripted_engine: ScriptedEngine, document: Json, script: list[Any]) -> None:
    api = scripted_engine(model=Scripted(script))
    run = played(api)[-1].data
    thread = f"/threads/{run['thread_id']}"
    for path in (thread, f"{thread}/messages", f"{thread}/runs", path_of(run), f"{path_of(run)}/steps"):
        answer = api.get(path)
        conforms(document, answer)
        if answer["object"] != "list":
            is_kept_by_our_types(answer)


def test_objects(scripted_engine: ScriptedEngine, document: Json) -> None:
    api = scripted_engine(calls(f={}))
    settings = {"name": "Ada", "response_format": {"type": "json_object"}, "tool_resources": {}, "metadata": {"a": "b"}}
    assistant = api.assistant(**settings)
    waiting = api.run_stream(assistant_id=assistant["id"])[-1].data
    picture = {"type": "image_url", "image_url": {"url": "http://localhost/cat.png"}}
    message = {"role": "user", "content": [{"type": "text", "text": "Hi"}, picture]}
    for answer in (
        assistant,
        api.get("/assistants"),
        api.post("/threads", {"messages": [message]}),
        waiting,
        api.post(f"{path_of(waiting)}/cancel"),
        api.finished(waiting),
        api.post(f"/threads/{waiting['thread_id']}/messages", message),
        api.delete(f"/assistants/{assistant['id']}"),
        api.delete(f"/threads/{waiting['thread_id']}"),
    ):
        conforms(document, answer)
        is_kept_by_our_types(answer)


def test_the_recorded_order_of_events(scripted_engine: ScriptedEngine) -> None:
    """The names of a real run's events, deltas counted once, are those of ours."""
    for name, turn in [
        ("dotnet_text_simple_v2.sse", says("Hello")),
        ("parallel_functions_requires_action_v2.sse", calls(f={"a": 1}, g={"b": 2})),
    ]:
        recorded = [
            Event("", line.removeprefix("event: "), {})
            for line in require_shared(f"streams/{name}").read_text().splitlines()
            if line.startswith("event: ") and line != "event: done"
        ]
        ours = scripted_engine(model=Scripted([turn])).run_stream()
        assert names(recorded) == names(ours)
