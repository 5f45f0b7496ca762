"""The bodies and queries of requests about vector stores, with the limits of the API."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from .schemas import (
    INTEGRAL,
    Body,
    ChunkingStrategy,
    FileId,
    ListOf,
    Metadata,
    PageQuery,
    by_shape,
    counted_pairs,
)
from .vector_stores.filters import DEEPEST, MOST, MOST_VALUES, listed, size
from .vector_stores.words import LONGEST_QUESTION


def _kind(value: object) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string" if isinstance(value, str) else None


# The number of a value of an attribute, or of a filter. 1 stays 1 and does not become 1.0.
_SCALAR = Discriminator(_kind, custom_error_type="shape", custom_error_message="a string, a number or a boolean")
Value: TypeAlias = Annotated[
    Annotated[str, Field(max_length=512), Tag("string")]
    | Annotated[int | float, Tag("number")]
    | Annotated[bool, Tag("boolean")],
    _SCALAR,
]
Attributes: TypeAlias = Annotated[
    dict[Annotated[str, Field(max_length=64)], Value], Field(max_length=16), BeforeValidator(counted_pairs)
]


class ExpiresAfter(Body):
    anchor: Literal["last_active_at"]
    days: Annotated[int, Field(ge=1, le=365), INTEGRAL]


class CreateVectorStore(Body):
    name: str | None = None
    description: str | None = None
    file_ids: Annotated[ListOf[FileId], Field(max_length=500)] | None = None
    chunking_strategy: ChunkingStrategy | None = None
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None


class UpdateVectorStore(Body):
    name: str | None = None
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None


class AddFile(Body):
    file_id: FileId
    attributes: Attributes | None = None
    chunking_strategy: ChunkingStrategy | None = None


class ChangeFile(Body):
    attributes: Attributes | None


class CreateBatch(Body):
    file_ids: Annotated[ListOf[FileId], Field(min_length=1, max_length=2000)] | None = None
    files: Annotated[ListOf[AddFile], Field(min_length=1, max_length=2000)] | None = None
    attributes: Attributes | None = None
    chunking_strategy: ChunkingStrategy | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.file_ids is None) is (self.files is None):
            raise PydanticCustomError("files", "expected either 'file_ids' or 'files'")
        return self

    @property
    def added(self) -> list[AddFile]:
        """The files; what the batch says of all counts for those that are named by their ids."""
        if self.files is not None:
            return self.files
        common = AddFile(file_id="file-", attributes=self.attributes, chunking_strategy=self.chunking_strategy)
        return [common.model_copy(update={"file_id": id}) for id in self.file_ids or []]


class Comparison(Body):
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte"]
    key: str
    value: Value


class Membership(Body):
    type: Literal["in", "nin"]
    key: str
    value: ListOf[Value]


class Compound(Body):
    type: Literal["and", "or"]
    filters: ListOf[Filter]


Filter: TypeAlias = Annotated[Comparison | Membership | Compound, Field(discriminator="type")]


def _bounded(filters: object) -> object:
    """Before they are looked at closely, which is recursive."""
    comparisons, levels = size(filters)
    if comparisons > MOST or levels > DEEPEST:
        text = "too many filters. Expected at most {most} comparisons, in at most {deepest} levels"
        raise PydanticCustomError("filters", text, {"most": MOST, "deepest": DEEPEST})
    if listed(filters) > MOST_VALUES:
        raise PydanticCustomError("filters", "too many values. Expected at most {most} in all", {"most": MOST_VALUES})
    return filters


class SearchRanking(Body):
    ranker: Literal["none", "auto", "default-2024-11-15", "default_2024_08_21"] | None = None
    score_threshold: Annotated[float, Field(ge=0, le=1)] | None = None


Question: TypeAlias = Annotated[str, Field(max_length=LONGEST_QUESTION)]


class Search(Body):
    query: Annotated[
        Annotated[Question, Tag("string")]
        | Annotated[ListOf[Question], Field(min_length=1, max_length=32), Tag("array")],
        by_shape("a string or an array of strings"),
    ]
    filters: Annotated[Filter, BeforeValidator(_bounded)] | None = None
    max_num_results: Annotated[int, Field(ge=1, le=50), INTEGRAL] | None = None
    ranking_options: SearchRanking | None = None
    rewrite_query: bool | None = None

    @property
    def queries(self) -> list[str]:
        return [self.query] if isinstance(self.query, str) else self.query


class StoreFileQuery(PageQuery):
    filter: Literal["in_progress", "completed", "failed", "cancelled"] | None = None

    @property
    def where(self) -> dict[str, str]:
        return {"status": self.filter} if self.filter else {}


Compound.model_rebuild()

__all__ = [
    "AddFile",
    "ChangeFile",
    "CreateBatch",
    "CreateVectorStore",
    "Search",
    "StoreFileQuery",
    "UpdateVectorStore",
]
