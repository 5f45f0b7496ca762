"""Wherever a request names a file, the file must be there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import FUNCTION, Api, Json

GONE = "file-gone"
ATTACHED = {"attachments": [{"file_id": GONE, "tools": [{"type": "code_interpreter"}]}]}
PICTURE = [{"type": "image_file", "image_file": {"file_id": GONE}}]
CODE = {"tool_resources": {"code_interpreter": {"file_ids": [GONE]}}}
STORES = {"tool_resources": {"file_search": {"vector_stores": [{"file_ids": [GONE]}]}}}
MESSAGE: Json = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/assistants", {"model": "any"} | CODE),
        ("/assistants", {"model": "any"} | STORES),
        ("/assistants/{assistant}", CODE),
        ("/threads", CODE),
        ("/threads", STORES),
        ("/threads", {"messages": [MESSAGE, MESSAGE | ATTACHED]}),
        ("/threads/{thread}", CODE),
        ("/threads/{thread}/messages", MESSAGE | ATTACHED),
        ("/threads/{thread}/messages", MESSAGE | {"content": PICTURE}),
        ("/threads/{thread}/runs", {"assistant_id": "{assistant}", "additional_messages": [MESSAGE | ATTACHED]}),
        ("/threads/runs", {"assistant_id": "{assistant}", "thread": {"messages": [MESSAGE | ATTACHED]}}),
        ("/threads/runs", {"assistant_id": "{assistant}"} | CODE),
    ],
)
def test_a_file_that_is_not_there(api: Api, path: str, body: Json) -> None:
    ids = {"assistant": api.assistant()["id"], "thread": api.thread()["id"]}
    body = {key: value.format(**ids) if isinstance(value, str) else value for key, value in body.items()}
    assert api.refused(path.format(**ids), body) == (404, f"No file found with id '{GONE}'.")
    assert api.get(f"/threads/{ids['thread']}/messages")["data"] == []


@pytest.mark.parametrize(("body", "path"), [("/assistants", {"file_ids": [GONE]}), ("/threads", {})])
def test_version_1(api: Api, body: str, path: Json) -> None:
    asked = {"model": "any"} | path if path else {"messages": [MESSAGE | {"file_ids": [GONE]}]}
    assert api.v1().refused(body, asked) == (404, f"No file found with id '{GONE}'.")


def test_a_file_that_is_there(api: Api) -> None:
    id = api.upload()["id"]
    resources = {"code_interpreter": {"file_ids": [id]}}
    assert api.assistant(tool_resources=resources)["tool_resources"] == resources


def test_what_only_looks_like_a_file(api: Api) -> None:
    parameters: Json = {"type": "object", "file_id": GONE, "content": {"file_ids": [GONE]}}
    function: Any = FUNCTION["function"] | {"parameters": parameters}
    tools = [{"type": "function", "function": function}]
    assert api.assistant(tools=tools, metadata={"file_id": GONE, "file_ids": GONE})["tools"] == tools


def test_what_is_no_id_of_a_file(api: Api) -> None:
    body: Json = {"messages": [MESSAGE, MESSAGE | {"attachments": [{"file_id": "x-1", "tools": []}]}]}
    text = "Invalid 'messages[1].attachments[0].file_id': 'x-1'. Expected an ID that begins with 'file'."
    assert api.refused("/threads", body) == (400, text)
