"""The bodies of requests in version 1, and their translation into version 2: below the views there is one version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from . import schemas
from .schemas import Body, CodeInterpreterTool, FileId, FileIds, FunctionTool, Instructions, ListOf, Metadata


class RetrievalTool(Body):
    """Version 2 calls it file_search."""

    type: Literal["retrieval"]


Tool: TypeAlias = Annotated[CodeInterpreterTool | FunctionTool | RetrievalTool, Field(discriminator="type")]
Tools: TypeAlias = Annotated[ListOf[Tool], Field(max_length=128)]


class AssistantSettings(Body):
    name: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=512)] | None = None
    instructions: Instructions | None = None
    tools: Tools | None = None
    file_ids: FileIds | None = None
    metadata: Metadata | None = None


class CreateAssistant(AssistantSettings):
    model: str


class UpdateAssistant(AssistantSettings):
    model: str | None = None


class AttachFile(Body):
    """The body of an operation that version 1 has alone."""

    file_id: FileId


class CreateMessage(Body):
    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=256_000)]
    file_ids: Annotated[ListOf[FileId], Field(max_length=10)] | None = None
    metadata: Metadata | None = None


class UpdateThread(Body):
    metadata: Metadata | None = None


class CreateThread(UpdateThread):
    messages: ListOf[CreateMessage] | None = None


class CreateRun(schemas.RunOptions):
    """Budgets, truncation and the choice of tools came to version 1, too, shortly before version 2."""

    tools: Annotated[ListOf[Tool], Field(max_length=20)] | None = None
    additional_instructions: Instructions | None = None
    additional_messages: ListOf[CreateMessage] | None = None


class CreateThreadAndRun(schemas.RunOptions):
    tools: Annotated[ListOf[Tool], Field(max_length=20)] | None = None
    thread: CreateThread | None = None


class _CreateAttaching(schemas.CreateAssistant):
    file_ids: FileIds | None = None


class _UpdateAttaching(schemas.UpdateAssistant):
    file_ids: FileIds | None = None


# For the body that a view asks for: what version 1 sends, and what the view is given.
BODIES: Mapping[type[BaseModel], tuple[type[Body], type[BaseModel]]] = {
    schemas.CreateAssistant: (CreateAssistant, _CreateAttaching),
    schemas.UpdateAssistant: (UpdateAssistant, _UpdateAttaching),
    schemas.CreateMessage: (CreateMessage, schemas.CreateMessage),
    schemas.CreateThread: (CreateThread, schemas.CreateThread),
    schemas.UpdateThread: (UpdateThread, schemas.UpdateThread),
    schemas.CreateRun: (CreateRun, schemas.CreateRun),
    schemas.CreateThreadAndRun: (CreateThreadAndRun, schemas.CreateThreadAndRun),
}
_ANY_TOOL = [{"type": "code_interpreter"}, {"type": "file_search"}]


def translated(body: Body) -> dict[str, Any]:
    """The same body as version 2 says it; an assistant's ``file_ids`` stay, for it has no word for them."""
    fields = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(body, CreateMessage):
        return _message(fields)
    return _with_tools(fields)


def _with_tools(fields: dict[str, Any]) -> dict[str, Any]:
    for name in ("messages", "additional_messages"):
        if fields.get(name):
            fields[name] = [_message(message) for message in fields[name]]
    if fields.get("thread"):
        fields["thread"] = _with_tools(fields["thread"])
    if fields.get("tools"):
        fields["tools"] = [{"type": "file_search"} if tool["type"] == "retrieval" else tool for tool in fields["tools"]]
    return fields


def _message(fields: dict[str, Any]) -> dict[str, Any]:
    """A file of a message is for all tools of whichever assistant will read it."""
    if (ids := fields.pop("file_ids", None)) is not None:
        fields["attachments"] = [{"file_id": id, "tools": _ANY_TOOL} for id in ids]
    return fields
