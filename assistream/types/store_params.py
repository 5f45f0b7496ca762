"""The parameters of files and vector stores; as in params.py, each stated once."""

# No `from __future__ import annotations` here, for the reason given in params.py.

import os
from collections.abc import Iterable, Mapping
from typing import IO, Literal, Required, TypeAlias, TypedDict

from .base import Omittable
from .files import FilePurpose
from .inputs import FileChunkingStrategyParam, MetadataParam
from .params import PageParams, RequestOptions

FileContent: TypeAlias = IO[bytes] | bytes | os.PathLike[str]
FileTypes: TypeAlias = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
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
    purpose: Required[FilePurpose]
    expires_after: Omittable[FileExpiresAfterParam]


class FileListParams(RequestOptions, total=False):
    """Which files: those for one purpose, and which part of the list (1 to 10 000)."""

    purpose: Omittable[str]
    limit: Omittable[int]
    order: Omittable[Literal["asc", "desc"]]
    after: Omittable[str]


class AssistantFileCreateParams(RequestOptions, total=False):
    """Give an assistant a file (v1)."""

    file_id: Required[str]


class ExpiresAfterParam(TypedDict):
    """When a vector store expires: so many days after it was last used."""

    anchor: Literal["last_active_at"]
    days: int


class VectorStoreCreateParams(RequestOptions, total=False):
    """Make a vector store."""

    name: Omittable[str]
    description: Omittable[str]
    file_ids: Omittable[Iterable[str]]
    chunking_strategy: Omittable[FileChunkingStrategyParam]
    expires_after: Omittable[ExpiresAfterParam]
    metadata: Omittable[MetadataParam | None]


class VectorStoreUpdateParams(RequestOptions, total=False):
    """Change a vector store."""

    name: Omittable[str | None]
    expires_after: Omittable[ExpiresAfterParam | None]
    metadata: Omittable[MetadataParam | None]


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
    filters: Omittable[VectorStoreFiltersParam]
    max_num_results: Omittable[int]
    ranking_options: Omittable[SearchRankingOptionsParam]
    rewrite_query: Omittable[bool]


class VectorStoreFileOptions(RequestOptions, total=False):
    """How a file is taken into a vector store."""

    attributes: Omittable[AttributesParam | None]
    chunking_strategy: Omittable[FileChunkingStrategyParam]


class VectorStoreFileCreateParams(VectorStoreFileOptions, total=False):
    """Take a file into a vector store."""

    file_id: Required[str]


class VectorStoreFileUpdateParams(RequestOptions, total=False):
    """Change the attributes of a file in a vector store."""

    attributes: Required[AttributesParam | None]


class VectorStoreFileListParams(PageParams, total=False):
    """Which part of the files of a vector store, or of a batch, and in which state."""

    filter: Omittable[Literal["in_progress", "completed", "failed", "cancelled"]]


class BatchFileParam(TypedDict, total=False):
    """A file of a batch that has attributes, or is cut, in a way of its own."""

    file_id: Required[str]
    attributes: AttributesParam | None
    chunking_strategy: FileChunkingStrategyParam


class FileBatchCreateParams(VectorStoreFileOptions, total=False):
    """Take files into a vector store together: by their ids, or each with its own options."""

    file_ids: Omittable[Iterable[str]]
    files: Omittable[Iterable[BatchFileParam]]
