"""The parameters of files and vector stores; as in params.py, each stated once."""

# No `from __future__ import annotations` here, for the reason given in params.py.

import os
from collections.abc import Iterable, Mapping
from typing import IO, Literal, Required, TypeAlias, TypedDict

from .base import Omittable
from .files import FilePurpose
from .inputs import FileChunkingStrategyParam, MetadataParam
from .params import PageParams, RequestOptions

FileSource: TypeAlias = IO[bytes] | bytes | os.PathLike[str]
FileTypes: TypeAlias = (
    FileSource
    | tuple[str | None, FileSource]
    | tuple[str | None, FileSource, str | None]
    | tuple[str | None, FileSource, str | None, Mapping[str, str]]
)
"""A file to upload: a path, bytes, a file opened in binary mode; or its name and one of these, and then, if wanted, its
content type, and then headers. It is read while it is sent, and never in memory as a whole."""

AttributesParam: TypeAlias = Mapping[str, str | float | bool]
VectorStoreListParams: TypeAlias = PageParams
ThreadListParams: TypeAlias = PageParams


class FileExpiresAfterParam(TypedDict):
    """When a file expires: so many seconds after it was made."""

    anchor: Literal["created_at"]
    seconds: int


class FileCreateParams(RequestOptions, total=False):
    """Upload a file."""

    file: Required[FileTypes]
    """A `pathlib.Path`, bytes, or a file opened in binary mode; or a tuple of a name, one of these, and its type."""
    purpose: Required[FilePurpose]
    """What it is for: "assistants" for tools and messages, "vision" for images; "batch", "fine-tune", "evals",
    "user_data"."""
    expires_after: Omittable[FileExpiresAfterParam]
    """So many `seconds` after its making, the `anchor` "created_at"; by default it stays."""


class FileListParams(RequestOptions, total=False):
    """Which files: those for one purpose, and which part of the list (1 to 10 000)."""

    after: Omittable[str]
    """The id of a file: those that follow it, in this order."""
    limit: Omittable[int]
    """How many files a page has at most, from 1 to 10 000, the default."""
    order: Omittable[Literal["asc", "desc"]]
    """By the time they were made: "desc", the default, is the newest first."""
    purpose: Omittable[str]
    """Only files for this purpose."""


class AssistantFileCreateParams(RequestOptions, total=False):
    """Give an assistant a file (v1)."""

    file_id: Required[str]
    """The id of a file uploaded for the purpose "assistants"."""


class ExpiresAfterParam(TypedDict):
    """When a vector store expires: so many days after it was last used."""

    anchor: Literal["last_active_at"]
    days: int
    """From 1 to 365."""


class VectorStoreCreateParams(RequestOptions, total=False):
    """Make a vector store."""

    chunking_strategy: Omittable[FileChunkingStrategyParam]
    """How the files are cut: of the type "auto" by the server, or "static" into pieces of given sizes."""
    description: Omittable[str]
    """For people."""
    expires_after: Omittable[ExpiresAfterParam]
    """So many `days` after its last use, the `anchor` "last_active_at"; by default it stays."""
    file_ids: Omittable[Iterable[str]]
    """Its first files."""
    metadata: Omittable[MetadataParam | None]
    """Up to 16 pairs of strings, of 64 and 512 characters."""
    name: Omittable[str]
    """For people."""


class VectorStoreUpdateParams(RequestOptions, total=False):
    """Change a vector store."""

    expires_after: Omittable[ExpiresAfterParam | None]
    """So many `days` after its last use, the `anchor` "last_active_at"; None: never."""
    metadata: Omittable[MetadataParam | None]
    """Instead of what there was: up to 16 pairs of strings, of 64 and 512 characters."""
    name: Omittable[str | None]
    """For people."""


class ComparisonFilterParam(TypedDict):
    """Files whose attribute `key` compares so with `value`."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: str
    value: str | float | bool | list[str | float]


class CompoundFilterParam(TypedDict):
    """Files that all, or any, of these filters let through."""

    type: Literal["and", "or"]
    filters: Iterable["ComparisonFilterParam | CompoundFilterParam"]


VectorStoreFiltersParam: TypeAlias = ComparisonFilterParam | CompoundFilterParam


class SearchRankingOptionsParam(TypedDict, total=False):
    """How results of a search are ranked, and from which score on they count."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | str
    score_threshold: float


class VectorStoreSearchParams(RequestOptions, total=False):
    """Look for pieces of files."""

    query: Required[str | Iterable[str]]
    """What to look for, in words."""
    filters: Omittable[VectorStoreFiltersParam]
    """Only in files whose attributes compare like this: {"type": "eq", "key": ..., "value": ...}, or "and", "or"."""
    max_num_results: Omittable[int]
    """From 1 to 50; 10 by default."""
    ranking_options: Omittable[SearchRankingOptionsParam]
    """How results are ranked, and from which `score_threshold` on they count."""
    rewrite_query: Omittable[bool]
    """Whether the server may word the query anew for the search."""


class VectorStoreFileOptions(RequestOptions, total=False):
    """How a file is taken into a vector store."""

    attributes: Omittable[AttributesParam | None]
    """Up to 16 strings, numbers and bools by name, which searches can filter by."""
    chunking_strategy: Omittable[FileChunkingStrategyParam]
    """How it is cut: of the type "auto" by the server, or "static" into pieces of given sizes."""


class VectorStoreFileCreateParams(VectorStoreFileOptions, total=False):
    """Take a file into a vector store."""

    file_id: Required[str]
    """The id of an uploaded file."""


class VectorStoreFileUpdateParams(RequestOptions, total=False):
    """Change the attributes of a file in a vector store."""

    attributes: Required[AttributesParam | None]
    """Instead of what there was: up to 16 strings, numbers and bools by name, which searches can filter by."""


class VectorStoreFileListParams(PageParams, total=False):
    """Which part of the files of a vector store, or of a batch, and in which state."""

    filter: Omittable[Literal["in_progress", "completed", "failed", "cancelled"]]
    """Only files in this state."""


class BatchFileParam(TypedDict, total=False):
    """A file of a batch that has attributes, or is cut, in a way of its own."""

    file_id: Required[str]
    attributes: AttributesParam | None
    chunking_strategy: FileChunkingStrategyParam


class FileBatchCreateParams(VectorStoreFileOptions, total=False):
    """Take files into a vector store together: by their ids, or each with its own options."""

    file_ids: Omittable[Iterable[str]]
    """The files, with `attributes` and `chunking_strategy` for all; or else `files`."""
    files: Omittable[Iterable[BatchFileParam]]
    """The files, each with attributes and a chunking strategy of its own."""
