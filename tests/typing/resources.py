"""The type of what each method of a sync client gives, in each view: for mypy and pyright, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import httpx

import assistream
from assistream import AssistantEventHandler, Client, HttpxBinaryResponseContent
from assistream import RawResponse as Raw
from assistream.pagination import SyncCursorPage, SyncPage
from assistream.resources.beta import Assistants
from assistream.resources.beta.threads.runs import Runs
from assistream.transport.streamed import ResponseContextManager as Streamed
from assistream.types import (
    Assistant,
    AssistantDeleted,
    AssistantFile,
    AssistantFileDeleted,
    FileContentResponse,
    FileDeleted,
    FileObject,
    Message,
    MessageDeleted,
    MessageFile,
    Model,
    Run,
    RunStep,
    Thread,
    ThreadDeleted,
    VectorStore,
    VectorStoreDeleted,
    VectorStoreFile,
    VectorStoreFileBatch,
    VectorStoreFileDeleted,
    VectorStoreSearchResponse,
)


def paths_of_the_reference_client(client: Client) -> None:
    assert_type(client.beta.assistants, Assistants)
    assert_type(client.beta.threads.runs, Runs)
    assert_type(client.beta.assistants.retrieve("a"), assistream.types.beta.Assistant)
    assert_type(client.beta.threads.runs.retrieve("r", thread_id="t"), assistream.types.beta.threads.run.Run)
    assert_type(client.beta.threads.runs, assistream.resources.beta.threads.runs.Runs)
    manager: assistream.lib.streaming.AssistantStreamManager[AssistantEventHandler]
    manager = client.beta.threads.runs.stream("t", assistant_id="a")
    assert_type(manager.__enter__(), AssistantEventHandler)


def direct(client: Client) -> None:
    assert_type(client.get("/x", cast_to=Run), Run)
    assert_type(client.post("/x", cast_to=dict[str, int], body={}, options={"params": {"a": 1}}), dict[str, int])
    assert_type(client.request("POST", "/x", cast_to=httpx.Response), httpx.Response)
    assert_type(client.is_closed(), bool)


def on_the_class(client: Client) -> None:
    Assistants.create(client.beta.assistants, model="m")
    Assistants.create(client.beta.assistants, modle="m")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- refused


def plain(client: Client, path: Path) -> None:
    files = client.files
    assert_type(files.create(file=path, purpose="assistants"), FileObject)
    assert_type(files.retrieve("f"), FileObject)
    assert_type(files.list(purpose="p"), SyncCursorPage[FileObject])
    assert_type(files.delete("f"), FileDeleted)
    assert_type(files.content("f"), HttpxBinaryResponseContent)
    assert_type(files.retrieve_content("f"), str)
    assert_type(files.wait_for_processing("f", poll_interval=1), FileObject)
    models = client.models
    assert_type(models.retrieve("m"), Model)
    assert_type(models.list(), SyncPage[Model])
    vector_stores = client.vector_stores
    assert_type(vector_stores.create(file_ids=["f"]), VectorStore)
    assert_type(vector_stores.retrieve("v"), VectorStore)
    assert_type(vector_stores.update("v", name=None), VectorStore)
    assert_type(vector_stores.list(limit=3), SyncCursorPage[VectorStore])
    assert_type(vector_stores.delete("v"), VectorStoreDeleted)
    assert_type(vector_stores.search("v", query="q"), SyncPage[VectorStoreSearchResponse])
    stored = client.vector_stores.files
    assert_type(stored.create("v", file_id="f"), VectorStoreFile)
    assert_type(stored.retrieve("f", vector_store_id="v"), VectorStoreFile)
    assert_type(stored.update("f", vector_store_id="v", attributes={"a": 1}), VectorStoreFile)
    assert_type(stored.list("v", filter="failed"), SyncCursorPage[VectorStoreFile])
    assert_type(stored.delete("f", vector_store_id="v"), VectorStoreFileDeleted)
    assert_type(stored.content("f", vector_store_id="v"), SyncPage[FileContentResponse])
    assert_type(stored.poll("f", vector_store_id="v", poll_interval_ms=1), VectorStoreFile)
    assert_type(stored.create_and_poll("f", vector_store_id="v"), VectorStoreFile)
    assert_type(stored.upload(vector_store_id="v", file=b"x"), VectorStoreFile)
    assert_type(stored.upload_and_poll(vector_store_id="v", file=("n", b"x", "t")), VectorStoreFile)
    batches = client.vector_stores.file_batches
    assert_type(batches.create("v", file_ids=["f"]), VectorStoreFileBatch)
    assert_type(batches.retrieve("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(batches.cancel("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(batches.list_files("b", vector_store_id="v"), SyncCursorPage[VectorStoreFile])
    assert_type(batches.poll("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(batches.create_and_poll("v", file_ids=["f"]), VectorStoreFileBatch)
    assert_type(batches.upload_and_poll("v", files=[path, b"x"]), VectorStoreFileBatch)
    attached = client.beta.assistants.files
    assert_type(attached.create("a", file_id="f"), AssistantFile)
    assert_type(attached.retrieve("f", assistant_id="a"), AssistantFile)
    assert_type(attached.list("a"), SyncCursorPage[AssistantFile])
    assert_type(attached.delete("f", assistant_id="a"), AssistantFileDeleted)
    assistants = client.beta.assistants
    assert_type(assistants.create(model="m"), Assistant)
    assert_type(assistants.retrieve("a"), Assistant)
    assert_type(assistants.update("a", file_ids=["f"]), Assistant)
    assert_type(assistants.list(), SyncCursorPage[Assistant])
    assert_type(assistants.delete("a"), AssistantDeleted)
    threads = client.beta.threads
    assert_type(threads.create(), Thread)
    assert_type(threads.retrieve("t"), Thread)
    assert_type(threads.update("t", metadata=None), Thread)
    assert_type(threads.list(order="asc"), SyncCursorPage[Thread])
    assert_type(threads.delete("t"), ThreadDeleted)
    assert_type(threads.create_and_run(assistant_id="a"), Run)
    assert_type(threads.create_and_run_poll(assistant_id="a"), Run)
    messages = client.beta.threads.messages
    assert_type(messages.create("t", role="user", content="c"), Message)
    assert_type(messages.retrieve("m", thread_id="t"), Message)
    assert_type(messages.update("m", thread_id="t", metadata={}), Message)
    assert_type(messages.list("t", run_id="r"), SyncCursorPage[Message])
    assert_type(messages.delete("m", thread_id="t"), MessageDeleted)
    attached_to_message = client.beta.threads.messages.files
    assert_type(attached_to_message.retrieve("f", thread_id="t", message_id="m"), MessageFile)
    assert_type(attached_to_message.list("m", thread_id="t"), SyncCursorPage[MessageFile])
    runs = client.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Run)
    assert_type(runs.retrieve("r", thread_id="t"), Run)
    assert_type(runs.update("r", thread_id="t"), Run)
    assert_type(runs.list("t"), SyncCursorPage[Run])
    assert_type(runs.cancel("r", thread_id="t"), Run)
    assert_type(runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Run)
    assert_type(runs.poll("r", "t", poll_interval_ms=1), Run)
    assert_type(runs.create_and_poll("t", assistant_id="a"), Run)
    assert_type(runs.submit_tool_outputs_and_poll("r", "t", tool_outputs=[]), Run)
    steps = client.beta.threads.runs.steps
    assert_type(steps.retrieve("s", thread_id="t", run_id="r"), RunStep)
    assert_type(steps.list("r", thread_id="t", include=["x"]), SyncCursorPage[RunStep])


def raw(client: Client, path: Path) -> None:
    files = client.with_raw_response.files
    assert_type(files.create(file=path, purpose="assistants"), Raw[FileObject])
    assert_type(files.retrieve("f"), Raw[FileObject])
    assert_type(files.list(purpose="p"), Raw[SyncCursorPage[FileObject]])
    assert_type(files.delete("f"), Raw[FileDeleted])
    assert_type(files.content("f"), Raw[HttpxBinaryResponseContent])
    assert_type(files.retrieve_content("f"), Raw[str])
    models = client.with_raw_response.models
    assert_type(models.retrieve("m"), Raw[Model])
    assert_type(models.list(), Raw[SyncPage[Model]])
    vector_stores = client.with_raw_response.vector_stores
    assert_type(vector_stores.create(file_ids=["f"]), Raw[VectorStore])
    assert_type(vector_stores.retrieve("v"), Raw[VectorStore])
    assert_type(vector_stores.update("v", name=None), Raw[VectorStore])
    assert_type(vector_stores.list(limit=3), Raw[SyncCursorPage[VectorStore]])
    assert_type(vector_stores.delete("v"), Raw[VectorStoreDeleted])
    assert_type(vector_stores.search("v", query="q"), Raw[SyncPage[VectorStoreSearchResponse]])
    stored = client.with_raw_response.vector_stores.files
    assert_type(stored.create("v", file_id="f"), Raw[VectorStoreFile])
    assert_type(stored.retrieve("f", vector_store_id="v"), Raw[VectorStoreFile])
    assert_type(stored.update("f", vector_store_id="v", attributes={"a": 1}), Raw[VectorStoreFile])
    assert_type(stored.list("v", filter="failed"), Raw[SyncCursorPage[VectorStoreFile]])
    assert_type(stored.delete("f", vector_store_id="v"), Raw[VectorStoreFileDeleted])
    assert_type(stored.content("f", vector_store_id="v"), Raw[SyncPage[FileContentResponse]])
    batches = client.with_raw_response.vector_stores.file_batches
    assert_type(batches.create("v", file_ids=["f"]), Raw[VectorStoreFileBatch])
    assert_type(batches.retrieve("b", vector_store_id="v"), Raw[VectorStoreFileBatch])
    assert_type(batches.cancel("b", vector_store_id="v"), Raw[VectorStoreFileBatch])
    assert_type(batches.list_files("b", vector_store_id="v"), Raw[SyncCursorPage[VectorStoreFile]])
    attached = client.with_raw_response.beta.assistants.files
    assert_type(attached.create("a", file_id="f"), Raw[AssistantFile])
    assert_type(attached.retrieve("f", assistant_id="a"), Raw[AssistantFile])
    assert_type(attached.list("a"), Raw[SyncCursorPage[AssistantFile]])
    assert_type(attached.delete("f", assistant_id="a"), Raw[AssistantFileDeleted])
    assistants = client.with_raw_response.beta.assistants
    assert_type(assistants.create(model="m"), Raw[Assistant])
    assert_type(assistants.retrieve("a"), Raw[Assistant])
    assert_type(assistants.update("a", file_ids=["f"]), Raw[Assistant])
    assert_type(assistants.list(), Raw[SyncCursorPage[Assistant]])
    assert_type(assistants.delete("a"), Raw[AssistantDeleted])
    threads = client.with_raw_response.beta.threads
    assert_type(threads.create(), Raw[Thread])
    assert_type(threads.retrieve("t"), Raw[Thread])
    assert_type(threads.update("t", metadata=None), Raw[Thread])
    assert_type(threads.list(order="asc"), Raw[SyncCursorPage[Thread]])
    assert_type(threads.delete("t"), Raw[ThreadDeleted])
    assert_type(threads.create_and_run(assistant_id="a"), Raw[Run])
    messages = client.with_raw_response.beta.threads.messages
    assert_type(messages.create("t", role="user", content="c"), Raw[Message])
    assert_type(messages.retrieve("m", thread_id="t"), Raw[Message])
    assert_type(messages.update("m", thread_id="t", metadata={}), Raw[Message])
    assert_type(messages.list("t", run_id="r"), Raw[SyncCursorPage[Message]])
    assert_type(messages.delete("m", thread_id="t"), Raw[MessageDeleted])
    attached_to_message = client.with_raw_response.beta.threads.messages.files
    assert_type(attached_to_message.retrieve("f", thread_id="t", message_id="m"), Raw[MessageFile])
    assert_type(attached_to_message.list("m", thread_id="t"), Raw[SyncCursorPage[MessageFile]])
    runs = client.with_raw_response.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Raw[Run])
    assert_type(runs.retrieve("r", thread_id="t"), Raw[Run])
    assert_type(runs.update("r", thread_id="t"), Raw[Run])
    assert_type(runs.list("t"), Raw[SyncCursorPage[Run]])
    assert_type(runs.cancel("r", thread_id="t"), Raw[Run])
    assert_type(runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Raw[Run])
    steps = client.with_raw_response.beta.threads.runs.steps
    assert_type(steps.retrieve("s", thread_id="t", run_id="r"), Raw[RunStep])
    assert_type(steps.list("r", thread_id="t", include=["x"]), Raw[SyncCursorPage[RunStep]])


def streaming(client: Client, path: Path) -> None:
    files = client.with_streaming_response.files
    assert_type(files.create(file=path, purpose="assistants"), Streamed[FileObject])
    assert_type(files.retrieve("f"), Streamed[FileObject])
    assert_type(files.list(purpose="p"), Streamed[SyncCursorPage[FileObject]])
    assert_type(files.delete("f"), Streamed[FileDeleted])
    assert_type(files.content("f"), Streamed[bytes])
    assert_type(files.retrieve_content("f"), Streamed[str])
    models = client.with_streaming_response.models
    assert_type(models.retrieve("m"), Streamed[Model])
    assert_type(models.list(), Streamed[SyncPage[Model]])
    vector_stores = client.with_streaming_response.vector_stores
    assert_type(vector_stores.create(file_ids=["f"]), Streamed[VectorStore])
    assert_type(vector_stores.retrieve("v"), Streamed[VectorStore])
    assert_type(vector_stores.update("v", name=None), Streamed[VectorStore])
    assert_type(vector_stores.list(limit=3), Streamed[SyncCursorPage[VectorStore]])
    assert_type(vector_stores.delete("v"), Streamed[VectorStoreDeleted])
    assert_type(vector_stores.search("v", query="q"), Streamed[SyncPage[VectorStoreSearchResponse]])
    stored = client.with_streaming_response.vector_stores.files
    assert_type(stored.create("v", file_id="f"), Streamed[VectorStoreFile])
    assert_type(stored.retrieve("f", vector_store_id="v"), Streamed[VectorStoreFile])
    assert_type(stored.update("f", vector_store_id="v", attributes={"a": 1}), Streamed[VectorStoreFile])
    assert_type(stored.list("v", filter="failed"), Streamed[SyncCursorPage[VectorStoreFile]])
    assert_type(stored.delete("f", vector_store_id="v"), Streamed[VectorStoreFileDeleted])
    assert_type(stored.content("f", vector_store_id="v"), Streamed[SyncPage[FileContentResponse]])
    batches = client.with_streaming_response.vector_stores.file_batches
    assert_type(batches.create("v", file_ids=["f"]), Streamed[VectorStoreFileBatch])
    assert_type(batches.retrieve("b", vector_store_id="v"), Streamed[VectorStoreFileBatch])
    assert_type(batches.cancel("b", vector_store_id="v"), Streamed[VectorStoreFileBatch])
    assert_type(batches.list_files("b", vector_store_id="v"), Streamed[SyncCursorPage[VectorStoreFile]])
    attached = client.with_streaming_response.beta.assistants.files
    assert_type(attached.create("a", file_id="f"), Streamed[AssistantFile])
    assert_type(attached.retrieve("f", assistant_id="a"), Streamed[AssistantFile])
    assert_type(attached.list("a"), Streamed[SyncCursorPage[AssistantFile]])
    assert_type(attached.delete("f", assistant_id="a"), Streamed[AssistantFileDeleted])
    assistants = client.with_streaming_response.beta.assistants
    assert_type(assistants.create(model="m"), Streamed[Assistant])
    assert_type(assistants.retrieve("a"), Streamed[Assistant])
    assert_type(assistants.update("a", file_ids=["f"]), Streamed[Assistant])
    assert_type(assistants.list(), Streamed[SyncCursorPage[Assistant]])
    assert_type(assistants.delete("a"), Streamed[AssistantDeleted])
    threads = client.with_streaming_response.beta.threads
    assert_type(threads.create(), Streamed[Thread])
    assert_type(threads.retrieve("t"), Streamed[Thread])
    assert_type(threads.update("t", metadata=None), Streamed[Thread])
    assert_type(threads.list(order="asc"), Streamed[SyncCursorPage[Thread]])
    assert_type(threads.delete("t"), Streamed[ThreadDeleted])
    assert_type(threads.create_and_run(assistant_id="a"), Streamed[Run])
    messages = client.with_streaming_response.beta.threads.messages
    assert_type(messages.create("t", role="user", content="c"), Streamed[Message])
    assert_type(messages.retrieve("m", thread_id="t"), Streamed[Message])
    assert_type(messages.update("m", thread_id="t", metadata={}), Streamed[Message])
    assert_type(messages.list("t", run_id="r"), Streamed[SyncCursorPage[Message]])
    assert_type(messages.delete("m", thread_id="t"), Streamed[MessageDeleted])
    attached_to_message = client.with_streaming_response.beta.threads.messages.files
    assert_type(attached_to_message.retrieve("f", thread_id="t", message_id="m"), Streamed[MessageFile])
    assert_type(attached_to_message.list("m", thread_id="t"), Streamed[SyncCursorPage[MessageFile]])
    runs = client.with_streaming_response.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Streamed[Run])
    assert_type(runs.retrieve("r", thread_id="t"), Streamed[Run])
    assert_type(runs.update("r", thread_id="t"), Streamed[Run])
    assert_type(runs.list("t"), Streamed[SyncCursorPage[Run]])
    assert_type(runs.cancel("r", thread_id="t"), Streamed[Run])
    assert_type(runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Streamed[Run])
    steps = client.with_streaming_response.beta.threads.runs.steps
    assert_type(steps.retrieve("s", thread_id="t", run_id="r"), Streamed[RunStep])
    assert_type(steps.list("r", thread_id="t", include=["x"]), Streamed[SyncCursorPage[RunStep]])


def told(client: Client) -> None:
    client.beta.threads.runs.poll("r", "t", on_poll=lambda run: assert_type(run, Run))
    client.vector_stores.files.poll("f", vector_store_id="v", on_poll=lambda file: assert_type(file, VectorStoreFile))


def refused(client: Client) -> None:
    client.files.create(file="a.txt", purpose="assistants")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- a str is no path
    client.vector_stores.files.poll("f")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- of which store?
