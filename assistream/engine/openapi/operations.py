"""What the document says of each operation that its address does not: what goes in, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import BaseModel

from ... import types
from .. import schemas, schemas_stores, schemas_v1
from ..routes import View
from ..views import (
    assistants,
    file_batches,
    files,
    held_files,
    messages,
    models,
    runs,
    steps,
    streams,
    threads,
    vector_store_files,
    vector_stores,
)

Form: TypeAlias = Literal["one", "page", "whole", "content", "stream"]


@dataclass(frozen=True, slots=True)
class Operation:
    """``refusals`` are statuses beside those that any operation may end with."""

    summary: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: Form = "one"
    refusals: tuple[int, ...] = ()

    @property
    def begins_run(self) -> bool:
        return self.body in (schemas.CreateRun, schemas.CreateThreadAndRun)

    @property
    def includes(self) -> bool:
        """Whether `include` says how much is told of what was searched."""
        return self.begins_run or self.answer is types.RunStep

    @property
    def may_stream(self) -> bool:
        return self.begins_run or self.body is schemas.SubmitToolOutputs


def _page(summary: str, of: type[BaseModel], query: type[BaseModel] = schemas.PageQuery) -> Operation:
    return Operation(summary, of, query=query, form="page")


_BEGINS = (429, 503)

OPERATIONS: Mapping[View, Operation] = {
    assistants.all: _page("List assistants", types.Assistant),
    assistants.create: Operation("Create an assistant", types.Assistant, schemas.CreateAssistant),
    assistants.retrieve: Operation("Retrieve an assistant", types.Assistant),
    assistants.update: Operation("Change an assistant", types.Assistant, schemas.UpdateAssistant),
    assistants.delete: Operation("Delete an assistant", types.AssistantDeleted),
    held_files.all_of_assistant: _page("List the files of an assistant", types.AssistantFile),
    held_files.attach_to_assistant: Operation(
        "Attach a file to an assistant", types.AssistantFile, schemas_v1.AttachFile
    ),
    held_files.one_of_assistant: Operation("Retrieve a file of an assistant", types.AssistantFile),
    held_files.detach_from_assistant: Operation("Detach a file from an assistant", types.AssistantFileDeleted),
    threads.all: _page("List threads", types.Thread),
    threads.create: Operation("Create a thread", types.Thread, schemas.CreateThread),
    threads.retrieve: Operation("Retrieve a thread", types.Thread),
    threads.update: Operation("Change a thread", types.Thread, schemas.UpdateThread),
    threads.delete: Operation("Delete a thread", types.ThreadDeleted),
    messages.all: _page("List the messages of a thread", types.Message, schemas.MessageQuery),
    messages.create: Operation("Create a message", types.Message, schemas.CreateMessage),
    messages.retrieve: Operation("Retrieve a message", types.Message),
    messages.update: Operation("Change a message", types.Message, schemas.Update),
    messages.delete: Operation("Delete a message", types.MessageDeleted),
    held_files.all_of_message: _page("List the files of a message", types.MessageFile),
    held_files.one_of_message: Operation("Retrieve a file of a message", types.MessageFile),
    runs.create_with_thread: Operation(
        "Create a thread and run it", types.Run, schemas.CreateThreadAndRun, refusals=_BEGINS
    ),
    runs.all: _page("List the runs of a thread", types.Run),
    runs.create: Operation("Create a run", types.Run, schemas.CreateRun, refusals=_BEGINS),
    runs.retrieve: Operation("Retrieve a run", types.Run),
    runs.update: Operation("Change a run", types.Run, schemas.Update),
    runs.cancel: Operation("Cancel a run", types.Run),
    runs.submit_tool_outputs: Operation(
        "Submit the outputs of tool calls", types.Run, schemas.SubmitToolOutputs, refusals=(503,)
    ),
    streams.follow: Operation("Follow the events of a run", types.Run, query=streams.LegQuery, form="stream"),
    steps.all: _page("List the steps of a run", types.RunStep),
    steps.retrieve: Operation("Retrieve a step", types.RunStep),
    files.all: _page("List files", types.FileObject, schemas.FileQuery),
    files.create: Operation("Upload a file", types.FileObject, schemas.FileFields),
    files.retrieve: Operation("Retrieve a file", types.FileObject),
    files.delete: Operation("Delete a file", types.FileDeleted),
    files.content: Operation("Read what a file holds", types.FileObject, form="content"),
    vector_stores.all: _page("List vector stores", types.VectorStore),
    vector_stores.create: Operation("Create a vector store", types.VectorStore, schemas_stores.CreateVectorStore),
    vector_stores.retrieve: Operation("Retrieve a vector store", types.VectorStore),
    vector_stores.update: Operation("Change a vector store", types.VectorStore, schemas_stores.UpdateVectorStore),
    vector_stores.delete: Operation("Delete a vector store", types.VectorStoreDeleted),
    vector_stores.search: Operation(
        "Search a vector store", types.VectorStoreSearchResponse, schemas_stores.Search, form="whole"
    ),
    vector_store_files.all: _page(
        "List the files of a vector store", types.VectorStoreFile, schemas_stores.StoreFileQuery
    ),
    vector_store_files.create: Operation("Add a file", types.VectorStoreFile, schemas_stores.AddFile),
    vector_store_files.retrieve: Operation("Retrieve a file of a vector store", types.VectorStoreFile),
    vector_store_files.update: Operation(
        "Change the attributes of a file", types.VectorStoreFile, schemas_stores.ChangeFile
    ),
    vector_store_files.delete: Operation("Take a file out", types.VectorStoreFileDeleted),
    vector_store_files.content: Operation("Read a file's text", types.FileContentResponse, form="whole"),
    file_batches.create: Operation("Add files", types.VectorStoreFileBatch, schemas_stores.CreateBatch),
    file_batches.retrieve: Operation("Retrieve a batch of files", types.VectorStoreFileBatch),
    file_batches.cancel: Operation("Cancel a batch of files", types.VectorStoreFileBatch),
    file_batches.files: _page("List the files of a batch", types.VectorStoreFile, schemas_stores.StoreFileQuery),
    models.all: Operation("List models", types.Model, form="page", refusals=(502,)),
    models.retrieve: Operation("Retrieve a model", types.Model, refusals=(502,)),
}
