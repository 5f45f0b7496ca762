"""Threads: conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from .assistants import ToolResources
from .base import BaseModel, Metadata, always


class Thread(BaseModel):
    """A conversation that messages are added to and runs work on."""

    id: str
    object: Annotated[Literal["thread"], always] = "thread"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970."""
    metadata: Metadata | None = None
    """What the program attached."""
    tool_resources: ToolResources | None = None
    """The files and vector stores that tools have at hand in this thread (v2)."""


class ThreadDeleted(BaseModel):
    """The answer to deleting a thread."""

    id: str
    object: Annotated[Literal["thread.deleted"], always] = "thread.deleted"
    deleted: Annotated[bool, always] = True
