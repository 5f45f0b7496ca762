from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistream.engine import Scripted, calls, refuses, says
from assistream.engine.versions import as_v1, stream_v1
from tests.engine.conftest import Api, Json, ScriptedEngine, names, path_of
from tests.engine.published import conforms

RETRIEVAL = {"type": "retrieval"}
FUNCTION: Json = {"type": "function", "function": {"name": "f"}}


def test_every_object_of_a_conversation(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(says("Let me see") + calls(f={}), "Done").v1()
    file = api.upload()
    assistant = api.post("/assistants", {"model": "any", "tools": [FUNCTION, RETRIEVAL], "file_ids": [file["id"]]})
    thread = api.post("/threads", {"messages": [{"role": "user", "content": "Hi", "file_ids": [file["id"]]}]})
    events = api.stream(f"/threads/{thread['id']}/runs", {"assistant_id": assistant["id"]})
    run = events[-1].data
    events += api.submit(run)
    paths = [f"/assistants/{assistant['id']}", "/assistants", f"/threads/{thread['id']}/messages", path_of(run)]
    answers = [event.data for event in events if not event.name.endswith("delta")]
    answers += [file, assistant, thread, *map(api.get, paths), api.get(f"{path_of(run)}/steps")]
    for answer in answers:
        conforms("v1", answer)
        assert not {"tool_resources", "attachments", "v1_files"} & set(answer)
    assert run["file_ids"] == assistant["file_ids"] == [file["id"]]
    assert assistant["tools"] == [FUNCTION, RETRIEVAL]


def test_one_store_for_both(api: Api) -> None:
    file = api.upload()["id"]
    tools = [{"type": "code_interpreter"}, RETRIEVAL]
    made = api.v1().post("/assistants", {"model": "any", "tools": tools, "file_ids": [file]})
    seen = api.get(f"/assistants/{made['id']}")
    assert seen["tools"] == [{"type": "code_interpreter"}, {"type": "file_search"}]
    assert seen["tool_resources"]["code_interpreter"] == {"file_ids": [file]}
    [store] = seen["tool_resources"]["file_search"]["vector_store_ids"]
    assert [one["id"] for one in api.get(f"/vector_stores/{store}/files")["data"]] == [file]
    assert not {"file_ids", "v1_files"} & set(seen)
    conforms("v2", seen)
    thread = api.v1().post("/threads", {"messages": [{"role": "user", "content": "Hi", "file_ids": [file]}]})
    [message] = api.get(f"/threads/{thread['id']}/messages")["data"]
    assert message["attachments"] == [
        {"file_id": file, "tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}
    ]
    conforms("v2", message)
    [message] = api.v1().get(f"/threads/{thread['id']}/messages")["data"]
    assert message["file_ids"] == [file]


def test_events_of_both_runs_hide_what_is_hidden(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hi")
    body = {"model": "any", "instructions": "x", "tools": [RETRIEVAL], "file_ids": [api.upload()["id"]]}
    assistant = api.v1().post("/assistants", body)
    for event in api.run_stream(assistant_id=assistant["id"]):
        assert "v1_files" not in event.data
        assert ("file_ids" in event.data) is False


@pytest.mark.parametrize(
    ("version", "body", "text"),
    [
        ("v1", {"tool_resources": {}}, "Unknown parameter: 'tool_resources'."),
        (
            "v1",
            {"tools": [{"type": "file_search"}]},
            "Invalid value: 'file_search'. Supported values are: 'code_interpreter', 'function', and 'retrieval'.",
        ),
        ("v1", {"file_ids": ["x"]}, "Invalid 'file_ids[0]': 'x'. Expected an ID that begins with 'file'."),
        ("v2", {"file_ids": []}, "Unknown parameter: 'file_ids'."),
        (
            "v2",
            {"tools": [RETRIEVAL]},
            "Invalid value: 'retrieval'. Supported values are: 'code_interpreter', 'function', and 'file_search'.",
        ),
        (
            "v2",
            {"tool_resources": {"file_search": {"file_ids": []}}},
            "Unknown parameter: 'tool_resources.file_search.file_ids'.",
        ),
    ],
)
def test_each_version_has_words_of_its_own(api: Api, version: str, body: Json, text: str) -> None:
    asked = api.v1() if version == "v1" else api
    assert asked.refused("/assistants", {"model": "any"} | body) == (400, text)


def test_a_message_of_version_1_is_a_text(api: Api) -> None:
    path = f"/threads/{api.thread()['id']}/messages"
    body = {"role": "user", "content": [{"type": "text", "text": "Hi"}]}
    assert api.v1().refused(path, body)[1] == "Invalid type for 'content': expected a string, but got an array instead."


def test_a_run_that_a_limit_ended_has_completed(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: says("Half of", finish="length"))).v1()
    assistant = api.post("/assistants", {"model": "any"})
    events = api.stream(f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": assistant["id"]})
    assert names(events)[-1] == "run.completed"
    assert events[-1].data["status"] == api.get(path_of(events[-1].data))["status"] == "completed"


def test_a_refusal_is_a_text(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted(lambda request: refuses("No."))).v1()
    assistant = api.post("/assistants", {"model": "any"})
    events = api.stream(f"/threads/{api.thread('Hi')['id']}/runs", {"assistant_id": assistant["id"]})
    [delta, *_] = [event.data["delta"] for event in events if event.name.endswith("message.delta")]
    assert delta == {"content": [{"index": 0, "type": "text", "text": {"value": "No."}}]}
    [message] = api.get(f"/threads/{events[-1].data['thread_id']}/messages", order="desc", limit=1)["data"]
    assert message["content"] == [{"type": "text", "text": {"value": "No.", "annotations": []}}]


SEARCH: Json = {"id": "call_1", "type": "file_search", "file_search": {"results": []}}
CITATION: Json = {"type": "file_citation", "text": "[1]", "file_citation": {"file_id": "file-1"}}
QUOTED: Json = CITATION | {"file_citation": {"file_id": "file-1", "quote": ""}}


SHAPES: list[tuple[Json, Json]] = [
    (
        {"object": "thread.run.step", "step_details": {"type": "tool_calls", "tool_calls": [SEARCH]}},
        {"step_details": {"type": "tool_calls", "tool_calls": [{"id": "call_1", **RETRIEVAL, "retrieval": {}}]}},
    ),
    (
        {"object": "thread.run.step.delta", "delta": {"step_details": {"tool_calls": [{"index": 0} | SEARCH]}}},
        {"delta": {"step_details": {"tool_calls": [{"index": 0, "id": "call_1", **RETRIEVAL, "retrieval": {}}]}}},
    ),
    (
        {
            "object": "thread.message.delta",
            "delta": {"content": [{"type": "text", "text": {"annotations": [CITATION]}}]},
        },
        {"delta": {"content": [{"type": "text", "text": {"annotations": [QUOTED]}}]}},
    ),
    (
        {
            "object": "thread.message",
            "attachments": [],
            "content": [{"type": "image_url", "image_url": {"url": "http://localhost/cat.png"}}],
        },
        {
            "content": [{"type": "text", "text": {"value": "http://localhost/cat.png", "annotations": []}}],
            "file_ids": [],
        },
    ),
]


@pytest.mark.parametrize(("new", "old"), SHAPES)
def test_shapes(new: Json, old: Json) -> None:
    assert as_v1(new) == {"object": new["object"]} | old


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.anyio
async def test_what_is_no_object_goes_through_as_it_is() -> None:
    pieces = (b": ping\n\n", b'event: error\ndata: {"error": {}}\n\nevent: done\ndata: [DONE]\n\n')
    through: list[Any] = [piece async for piece in stream_v1(_pieces(*pieces), [])]
    assert tuple(through) == pieces
