"""Models: what a server lets assistants use."""

from __future__ import annotations

from typing import Annotated, Literal

from .base import BaseModel, always


class Model(BaseModel):
    """A model that the server offers; its `id` is its name."""

    id: str
    object: Annotated[Literal["model"], always] = "model"
    created: Annotated[int, always] = 0
    owned_by: Annotated[str, always] = ""
