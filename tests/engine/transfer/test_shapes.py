from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from assistream.engine import objects
from assistream.engine.lifecycle import BEHIND, INCLUDED, Document
from assistream.engine.tables import TABLES
from assistream.engine.transfer.shapes import fault, fault_of_event
from assistream.engine.vector_stores import objects as stores

ASSISTANT = objects.assistant({"model": "any", "tools": [{"type": "file_search"}]})
THREAD = objects.thread({})
RUN = objects.run(THREAD["id"], ASSISTANT, {}, ttl=60)
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "", "output": None}}
CALLED = {"name": "file_search", "arguments": "{}", "told": "Cake", "sources": {"0:0": "file-1"}}
SEARCH = {"id": "call_3", "type": "file_search", "file_search": {"results": [{"score": 1.0}]}, BEHIND: CALLED}
OUTPUTS = [{"type": "logs", "logs": "1"}, {"type": "image", "image": {"file_id": "file-1"}}]
CODE = {"id": "call_4", "type": "code_interpreter", "code_interpreter": {"input": "1", "outputs": OUTPUTS}}
CALLS = [CALL, {"type": "code_interpreter", "id": "call_2"}, SEARCH, CODE, {"type": "retrieval", "id": "call_5"}]
STEP = objects.step(RUN | {INCLUDED: True}, "tool_calls", {"tool_calls": CALLS})
BLOCKS = [
    objects.text_block("half: \ud83d"),
    {"type": "refusal", "refusal": "no"},
    {"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png", "detail": "auto"}},
    {"type": "image_file", "image_file": {"file_id": "file-1"}},
]
MESSAGE = objects.message(THREAD["id"], "user", BLOCKS, attachments=[{"file_id": "file-1", "tools": []}])
FILE = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "ü", "purpose": "assistants"}
STORE = stores.store({"expires_after": {"anchor": "last_active_at", "days": 3}})
STORED = stores.file(STORE["id"], {"file_id": "file-1", "attributes": {"a": "\ud83d", "b": 1, "c": 1.5, "d": True}})
BATCH = stores.batch(STORE["id"])
KINDS = {
    "assistant": ASSISTANT,
    "thread": THREAD,
    "run": RUN,
    "step": STEP,
    "message": MESSAGE,
    "file": FILE,
    "store": STORE,
    "stored": STORED,
    "batch": BATCH,
}


def changed(document: Document, path: str, value: Any) -> Document:
    """A copy, with another value at a path like ``content.0.type``."""
    document = deepcopy(document)
    *above, last = path.split(".")
    inner: Any = document
    for key in above:
        inner = inner[int(key) if key.isdecimal() else key]
    inner[int(last) if last.isdecimal() else last] = value
    return document


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_engine_makes_is_right(kind: str) -> None:
    assert fault(KINDS[kind]) is None
    assert fault(KINDS[kind] | {"more": [1.5, None]}) is None


def test_tools_and_what_is_for_them() -> None:
    settings = {"max_num_results": 5, "ranking_options": {"ranker": "auto", "score_threshold": 1}}
    function = {"name": "f", "description": "F", "parameters": {"type": "object"}, "strict": None}
    tools = [
        {"type": "code_interpreter"},
        {"type": "file_search", "file_search": settings},
        {"type": "function", "function": function},
        {"type": "function", "function": {"name": "g"}},
        {"type": "retrieval"},
    ]
    resources: Document = {
        "file_search": {"vector_store_ids": ["vs_1"]},
        "code_interpreter": {"file_ids": []},
        "other": 5,
    }
    assert fault(ASSISTANT | {"tools": tools, "tool_resources": resources}) is None
    assert fault(THREAD | {"tool_resources": {"file_search": None, "code_interpreter": {}}}) is None


def test_of_every_kind_there_is_one() -> None:
    assert {document["object"] for document in KINDS.values()} == set(TABLES)


def test_stores_that_do_not_expire_and_files_of_other_statuses() -> None:
    assert fault(stores.store({"name": "half: \ud83d"})) is None
    for status in stores.STATUSES:
        assert fault(STORED | {"status": status, "last_error": {"code": "invalid_file", "message": "no"}}) is None
    assert fault(BATCH | {"status": "cancelled"}) is None
    half = {"max_chunk_size_tokens": 4096, "chunk_overlap_tokens": 2048}
    assert fault(changed(STORED, "chunking_strategy.static", half)) is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_needed(kind: str) -> None:
    document = KINDS[kind]
    without = {key: {name: document[name] for name in document if name != key} for key in document if key != "object"}
    assert {"id", "created_at"} <= {key for key, rest in without.items() if fault(rest)}


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("assistant", "id", "assistant_1"),
        ("assistant", "id", "asst_ü"),
        ("assistant", "id", "asst_1\n"),
        ("assistant", "id", "asst_../../x"),
        ("assistant", "tools.0", {"type": "function"}),
        ("assistant", "tools.0", {"type": "function", "function": 5}),
        ("assistant", "tools.0.file_search", 5),
        ("assistant", "tools.0.file_search", {"ranking_options": {"score_threshold": "high"}}),
        ("assistant", "tool_resources.file_search", 5),
        ("assistant", "tool_resources.file_search", {"vector_store_ids": [5, None]}),
        ("run", "tools.0", {"type": "function", "function": {"name": None}}),
        ("thread", "tool_resources.code_interpreter", {"file_ids": 5}),
        ("thread", "tool_resources.file_search", {"vector_store_ids": 5}),
        ("assistant", "model", None),
        ("assistant", "tools", {}),
        ("assistant", "tools.0", "file_search"),
        ("assistant", "created_at", "2024-01-01"),
        ("thread", "metadata", {"a": 1}),
        ("thread", "tool_resources", None),
        ("thread", "created_at", True),
        ("message", "role", "system"),
        ("message", "status", "queued"),
        ("message", "content", "Hello"),
        ("message", "content.0.text", "Hello"),
        ("message", "content.0.text.value", None),
        ("message", "content.0.type", "input_audio"),
        ("message", "content.0", "text"),
        ("message", "content.3.image_file.file_id", 1),
        ("message", "attachments.0", "file-1"),
        ("run", "status", "stopped"),
        ("run", "expires_at", None),
        ("run", "usage", None),
        ("run", "usage.prompt_tokens", None),
        ("run", "truncation_strategy", "auto"),
        ("run", "tool_choice", None),
        ("step", "status", "queued"),
        ("step", "step_details.tool_calls", None),
        ("step", "step_details.tool_calls.0.function.arguments", {}),
        ("step", "step_details.tool_calls.1", None),
        ("step", "step_details.tool_calls.1.type", ["function"]),
        ("step", "step_details.tool_calls.2.behind", None),
        ("step", "step_details.tool_calls.2.behind", {"told": "Cake"}),
        ("step", "step_details.tool_calls.2.behind.sources", ["file-1"]),
        ("step", "step_details.tool_calls.2.file_search", None),
        ("step", "step_details.tool_calls.2.file_search.results", [None]),
        ("step", "step_details.tool_calls.3.code_interpreter.outputs", None),
        ("step", "step_details.tool_calls.3.code_interpreter.outputs.1", {"type": "image"}),
        ("step", "step_details.tool_calls.4", {"type": "retrieval"}),
        ("file", "bytes", -1),
        ("file", "filename", None),
        ("store", "id", "vsfb_1"),
        ("store", "name", 1),
        ("store", "last_active_at", None),
        ("store", "expires_at", "soon"),
        ("store", "expires_after.days", 400),
        ("stored", "id", "a file"),
        ("stored", "vector_store_id", None),
        ("stored", "status", "expired"),
        ("stored", "usage_bytes", -1),
        ("stored", "last_error", "no"),
        ("stored", "attributes", None),
        ("stored", "attributes.a", ["b"]),
        ("stored", "chunking_strategy", {"type": "auto"}),
        ("stored", "chunking_strategy.type", "other"),
        ("stored", "chunking_strategy.static.max_chunk_size_tokens", 800.0),
        ("stored", "chunking_strategy.static.max_chunk_size_tokens", 1),
        ("stored", "chunking_strategy.static.max_chunk_size_tokens", 5000),
        ("stored", "chunking_strategy.static.chunk_overlap_tokens", 401),
        ("stored", "chunking_strategy.static.chunk_overlap_tokens", -1),
        ("batch", "id", "batch_1"),
        ("batch", "vector_store_id", 1),
        ("batch", "status", "expired"),
    ],
)
def test_what_is_wrong_is_found(kind: str, path: str, value: Any) -> None:
    problem = fault(changed(KINDS[kind], path, value))
    assert problem
    top = path.split(".")[0]
    assert problem.startswith(f"body.{top}")
    assert "\n" not in problem


def test_a_run_that_is_over_may_have_less() -> None:
    assert fault(RUN | {"status": "cancelled", "usage": None, "expires_at": None}) is None


@pytest.mark.parametrize("name", ["thread.created", "thread.run.step.delta", "error"])
def test_events(name: str) -> None:
    assert fault_of_event({"name": name, "data": '{"a":"\\u2028"}'}) is None
