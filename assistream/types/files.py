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


class FileObject(BaseModel):
    """A file."""

    id: str
    object: Annotated[Literal["file"], always] = "file"
    bytes: Annotated[int, always] = 0
    created_at: Annotated[int, always] = 0
    filename: Annotated[str, always] = ""
    purpose: Annotated[FilePurpose, always] = ""
    status: Annotated[Literal["uploaded", "processed", "error"] | str, always] = ""
    expires_at: int | None = None
    status_details: str | None = None


class FileDeleted(BaseModel):
    """The answer to deleting a file."""

    id: str
    object: Annotated[Literal["file"], always] = "file"
    deleted: Annotated[bool, always] = True
