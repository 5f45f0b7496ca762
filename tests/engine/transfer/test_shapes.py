from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from assistream.engine import objects
from assistream.engine.lifecycle import Document
from assistream.engine.transfer.shapes import fault, fault_of_event

ASSISTANT = objects.assistant({"model": "any", "tools": [{"type": "file_search"}]})
THREAD = objects.thread({})
RUN = objects.run(THREAD["id"], ASSISTANT, {}, ttl=60)
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "", "output": None}}
STEP = objects.step(RUN, "tool_calls", {"tool_calls": [CALL, {"type": "code_interpreter", "id": "call_2"}]})
BLOCKS = [
    objects.text_block("half: \ud83d"),
    {"type": "refusal", "refusal": "no"},
    {"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png", "detail": "auto"}},
    {"type": "image_file", "image_file": {"file_id": "file-1"}},
]
MESSAGE = objects.message(THREAD["id"], "user", BLOCKS, attachments=[{"file_id": "file-1", "tools": []}])
FILE = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "ü", "purpose": "assistants"}
KINDS = {"assistant": ASSISTANT, "thread": THREAD, "run": RUN, "step": STEP, "message": MESSAGE, "file": FILE}


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


def test_an_object_of_a_kind_without_a_shape() -> None:
    assert fault({"object": "vector_store"}) is None


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
        ("file", "bytes", -1),
        ("file", "filename", None),
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
