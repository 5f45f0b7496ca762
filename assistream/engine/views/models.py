from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from starlette.responses import Response

from ..errors import Refused
from ..lifecycle import Document
from ..models.base import ModelError
from .call import Call


@runtime_checkable
class Catalog(Protocol):
    """A model that stands for several, as a model server does: it tells their names, or raises `ModelError`."""

    async def available(self) -> Sequence[str]: ...


async def all(call: Call) -> Response:
    return call.listed([_document(call, name) for name in await _names(call)], has_more=False)


async def retrieve(call: Call) -> Response:
    name = call.id("model")
    if name not in await _names(call):
        raise Refused("no_model", model=name, param="model")
    return call.reply(_document(call, name))


async def _names(call: Call) -> Sequence[str]:
    model = call.services.model
    if not isinstance(model, Catalog):
        return [_own_name(model)]
    try:
        return await model.available()
    except ModelError as error:
        raise Refused("no_models", reason=error.message) from error


def _own_name(model: object) -> str:
    name: object = getattr(model, "name", None)
    return name if isinstance(name, str) and name else type(model).__name__.lower()


def _document(call: Call, name: str) -> Document:
    return {"id": name, "object": "model", "created": call.services.started, "owned_by": "assistream"}
