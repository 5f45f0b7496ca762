"""Lists, as the API answers them."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from .base import BaseModel, always

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A list that comes whole."""

    object: Annotated[str, always] = "list"
    data: Annotated[list[T], always] = Field(default=[])


class CursorPage(BaseModel, Generic[T]):
    """A part of a list; the next one starts after `last_id`, if there `has_more`."""

    object: Annotated[Literal["list"], always] = "list"
    data: Annotated[list[T], always] = Field(default=[])
    first_id: str | None = None
    last_id: str | None = None
    has_more: Annotated[bool, always] = False
