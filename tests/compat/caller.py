"""Call every operation of a client, each call below an address of its own, so that a server can tell them apart.

::

    python caller.py openai http://127.0.0.1:1234 v2

The operation that is number 7 of the table is called at ``/sync/7`` and ``/async/7``. What fails is printed as JSON, a
line each: the colour, the number, the error. Run by the Python that has the client, and imports nothing else of ours.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

Operation = tuple[str, tuple[Any, ...], dict[str, Any]]

LEFT_OUT = "<left out>"  # stands for the client's own NOT_GIVEN
THIS_FILE = "<this file>"  # for an open file, which each call needs anew

META = {"metadata": {"key": "wörth"}}
PAGE: dict[str, Any] = {"after": "obj_0", "before": "obj_9", "limit": 2, "order": "asc"}
THREAD = {"thread_id": "thread_1"}
RUN = {"thread_id": "thread_1", "run_id": "run_1"}
STORE = {"vector_store_id": "vs_1"}
POLL = {"poll_interval_ms": 1}
CHUNKS = {
    "chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
}
OPTIONS = {"extra_headers": {"OpenAI-Beta": "x"}, "extra_query": {"q": 1}, "extra_body": {"more": 1}, "timeout": 5}
FUNCTION = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}
OUTPUTS = {"tool_outputs": [{"tool_call_id": "call_1", "output": "42"}, {"tool_call_id": "call_2", "output": "é"}]}
FILES: list[Any] = [
    *(b"some bytes", ("name.txt", b"some bytes"), ("name.txt", b"some bytes", "text/x-mine"), Path(__file__)),
    THIS_FILE,
]


def every_way_to_run(run: dict[str, Any], whole: dict[str, Any]) -> Iterator[Operation]:
    """The methods that start a run on a thread, or on a new one, and those that answer its calls."""
    runs, threads = "beta.threads.runs", "beta.threads"
    for more in ({}, {"stream": False}, {"stream": True}):
        yield f"{runs}.create", ("thread_1",), {**run, **more}
        yield f"{threads}.create_and_run", (), {**whole, **more}
        yield f"{runs}.submit_tool_outputs", ("run_1",), {**THREAD, **OUTPUTS, **more}
    yield f"{runs}.create_and_stream", (), {**THREAD, **run}
    yield f"{runs}.stream", (), {**THREAD, **run}
    yield f"{runs}.create_and_poll", (), {**THREAD, **run, **POLL}
    yield f"{threads}.create_and_run_stream", (), whole
    yield f"{threads}.create_and_run_poll", (), {**whole, **POLL}
    yield f"{runs}.submit_tool_outputs_stream", (), {**RUN, **OUTPUTS}
    yield f"{runs}.submit_tool_outputs_and_poll", (), {**RUN, **OUTPUTS, **POLL}
    yield f"{runs}.poll", ("run_1", "thread_1"), POLL


def simple(name: str, of: dict[str, str] | None = None, page: dict[str, Any] | None = None) -> Iterator[Operation]:
    """What most resources have: retrieve, list, delete. `of` is what such an object belongs to."""
    of = of or {}
    yield f"{name}.retrieve", ("obj_1",), of
    yield f"{name}.list", tuple(of.values()), {}
    yield f"{name}.list", tuple(of.values()), page or PAGE
    yield f"{name}.delete", ("obj_1",), of


SHARED: list[Operation] = [
    *simple("beta.assistants"),
    ("beta.threads.create", (), {}),
    ("beta.threads.create", (), OPTIONS),
    ("beta.threads.create", (), {"metadata": LEFT_OUT}),
    ("beta.threads.create", (), {"metadata": None}),
    ("beta.threads.retrieve", ("thread_1",), {**OPTIONS, "extra_body": None}),
    ("beta.threads.update", ("thread_1",), META),
    ("beta.threads.delete", ("thread_1",), OPTIONS),
    ("beta.threads.messages.retrieve", ("msg_1",), THREAD),
    ("beta.threads.messages.update", ("msg_1",), {**THREAD, **META}),
    ("beta.threads.messages.list", ("thread_1",), {**PAGE, "run_id": "run_1"}),
    ("beta.threads.runs.retrieve", ("run_1",), THREAD),
    ("beta.threads.runs.update", ("run_1",), {**THREAD, **META}),
    ("beta.threads.runs.list", ("thread_1",), PAGE),
    ("beta.threads.runs.cancel", ("run_1",), THREAD),
    ("beta.threads.runs.steps.list", ("run_1",), {**THREAD, **PAGE}),
    ("beta.threads.runs.steps.retrieve", ("step_1",), RUN),
    *simple("files", page={"purpose": "assistants"}),
    *(("files.create", (), {"file": file, "purpose": "assistants"}) for file in FILES),
    ("files.content", ("file_1",), {}),
    ("files.retrieve_content", ("file_1",), {}),
    ("files.wait_for_processing", ("file_1",), {"poll_interval": 0.001}),
    ("models.list", (), {}),
    ("models.retrieve", ("gpt-4",), {}),
]

RUN_1 = {"assistant_id": "asst_1", "instructions": "i", "model": "m", "temperature": 0.5, **META}
TOOLS_1 = {"tools": [{"type": "retrieval"}, {"type": "code_interpreter"}, FUNCTION]}
MESSAGE_1: dict[str, Any] = {"role": "user", "content": "hi", "file_ids": ["file_1"], **META}

V1: list[Operation] = [
    *SHARED,
    ("beta.assistants.create", (), {"model": "m", "name": None, "file_ids": ["file_1"], **TOOLS_1, **META}),
    ("beta.assistants.update", ("asst_1",), {"file_ids": [], "description": "d", **TOOLS_1}),
    *simple("beta.assistants.files", {"assistant_id": "asst_1"}),
    ("beta.assistants.files.create", ("asst_1",), {"file_id": "file_1"}),
    ("beta.threads.create", (), {"messages": [MESSAGE_1], **META}),
    ("beta.threads.messages.create", ("thread_1",), MESSAGE_1),
    ("beta.threads.messages.files.list", ("msg_1",), {**THREAD, **PAGE}),
    ("beta.threads.messages.files.retrieve", ("file_1",), {**THREAD, "message_id": "msg_1"}),
    *every_way_to_run(
        {**RUN_1, **TOOLS_1, "additional_instructions": "a"}, {**RUN_1, **TOOLS_1, "thread": {"messages": [MESSAGE_1]}}
    ),
]

SCHEMA = {"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object"}, "strict": True}}
RESOURCES = {"code_interpreter": {"file_ids": ["file_1"]}, "file_search": {"vector_store_ids": ["vs_1"]}}
NEW_RESOURCES = {"file_search": {"vector_stores": [{"file_ids": ["file_1"], **CHUNKS, **META}]}}
TOOLS_2 = {
    "tools": [{"type": "file_search", "file_search": {"max_num_results": 3}}, {"type": "code_interpreter"}, FUNCTION]
}
MODEL_2 = {"temperature": 0.5, "top_p": 1, "response_format": SCHEMA}
MESSAGE_2: dict[str, Any] = {
    "role": "user",
    "content": [
        {"type": "text", "text": "hi"},
        {"type": "image_url", "image_url": {"url": "http://x/y.png", "detail": "low"}},
        {"type": "image_file", "image_file": {"file_id": "file_1"}},
    ],
    "attachments": [{"file_id": "file_1", "tools": [{"type": "file_search"}]}],
    **META,
}
RUN_2: dict[str, Any] = {
    **RUN_1,
    **TOOLS_2,
    **MODEL_2,
    "max_completion_tokens": 256,
    "max_prompt_tokens": 256,
    "parallel_tool_calls": False,
    "tool_choice": {"type": "function", "function": {"name": "f"}},
    "truncation_strategy": {"type": "last_messages", "last_messages": 1},
}
MORE_2 = {"additional_instructions": "a", "additional_messages": [MESSAGE_2]}
THREAD_2 = {"messages": [MESSAGE_2], "tool_resources": NEW_RESOURCES, **META}
PIECES = {"include": ["step_details.tool_calls[*].file_search.results[*].content"]}
EITHER = {"type": "or", "filters": [{"type": "eq", "key": "k", "value": True}, {"type": "lt", "key": "k", "value": 1}]}

V2: list[Operation] = [
    *SHARED,
    ("beta.assistants.create", (), {"model": "m", "tool_resources": NEW_RESOURCES, **TOOLS_2, **MODEL_2, **META}),
    ("beta.assistants.create", (), {"model": "m", "response_format": "auto", "reasoning_effort": "high"}),
    ("beta.assistants.update", ("asst_1",), {"name": None, "tool_resources": RESOURCES, **TOOLS_2, **MODEL_2}),
    ("beta.threads.create", (), THREAD_2),
    ("beta.threads.retrieve", ("thread_1",), OPTIONS),
    ("beta.threads.update", ("thread_1",), {"tool_resources": RESOURCES}),
    ("beta.threads.messages.create", ("thread_1",), MESSAGE_2),
    ("beta.threads.messages.delete", ("msg_1",), THREAD),
    *every_way_to_run({**RUN_2, **MORE_2}, {**RUN_2, "tool_resources": RESOURCES, "thread": THREAD_2}),
    ("beta.threads.runs.create", ("thread_1",), {"assistant_id": "asst_1", "reasoning_effort": "low", **PIECES}),
    ("beta.threads.runs.stream", (), {**THREAD, "assistant_id": "asst_1", **PIECES}),
    ("beta.threads.runs.create_and_poll", (), {**THREAD, "assistant_id": "asst_1", **PIECES, **POLL}),
    ("beta.threads.runs.steps.list", ("run_1",), {**THREAD, **PAGE, **PIECES}),
    ("beta.threads.runs.steps.retrieve", ("step_1",), {**RUN, **PIECES}),
    ("files.list", (), {"after": "file_0", "limit": 2, "order": "desc", "purpose": "user_data"}),
    (
        "files.create",
        (),
        {"file": b"x", "purpose": "vision", "expires_after": {"anchor": "created_at", "seconds": 3600}},
    ),
    *simple("vector_stores"),
    ("vector_stores.create", (), {}),
    ("vector_stores.create", (), {"name": "n", "file_ids": ["file_1"], **CHUNKS, **META}),
    ("vector_stores.create", (), {"expires_after": {"anchor": "last_active_at", "days": 1}}),
    ("vector_stores.update", ("vs_1",), {"name": None, "expires_after": None, **META}),
    ("vector_stores.search", ("vs_1",), {"query": "q"}),
    (
        "vector_stores.search",
        ("vs_1",),
        {
            "query": ["p", "q"],
            "filters": {"type": "eq", "key": "k", "value": True},
            "max_num_results": 3,
            "ranking_options": {"ranker": "auto", "score_threshold": 0.5},
            "rewrite_query": True,
        },
    ),
    ("vector_stores.search", ("vs_1",), {"query": "q", "filters": EITHER}),
    *simple("vector_stores.files", STORE, {**PAGE, "filter": "completed"}),
    ("vector_stores.files.create", ("vs_1",), {"file_id": "file_1", "attributes": {"k": 1.5}, **CHUNKS}),
    ("vector_stores.files.update", ("file_1",), {**STORE, "attributes": {"k": True}}),
    ("vector_stores.files.content", ("file_1",), STORE),
    ("vector_stores.files.poll", ("file_1",), {**STORE, **POLL}),
    ("vector_stores.files.create_and_poll", ("file_1",), {**STORE, "attributes": {"k": "v"}, **CHUNKS, **POLL}),
    ("vector_stores.files.upload", (), {**STORE, "file": b"x", **CHUNKS}),
    ("vector_stores.files.upload_and_poll", (), {**STORE, "file": b"x", "attributes": {"k": "v"}, **CHUNKS, **POLL}),
    ("vector_stores.file_batches.create", ("vs_1",), {"file_ids": ["file_1"], "attributes": {"k": "v"}, **CHUNKS}),
    ("vector_stores.file_batches.retrieve", ("vsfb_1",), STORE),
    ("vector_stores.file_batches.cancel", ("vsfb_1",), STORE),
    ("vector_stores.file_batches.list_files", ("vsfb_1",), {**STORE, **PAGE, "filter": "failed"}),
    ("vector_stores.file_batches.poll", ("vsfb_1",), {**STORE, **POLL}),
    ("vector_stores.file_batches.create_and_poll", ("vs_1",), {"file_ids": ["file_1"], **CHUNKS, **POLL}),
    (
        "vector_stores.file_batches.upload_and_poll",
        ("vs_1",),
        {"files": [b"x", ("name.txt", b"y")], "file_ids": ["file_1"], **CHUNKS, **POLL},
    ),
]

TABLES = {"v1": V1, "v2": V2}


def ready(value: Any, module: Any) -> Any:
    """An argument, with what stands for something of the client's."""
    if value == LEFT_OUT:
        return module.NOT_GIVEN
    return Path(__file__).open("rb") if value == THIS_FILE else value


def call(client: Any, operation: Operation, module: Any) -> Any:
    name, args, keywords = operation
    return attrgetter(name)(client)(*args, **{key: ready(value, module) for key, value in keywords.items()})


def play(client: Any, operation: Operation, module: Any) -> None:
    result = call(client, operation, module)
    if operation[0].endswith("stream") or operation[2].get("stream"):
        with result:
            pass


async def async_play(client: Any, operation: Operation, module: Any) -> None:
    result = call(client, operation, module)
    if inspect.isawaitable(result):
        result = await result
    if operation[0].endswith("stream") or operation[2].get("stream"):
        async with result:
            pass


def tell(colour: str, number: int, error: Exception) -> None:
    print(json.dumps([colour, number, f"{type(error).__name__}: {error}"]))


def play_all(module: Any, url: str, operations: list[Operation], options: dict[str, Any]) -> None:
    with module.OpenAI(base_url=url, **options) as client:
        for number, operation in enumerate(operations):
            try:
                play(client.with_options(base_url=f"{url}/sync/{number}"), operation, module)
            except Exception as error:
                tell("sync", number, error)


async def async_play_all(module: Any, url: str, operations: list[Operation], options: dict[str, Any]) -> None:
    async with module.AsyncOpenAI(base_url=url, **options) as client:
        for number, operation in enumerate(operations):
            try:
                await async_play(client.with_options(base_url=f"{url}/async/{number}"), operation, module)
            except Exception as error:
                tell("async", number, error)


def main(client: str, url: str, version: str) -> None:
    module = importlib.import_module(client)
    options: dict[str, Any] = {"api_key": "none", "max_retries": 0}
    if client == "assistream":
        options["assistants_version"] = version
    play_all(module, url, TABLES[version], options)
    asyncio.run(async_play_all(module, url, TABLES[version], options))


if __name__ == "__main__":
    main(*sys.argv[1:])
