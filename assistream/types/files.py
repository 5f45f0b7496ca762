"""Files: what was uploaded for tools, or made by them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from .base import BaseModel, always

FilePurpose: TypeAlias = (
    Literal[
        "assistants",
        "assistants_output",
        "batch",
        "batch_output",
        "fine-tune",
        "fine-tune-results",
        "vision",
        "user_data",
        "evals",
    ]
    | str
)

FileContent: TypeAlias = str
"""What a file holds, as text."""


class FileObject(BaseModel):
    """A file."""

    id: str
    object: Annotated[Literal["file"], always] = "file"
    bytes: Annotated[int, always] = 0
    """Its size."""
    created_at: Annotated[int, always] = 0
    """In seconds since 1970."""
    filename: Annotated[str, always] = ""
    purpose: Annotated[FilePurpose, always] = ""
    """What it was uploaded for, or who made it."""
    status: Annotated[Literal["uploaded", "processed", "error"] | str, always] = ""
    """"uploaded", then "processed", or "error"."""
    expires_at: int | None = None
    """In seconds since 1970; None if it stays."""
    status_details: str | None = None
    """Why it could not be processed; None if it could."""


class FileDeleted(BaseModel):
    """The answer to deleting a file."""

    id: str
    object: Annotated[Literal["file"], always] = "file"
    deleted: Annotated[bool, always] = True
