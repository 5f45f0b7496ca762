from __future__ import annotations

import json
from typing import Any

import pytest

from assistream.engine import objects
from assistream.engine.leftovers import left_open
from tests.engine.conftest import Json
from tests.engine.test_store import new_run, opened

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


async def leftovers(run: Json, document: Json, *deltas: Json) -> list[Json]:
    """What is left of a run that wrote the document and then sent these deltas of it."""
    name = f"{document['object']}.delta"
    said = [{"id": document["id"], "object": name, "delta": delta} for delta in deltas]
    async with opened() as store, store.transaction() as transaction:
        await transaction.insert(objects.thread({}) | {"id": run["thread_id"]})
        await transaction.insert(run)
        await transaction.insert(document)
        await transaction.add_events(
            [(run["id"], number, name, json.dumps(data), None) for number, data in enumerate(said)]
        )
        return await left_open(transaction, run["id"])


def content(index: int, kind: str, value: Any) -> Json:
    return {"content": [{"index": index, "type": kind, kind: value}]}


def entry(**fields: Any) -> Json:
    return {"step_details": {"type": "tool_calls", "tool_calls": [{"type": "function"} | fields]}}


async def test_a_message() -> None:
    run = new_run("thread_1")
    deltas = [
        content(0, "text", {"value": "Half", "annotations": []}),
        content(0, "text", {"value": " of"}),
        content(1, "refusal", "No"),
        content(1, "refusal", "pe"),
    ]
    [message] = await leftovers(run, objects.reply(run), *deltas)
    assert message["content"] == [objects.text_block("Half of"), {"type": "refusal", "refusal": "Nope"}]


async def test_calls() -> None:
    run = new_run("thread_1")
    step = objects.step(run, "tool_calls", {"tool_calls": []})
    deltas = [
        entry(index=0, id="call_1", function={"name": "f", "arguments": "", "output": None}),
        entry(index=0, function={"arguments": '{"a"'}),
        entry(index=1, id="call_2", function={"name": "g", "arguments": "", "output": None}),
        entry(index=0, function={"arguments": ":1}"}),
    ]
    [left] = await leftovers(run, step, *deltas)
    assert left["step_details"]["tool_calls"] == [
        {"type": "function", "id": "call_1", "function": {"name": "f", "arguments": '{"a":1}', "output": None}},
        {"type": "function", "id": "call_2", "function": {"name": "g", "arguments": "", "output": None}},
    ]


async def test_calls_that_were_written_whole_are_not_written_twice() -> None:
    run = new_run("thread_1")
    function = {"name": "f", "arguments": "{}", "output": None}
    step = objects.step(run, "tool_calls", {"tool_calls": [{"id": "call_1", "type": "function", "function": function}]})
    first = entry(index=0, id="call_1", function=function | {"arguments": ""})
    [left] = await leftovers(run, step, first, entry(index=0, function={"arguments": "{}"}))
    assert left == step
    assert await leftovers(run, step) == [step]


async def test_citations_and_outputs() -> None:
    run = new_run("thread_1")
    annotation = {"type": "file_citation", "text": "【0:0】", "start_index": 2, "end_index": 7}
    deltas = [
        content(0, "text", {"value": "So", "annotations": []}),
        content(0, "text", {"value": "【0:0】", "annotations": [{"index": 0} | annotation]}),
    ]
    [message] = await leftovers(run, objects.reply(run), *deltas)
    assert message["content"][0]["text"] == {"value": "So【0:0】", "annotations": [annotation]}
    step = objects.step(run, "tool_calls", {"tool_calls": []})
    code = {"type": "code_interpreter"}
    pieces = [
        entry(index=0, id="call_1", code_interpreter={"input": "", "outputs": []}),
        entry(index=0, code_interpreter={"input": "1"}),
        entry(index=0, code_interpreter={"outputs": [{"index": 0, "type": "logs", "logs": "a"}]}),
        entry(index=0, code_interpreter={"outputs": [{"index": 0, "type": "logs", "logs": "b"}]}),
    ]
    for piece in pieces:
        piece["step_details"]["tool_calls"][0] |= code
    [left] = await leftovers(run, step, *pieces)
    body = {"input": "1", "outputs": [{"type": "logs", "logs": "ab"}]}
    assert left["step_details"]["tool_calls"] == [{"id": "call_1", "code_interpreter": body} | code]


async def test_what_is_over_is_not_left() -> None:
    run = new_run("thread_1")
    assert await leftovers(run, objects.reply(run) | {"status": "completed"}, content(0, "refusal", "No")) == []
