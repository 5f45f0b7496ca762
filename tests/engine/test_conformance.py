"""Every answer of the engine against the published OpenAPI document, and against our own types."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from assistream.engine import Scripted, calls, fails, refuses, says
from assistream.types import (
    Assistant,
    FileObject,
    Message,
    Run,
    RunStep,
    Thread,
    VectorStore,
    VectorStoreFile,
    VectorStoreFileBatch,
)
from assistream.types.events import EVENT_TYPES
from tests.engine.conftest import Api, Event, Json, ScriptedEngine, names, path_of
from tests.engine.published import conforms
from tests.engine.vector_stores.shelf import Shelf
from tests.shared import require_shared

TYPES: dict[str, Any] = {
    "assistant": Assistant,
    "thread": Thread,
    "thread.message": Message,
    "thread.run": Run,
    "thread.run.step": RunStep,
    "file": FileObject,
    "vector_store": VectorStore,
    "vector_store.file": VectorStoreFile,
    "vector_store.files_batch": VectorStoreFileBatch,
}


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
def test_events(scripted_engine: ScriptedEngine, script: list[Any]) -> None:
    for event in played(scripted_engine(model=Scripted(script))):
        if not event.name.endswith(".delta"):  # the document does not describe those
            conforms("v2", event.data)
        is_kept_by_our_types(event.data)
        kind: type[Any] = EVENT_TYPES[event.name]
        kind.model_validate({"event": event.name, "data": event.data})


@pytest.mark.parametrize("script", CONVERSATIONS)
def test_what_is_left_of_a_run(scripted_engine: ScriptedEngine, script: list[Any]) -> None:
    api = scripted_engine(model=Scripted(script))
    run = played(api)[-1].data
    thread = f"/threads/{run['thread_id']}"
    for path in (thread, f"{thread}/messages", f"{thread}/runs", path_of(run), f"{path_of(run)}/steps"):
        answer = api.get(path)
        conforms("v2", answer)
        if answer["object"] != "list":
            is_kept_by_our_types(answer)


def test_objects(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(f={}))
    file = api.upload()
    resources = {"code_interpreter": {"file_ids": [file["id"]]}}
    settings = {"name": "Ada", "response_format": {"type": "json_object"}, "tool_resources": resources}
    assistant = api.assistant(**settings)
    waiting = api.run_stream(assistant_id=assistant["id"])[-1].data
    picture = {"type": "image_url", "image_url": {"url": "http://localhost/cat.png"}}
    attached = [{"file_id": file["id"], "tools": [{"type": "code_interpreter"}]}]
    message = {"role": "user", "content": [{"type": "text", "text": "Hi"}, picture], "attachments": attached}
    for answer in (
        assistant,
        api.get("/assistants"),
        api.post("/threads", {"messages": [message]}),
        waiting,
        api.post(f"{path_of(waiting)}/cancel"),
        api.finished(waiting),
        said := api.post(f"/threads/{waiting['thread_id']}/messages", message),
        api.post(f"/threads/{waiting['thread_id']}/messages/{said['id']}", {"metadata": {"a": "b"}}),
        api.post(path_of(waiting), {"metadata": {"a": "b"}}),
        api.delete(f"/threads/{waiting['thread_id']}/messages/{said['id']}"),
        api.get("/threads"),
        file,
        api.upload(**{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}),
        api.get(f"/files/{file['id']}"),
        api.get("/files"),
        api.delete(f"/files/{file['id']}"),
        api.delete(f"/assistants/{assistant['id']}"),
        api.delete(f"/threads/{waiting['thread_id']}"),
    ):
        conforms("v2", answer)
        is_kept_by_our_types(answer)


def test_vector_stores(api: Api) -> None:
    shelf = Shelf(api, name="Docs", expires_after={"anchor": "last_active_at", "days": 7}, metadata={"a": "b"})
    file = shelf.put("Some words.", attributes={"a": 1, "b": "c", "d": True, "e": 1.5})
    failed = shelf.put(b"\0" * 5000, "a.bin")
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": [file["id"], failed["id"]]})
    batch_path = f"{shelf.path}/file_batches/{batch['id']}"
    for answer in (
        shelf.store,
        shelf.now,
        api.get("/vector_stores"),
        api.post(shelf.path, {"name": None, "expires_after": None}),
        file,
        failed,
        api.get(f"{shelf.path}/files"),
        api.post(f"{shelf.path}/files/{file['id']}", {"attributes": None}),
        api.get(f"{shelf.path}/files/{file['id']}/content"),
        batch,
        api.get(batch_path),
        api.get(f"{batch_path}/files"),
        api.post(f"{batch_path}/cancel"),
        api.post(f"{shelf.path}/search", {"query": ["words"]}),
        api.delete(f"{shelf.path}/files/{file['id']}"),
        api.delete(shelf.path),
    ):
        conforms("v2", answer)
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
