"""Models: what a server lets assistants use."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from .base import BaseModel, always

ChatModel: TypeAlias = str
"""The name of a model; which there are, the server knows."""


class Model(BaseModel):
    """A model that the server offers; its `id` is its name."""

    id: str
    object: Annotated[Literal["model"], always] = "model"
    created: Annotated[int, always] = 0
    owned_by: Annotated[str, always] = ""


class ModelDeleted(BaseModel):
    """The answer of a server that lets models be deleted."""

    id: str
    object: Annotated[str, always] = "model"
    deleted: Annotated[bool, always] = True
