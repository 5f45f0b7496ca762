"""Vector stores: files cut into pieces that file search can find."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .base import BaseModel, Metadata, Open, Unknown, always

VectorStoreStatus: TypeAlias = Literal["expired", "in_progress", "completed"] | str
VectorStoreFileStatus: TypeAlias = Literal["in_progress", "completed", "cancelled", "failed"] | str
Attributes: TypeAlias = dict[str, str | float | bool]


class FileCounts(BaseModel):
    """How many files are in which state."""

    in_progress: Annotated[int, always] = 0
    completed: Annotated[int, always] = 0
    failed: Annotated[int, always] = 0
    cancelled: Annotated[int, always] = 0
    total: Annotated[int, always] = 0


class ExpiresAfter(BaseModel):
    """When a vector store expires: so many days after it was last used."""

    anchor: Annotated[Literal["last_active_at"] | str, always] = "last_active_at"
    days: Annotated[int, always] = 0
    """From 1 to 365."""


class VectorStore(BaseModel):
    """A set of files that can be searched."""

    id: str
    object: Annotated[Literal["vector_store"], always] = "vector_store"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970, as all that ends in `_at`."""
    name: str | None = None
    usage_bytes: Annotated[int, always] = 0
    """How much room its files take."""
    file_counts: Annotated[FileCounts, always] = Field(default_factory=FileCounts)
    """How many files are in which state."""
    status: Annotated[VectorStoreStatus, always] = ""
    """"in_progress" while files are taken in, "completed" when it can be searched, or "expired"."""
    expires_after: ExpiresAfter | None = None
    """None if it stays."""
    expires_at: int | None = None
    """None if it stays."""
    last_active_at: int | None = None
    """When it was last used; None if it never was."""
    metadata: Metadata | None = None
    """What the program attached."""


class VectorStoreDeleted(BaseModel):
    """The answer to deleting a vector store."""

    id: str
    object: Annotated[Literal["vector_store.deleted"], always] = "vector_store.deleted"
    deleted: Annotated[bool, always] = True


class StaticFileChunkingStrategy(BaseModel):
    """Sizes of the pieces that a file is cut into."""

    max_chunk_size_tokens: Annotated[int, always] = 0
    chunk_overlap_tokens: Annotated[int, always] = 0


class StaticFileChunkingStrategyObject(BaseModel):
    """The file is cut into pieces of these sizes."""

    type: Literal["static"]
    static: Annotated[StaticFileChunkingStrategy, always] = Field(default_factory=StaticFileChunkingStrategy)


class OtherFileChunkingStrategyObject(BaseModel):
    """The file was cut before such sizes were recorded."""

    type: Literal["other"]


class UnknownFileChunkingStrategy(Unknown):
    """The file is cut in a way not known here."""


FileChunkingStrategy: TypeAlias = Annotated[
    StaticFileChunkingStrategyObject | OtherFileChunkingStrategyObject | UnknownFileChunkingStrategy, Open()
]


class VectorStoreFileError(BaseModel):
    """Why a file could not be added."""

    code: Annotated[Literal["server_error", "unsupported_file", "invalid_file"] | str, always] = ""
    message: Annotated[str, always] = ""


class VectorStoreFile(BaseModel):
    """A file in a vector store; its `id` is the file's."""

    id: str
    object: Annotated[Literal["vector_store.file"], always] = "vector_store.file"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970: when it was put into the vector store."""
    vector_store_id: Annotated[str, always] = ""
    usage_bytes: Annotated[int, always] = 0
    """How much room it takes there, which may be other than its size."""
    status: Annotated[VectorStoreFileStatus, always] = ""
    """"in_progress" until it can be searched, or "completed", "cancelled", "failed"."""
    last_error: VectorStoreFileError | None = None
    """Why it could not be added; None if it could."""
    attributes: Attributes | None = None
    """What searches can filter by."""
    chunking_strategy: FileChunkingStrategy | None = None
    """How it was cut."""


class VectorStoreFileDeleted(BaseModel):
    """The answer to taking a file out of a vector store; the file itself stays."""

    id: str
    object: Annotated[Literal["vector_store.file.deleted"], always] = "vector_store.file.deleted"
    deleted: Annotated[bool, always] = True


class VectorStoreFileBatch(BaseModel):
    """Files being added to a vector store together."""

    id: str
    object: Annotated[Literal["vector_store.files_batch"], always] = "vector_store.files_batch"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970."""
    vector_store_id: Annotated[str, always] = ""
    status: Annotated[VectorStoreFileStatus, always] = ""
    """"in_progress" until all are processed, well or not; then "completed", or "cancelled", "failed"."""
    file_counts: Annotated[FileCounts, always] = Field(default_factory=FileCounts)
    """How far it is."""


class FileContentResponse(BaseModel):
    """A piece of a file's text, as it was read for searching."""

    type: str | None = None
    text: str | None = None


class VectorStoreSearchContent(BaseModel):
    """A piece of a file that was found."""

    type: Annotated[Literal["text"] | str, always] = "text"
    text: Annotated[str, always] = ""


class VectorStoreSearchResponse(BaseModel):
    """A file that was found, with the pieces that match."""

    file_id: Annotated[str, always] = ""
    filename: Annotated[str, always] = ""
    score: Annotated[float, always] = 0.0
    """From 0 to 1: how well it fits."""
    attributes: Attributes | None = None
    content: Annotated[list[VectorStoreSearchContent], always] = Field(default_factory=list[VectorStoreSearchContent])
    """The pieces that match."""


class ComparisonFilter(BaseModel):
    """Files whose attribute `key` compares so with `value`."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: Annotated[str, always] = ""
    value: Annotated[str | float | bool | list[str | float], always] = ""


class CompoundFilter(BaseModel):
    """Files that all, or any, of these filters let through."""

    type: Literal["and", "or"]
    filters: Annotated[list[ComparisonFilter | CompoundFilter], always] = Field(default=[])
