"""The files and vector stores that a request names: they must be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from . import contents
from .errors import Refused
from .schemas import Body
from .store import Store
from .tables import FILES, VECTOR_STORES
from .transaction import Transaction

# The keys below which files are named: metadata, or the parameters of a function, may have a ``file_id`` of their own.
_LEADING = frozenset(
    "tool_resources code_interpreter file_search vector_stores attachments content image_file"
    " messages additional_messages thread files file_id file_ids vector_store_ids".split()
)


async def files_of(store: Store, body: Body) -> list[str]:
    """The files that a body names; before they are looked for, those go whose time is over."""
    named = list(dict.fromkeys(_named_in(body.fields(), "file_id", "file_ids")))
    if named:
        await contents.sweep(store)
    return named


async def refuse_unknown(transaction: Transaction, file_ids: Sequence[str]) -> None:
    for id in await transaction.absent(FILES, file_ids):
        raise Refused("not_found", kind="file", id=id)


async def refuse_unknown_stores(transaction: Transaction, body: Body) -> None:
    for id in await transaction.absent(VECTOR_STORES, list(_named_in(body.fields(), "vector_store_ids"))):
        raise Refused("not_found", kind="vector store", id=id)


def _named_in(value: object, *wanted: str, name: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            if key in _LEADING:
                yield from _named_in(inner, *wanted, name=key)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _named_in(inner, *wanted, name=name)
    elif isinstance(value, str) and name in wanted:
        yield value
