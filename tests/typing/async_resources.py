"""The type of what each method of an async client gives, in each view: for mypy and pyright, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from assistream import AsyncClient, HttpxBinaryResponseContent
from assistream import RawResponse as Raw
from assistream.pagination import AsyncCursorPage, AsyncPage
from assistream.transport.pagination import AsyncPaginator
from assistream.transport.streamed import AsyncResponseContextManager as Streamed
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


async def plain(client: AsyncClient, path: Path) -> None:
    files = client.files
    assert_type(await files.create(file=path, purpose="assistants"), FileObject)
    assert_type(await files.retrieve("f"), FileObject)
    assert_type(files.list(purpose="p"), AsyncPaginator[FileObject, AsyncCursorPage[FileObject]])
    assert_type(await files.list(purpose="p"), AsyncCursorPage[FileObject])
    assert_type(await files.delete("f"), FileDeleted)
    assert_type(await files.content("f"), HttpxBinaryResponseContent)
    assert_type(await files.retrieve_content("f"), str)
    assert_type(await files.wait_for_processing("f", poll_interval=1), FileObject)
    models = client.models
    assert_type(await models.retrieve("m"), Model)
    assert_type(models.list(), AsyncPaginator[Model, AsyncPage[Model]])
    assert_type(await models.list(), AsyncPage[Model])
    vector_stores = client.vector_stores
    assert_type(await vector_stores.create(file_ids=["f"]), VectorStore)
    assert_type(await vector_stores.retrieve("v"), VectorStore)
    assert_type(await vector_stores.update("v", name=None), VectorStore)
    assert_type(vector_stores.list(limit=3), AsyncPaginator[VectorStore, AsyncCursorPage[VectorStore]])
    assert_type(await vector_stores.list(limit=3), AsyncCursorPage[VectorStore])
    assert_type(await vector_stores.delete("v"), VectorStoreDeleted)
    assert_type(
        vector_stores.search("v", query="q"),
        AsyncPaginator[VectorStoreSearchResponse, AsyncPage[VectorStoreSearchResponse]],
    )
    assert_type(await vector_stores.search("v", query="q"), AsyncPage[VectorStoreSearchResponse])
    stored = client.vector_stores.files
    assert_type(await stored.create("v", file_id="f"), VectorStoreFile)
    assert_type(await stored.retrieve("f", vector_store_id="v"), VectorStoreFile)
    assert_type(await stored.update("f", vector_store_id="v", attributes={"a": 1}), VectorStoreFile)
    assert_type(stored.list("v", filter="failed"), AsyncPaginator[VectorStoreFile, AsyncCursorPage[VectorStoreFile]])
    assert_type(await stored.list("v", filter="failed"), AsyncCursorPage[VectorStoreFile])
    assert_type(await stored.delete("f", vector_store_id="v"), VectorStoreFileDeleted)
    assert_type(
        stored.content("f", vector_store_id="v"), AsyncPaginator[FileContentResponse, AsyncPage[FileContentResponse]]
    )
    assert_type(await stored.content("f", vector_store_id="v"), AsyncPage[FileContentResponse])
    assert_type(await stored.poll("f", vector_store_id="v", poll_interval_ms=1), VectorStoreFile)
    assert_type(await stored.create_and_poll("f", vector_store_id="v"), VectorStoreFile)
    assert_type(await stored.upload(vector_store_id="v", file=b"x"), VectorStoreFile)
    assert_type(await stored.upload_and_poll(vector_store_id="v", file=("n", b"x", "t")), VectorStoreFile)
    batches = client.vector_stores.file_batches
    assert_type(await batches.create("v", file_ids=["f"]), VectorStoreFileBatch)
    assert_type(await batches.retrieve("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(await batches.cancel("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(
        batches.list_files("b", vector_store_id="v"), AsyncPaginator[VectorStoreFile, AsyncCursorPage[VectorStoreFile]]
    )
    assert_type(await batches.list_files("b", vector_store_id="v"), AsyncCursorPage[VectorStoreFile])
    assert_type(await batches.poll("b", vector_store_id="v"), VectorStoreFileBatch)
    assert_type(await batches.create_and_poll("v", file_ids=["f"]), VectorStoreFileBatch)
    assert_type(await batches.upload_and_poll("v", files=[path, b"x"]), VectorStoreFileBatch)
    attached = client.beta.assistants.files
    assert_type(await attached.create("a", file_id="f"), AssistantFile)
    assert_type(await attached.retrieve("f", assistant_id="a"), AssistantFile)
    assert_type(attached.list("a"), AsyncPaginator[AssistantFile, AsyncCursorPage[AssistantFile]])
    assert_type(await attached.list("a"), AsyncCursorPage[AssistantFile])
    assert_type(await attached.delete("f", assistant_id="a"), AssistantFileDeleted)
    assistants = client.beta.assistants
    assert_type(await assistants.create(model="m"), Assistant)
    assert_type(await assistants.retrieve("a"), Assistant)
    assert_type(await assistants.update("a", file_ids=["f"]), Assistant)
    assert_type(assistants.list(), AsyncPaginator[Assistant, AsyncCursorPage[Assistant]])
    assert_type(await assistants.list(), AsyncCursorPage[Assistant])
    assert_type(await assistants.delete("a"), AssistantDeleted)
    threads = client.beta.threads
    assert_type(await threads.create(), Thread)
    assert_type(await threads.retrieve("t"), Thread)
    assert_type(await threads.update("t", metadata=None), Thread)
    assert_type(threads.list(order="asc"), AsyncPaginator[Thread, AsyncCursorPage[Thread]])
    assert_type(await threads.list(order="asc"), AsyncCursorPage[Thread])
    assert_type(await threads.delete("t"), ThreadDeleted)
    assert_type(await threads.create_and_run(assistant_id="a"), Run)
    assert_type(await threads.create_and_run_poll(assistant_id="a"), Run)
    messages = client.beta.threads.messages
    assert_type(await messages.create("t", role="user", content="c"), Message)
    assert_type(await messages.retrieve("m", thread_id="t"), Message)
    assert_type(await messages.update("m", thread_id="t", metadata={}), Message)
    assert_type(messages.list("t", run_id="r"), AsyncPaginator[Message, AsyncCursorPage[Message]])
    assert_type(await messages.list("t", run_id="r"), AsyncCursorPage[Message])
    assert_type(await messages.delete("m", thread_id="t"), MessageDeleted)
    attached_to_message = client.beta.threads.messages.files
    assert_type(await attached_to_message.retrieve("f", thread_id="t", message_id="m"), MessageFile)
    assert_type(attached_to_message.list("m", thread_id="t"), AsyncPaginator[MessageFile, AsyncCursorPage[MessageFile]])
    assert_type(await attached_to_message.list("m", thread_id="t"), AsyncCursorPage[MessageFile])
    runs = client.beta.threads.runs
    assert_type(await runs.create("t", assistant_id="a"), Run)
    assert_type(await runs.retrieve("r", thread_id="t"), Run)
    assert_type(await runs.update("r", thread_id="t"), Run)
    assert_type(runs.list("t"), AsyncPaginator[Run, AsyncCursorPage[Run]])
    assert_type(await runs.list("t"), AsyncCursorPage[Run])
    assert_type(await runs.cancel("r", thread_id="t"), Run)
    assert_type(await runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Run)
    assert_type(await runs.poll("r", "t", poll_interval_ms=1), Run)
    assert_type(await runs.create_and_poll("t", assistant_id="a"), Run)
    assert_type(await runs.submit_tool_outputs_and_poll("r", "t", tool_outputs=[]), Run)
    steps = client.beta.threads.runs.steps
    assert_type(await steps.retrieve("s", thread_id="t", run_id="r"), RunStep)
    assert_type(steps.list("r", thread_id="t", include=["x"]), AsyncPaginator[RunStep, AsyncCursorPage[RunStep]])
    assert_type(await steps.list("r", thread_id="t", include=["x"]), AsyncCursorPage[RunStep])


async def raw(client: AsyncClient, path: Path) -> None:
    files = client.with_raw_response.files
    assert_type(await files.create(file=path, purpose="assistants"), Raw[FileObject])
    assert_type(await files.retrieve("f"), Raw[FileObject])
    assert_type(await files.list(purpose="p"), Raw[AsyncCursorPage[FileObject]])
    assert_type(await files.delete("f"), Raw[FileDeleted])
    assert_type(await files.content("f"), Raw[HttpxBinaryResponseContent])
    assert_type(await files.retrieve_content("f"), Raw[str])
    models = client.with_raw_response.models
    assert_type(await models.retrieve("m"), Raw[Model])
    assert_type(await models.list(), Raw[AsyncPage[Model]])
    vector_stores = client.with_raw_response.vector_stores
    assert_type(await vector_stores.create(file_ids=["f"]), Raw[VectorStore])
    assert_type(await vector_stores.retrieve("v"), Raw[VectorStore])
    assert_type(await vector_stores.update("v", name=None), Raw[VectorStore])
    assert_type(await vector_stores.list(limit=3), Raw[AsyncCursorPage[VectorStore]])
    assert_type(await vector_stores.delete("v"), Raw[VectorStoreDeleted])
    assert_type(await vector_stores.search("v", query="q"), Raw[AsyncPage[VectorStoreSearchResponse]])
    stored = client.with_raw_response.vector_stores.files
    assert_type(await stored.create("v", file_id="f"), Raw[VectorStoreFile])
    assert_type(await stored.retrieve("f", vector_store_id="v"), Raw[VectorStoreFile])
    assert_type(await stored.update("f", vector_store_id="v", attributes={"a": 1}), Raw[VectorStoreFile])
    assert_type(await stored.list("v", filter="failed"), Raw[AsyncCursorPage[VectorStoreFile]])
    assert_type(await stored.delete("f", vector_store_id="v"), Raw[VectorStoreFileDeleted])
    assert_type(await stored.content("f", vector_store_id="v"), Raw[AsyncPage[FileContentResponse]])
    batches = client.with_raw_response.vector_stores.file_batches
    assert_type(await batches.create("v", file_ids=["f"]), Raw[VectorStoreFileBatch])
    assert_type(await batches.retrieve("b", vector_store_id="v"), Raw[VectorStoreFileBatch])
    assert_type(await batches.cancel("b", vector_store_id="v"), Raw[VectorStoreFileBatch])
    assert_type(await batches.list_files("b", vector_store_id="v"), Raw[AsyncCursorPage[VectorStoreFile]])
    attached = client.with_raw_response.beta.assistants.files
    assert_type(await attached.create("a", file_id="f"), Raw[AssistantFile])
    assert_type(await attached.retrieve("f", assistant_id="a"), Raw[AssistantFile])
    assert_type(await attached.list("a"), Raw[AsyncCursorPage[AssistantFile]])
    assert_type(await attached.delete("f", assistant_id="a"), Raw[AssistantFileDeleted])
    assistants = client.with_raw_response.beta.assistants
    assert_type(await assistants.create(model="m"), Raw[Assistant])
    assert_type(await assistants.retrieve("a"), Raw[Assistant])
    assert_type(await assistants.update("a", file_ids=["f"]), Raw[Assistant])
    assert_type(await assistants.list(), Raw[AsyncCursorPage[Assistant]])
    assert_type(await assistants.delete("a"), Raw[AssistantDeleted])
    threads = client.with_raw_response.beta.threads
    assert_type(await threads.create(), Raw[Thread])
    assert_type(await threads.retrieve("t"), Raw[Thread])
    assert_type(await threads.update("t", metadata=None), Raw[Thread])
    assert_type(await threads.list(order="asc"), Raw[AsyncCursorPage[Thread]])
    assert_type(await threads.delete("t"), Raw[ThreadDeleted])
    assert_type(await threads.create_and_run(assistant_id="a"), Raw[Run])
    messages = client.with_raw_response.beta.threads.messages
    assert_type(await messages.create("t", role="user", content="c"), Raw[Message])
    assert_type(await messages.retrieve("m", thread_id="t"), Raw[Message])
    assert_type(await messages.update("m", thread_id="t", metadata={}), Raw[Message])
    assert_type(await messages.list("t", run_id="r"), Raw[AsyncCursorPage[Message]])
    assert_type(await messages.delete("m", thread_id="t"), Raw[MessageDeleted])
    attached_to_message = client.with_raw_response.beta.threads.messages.files
    assert_type(await attached_to_message.retrieve("f", thread_id="t", message_id="m"), Raw[MessageFile])
    assert_type(await attached_to_message.list("m", thread_id="t"), Raw[AsyncCursorPage[MessageFile]])
    runs = client.with_raw_response.beta.threads.runs
    assert_type(await runs.create("t", assistant_id="a"), Raw[Run])
    assert_type(await runs.retrieve("r", thread_id="t"), Raw[Run])
    assert_type(await runs.update("r", thread_id="t"), Raw[Run])
    assert_type(await runs.list("t"), Raw[AsyncCursorPage[Run]])
    assert_type(await runs.cancel("r", thread_id="t"), Raw[Run])
    assert_type(await runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Raw[Run])
    steps = client.with_raw_response.beta.threads.runs.steps
    assert_type(await steps.retrieve("s", thread_id="t", run_id="r"), Raw[RunStep])
    assert_type(await steps.list("r", thread_id="t", include=["x"]), Raw[AsyncCursorPage[RunStep]])


def streaming(client: AsyncClient, path: Path) -> None:
    files = client.with_streaming_response.files
    assert_type(files.create(file=path, purpose="assistants"), Streamed[FileObject])
    assert_type(files.retrieve("f"), Streamed[FileObject])
    assert_type(files.list(purpose="p"), Streamed[AsyncCursorPage[FileObject]])
    assert_type(files.delete("f"), Streamed[FileDeleted])
    assert_type(files.content("f"), Streamed[bytes])
    assert_type(files.retrieve_content("f"), Streamed[str])
    models = client.with_streaming_response.models
    assert_type(models.retrieve("m"), Streamed[Model])
    assert_type(models.list(), Streamed[AsyncPage[Model]])
    vector_stores = client.with_streaming_response.vector_stores
    assert_type(vector_stores.create(file_ids=["f"]), Streamed[VectorStore])
    assert_type(vector_stores.retrieve("v"), Streamed[VectorStore])
    assert_type(vector_stores.update("v", name=None), Streamed[VectorStore])
    assert_type(vector_stores.list(limit=3), Streamed[AsyncCursorPage[VectorStore]])
    assert_type(vector_stores.delete("v"), Streamed[VectorStoreDeleted])
    assert_type(vector_stores.search("v", query="q"), Streamed[AsyncPage[VectorStoreSearchResponse]])
    stored = client.with_streaming_response.vector_stores.files
    assert_type(stored.create("v", file_id="f"), Streamed[VectorStoreFile])
    assert_type(stored.retrieve("f", vector_store_id="v"), Streamed[VectorStoreFile])
    assert_type(stored.update("f", vector_store_id="v", attributes={"a": 1}), Streamed[VectorStoreFile])
    assert_type(stored.list("v", filter="failed"), Streamed[AsyncCursorPage[VectorStoreFile]])
    assert_type(stored.delete("f", vector_store_id="v"), Streamed[VectorStoreFileDeleted])
    assert_type(stored.content("f", vector_store_id="v"), Streamed[AsyncPage[FileContentResponse]])
    batches = client.with_streaming_response.vector_stores.file_batches
    assert_type(batches.create("v", file_ids=["f"]), Streamed[VectorStoreFileBatch])
    assert_type(batches.retrieve("b", vector_store_id="v"), Streamed[VectorStoreFileBatch])
    assert_type(batches.cancel("b", vector_store_id="v"), Streamed[VectorStoreFileBatch])
    assert_type(batches.list_files("b", vector_store_id="v"), Streamed[AsyncCursorPage[VectorStoreFile]])
    attached = client.with_streaming_response.beta.assistants.files
    assert_type(attached.create("a", file_id="f"), Streamed[AssistantFile])
    assert_type(attached.retrieve("f", assistant_id="a"), Streamed[AssistantFile])
    assert_type(attached.list("a"), Streamed[AsyncCursorPage[AssistantFile]])
    assert_type(attached.delete("f", assistant_id="a"), Streamed[AssistantFileDeleted])
    assistants = client.with_streaming_response.beta.assistants
    assert_type(assistants.create(model="m"), Streamed[Assistant])
    assert_type(assistants.retrieve("a"), Streamed[Assistant])
    assert_type(assistants.update("a", file_ids=["f"]), Streamed[Assistant])
    assert_type(assistants.list(), Streamed[AsyncCursorPage[Assistant]])
    assert_type(assistants.delete("a"), Streamed[AssistantDeleted])
    threads = client.with_streaming_response.beta.threads
    assert_type(threads.create(), Streamed[Thread])
    assert_type(threads.retrieve("t"), Streamed[Thread])
    assert_type(threads.update("t", metadata=None), Streamed[Thread])
    assert_type(threads.list(order="asc"), Streamed[AsyncCursorPage[Thread]])
    assert_type(threads.delete("t"), Streamed[ThreadDeleted])
    assert_type(threads.create_and_run(assistant_id="a"), Streamed[Run])
    messages = client.with_streaming_response.beta.threads.messages
    assert_type(messages.create("t", role="user", content="c"), Streamed[Message])
    assert_type(messages.retrieve("m", thread_id="t"), Streamed[Message])
    assert_type(messages.update("m", thread_id="t", metadata={}), Streamed[Message])
    assert_type(messages.list("t", run_id="r"), Streamed[AsyncCursorPage[Message]])
    assert_type(messages.delete("m", thread_id="t"), Streamed[MessageDeleted])
    attached_to_message = client.with_streaming_response.beta.threads.messages.files
    assert_type(attached_to_message.retrieve("f", thread_id="t", message_id="m"), Streamed[MessageFile])
    assert_type(attached_to_message.list("m", thread_id="t"), Streamed[AsyncCursorPage[MessageFile]])
    runs = client.with_streaming_response.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a"), Streamed[Run])
    assert_type(runs.retrieve("r", thread_id="t"), Streamed[Run])
    assert_type(runs.update("r", thread_id="t"), Streamed[Run])
    assert_type(runs.list("t"), Streamed[AsyncCursorPage[Run]])
    assert_type(runs.cancel("r", thread_id="t"), Streamed[Run])
    assert_type(runs.submit_tool_outputs("r", thread_id="t", tool_outputs=[]), Streamed[Run])
    steps = client.with_streaming_response.beta.threads.runs.steps
    assert_type(steps.retrieve("s", thread_id="t", run_id="r"), Streamed[RunStep])
    assert_type(steps.list("r", thread_id="t", include=["x"]), Streamed[AsyncCursorPage[RunStep]])


async def told(client: AsyncClient) -> None:
    async def tell(batch: VectorStoreFileBatch) -> None: ...

    await client.vector_stores.file_batches.poll("b", vector_store_id="v", on_poll=tell)
    await client.files.create(file="a.txt", purpose="assistants")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- a str is no path
