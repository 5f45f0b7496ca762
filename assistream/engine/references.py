"""The files that a request names: they must be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from . import contents
from .errors import Refused
from .schemas import Body
from .store import Store
from .tables import FILES
from .transaction import Transaction

# The keys below which files are named: metadata, or the parameters of a function, may have a ``file_id`` of their own.
_LEADING = frozenset(
    "tool_resources code_interpreter file_search vector_stores attachments content image_file"
    " messages additional_messages thread file_id file_ids".split()
)


async def files_of(store: Store, body: Body) -> list[str]:
    """The files that a body names; before they are looked for, those go whose time is over."""
    named = list(dict.fromkeys(_files_in(body.fields())))
    if named:
        await contents.sweep(store)
    return named


async def refuse_unknown(transaction: Transaction, file_ids: Sequence[str]) -> None:
    for id in await transaction.absent(FILES, file_ids):
        raise Refused("not_found", kind="file", id=id)


def _files_in(value: object, name: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            if key in _LEADING:
                yield from _files_in(inner, key)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _files_in(inner, name)
    elif isinstance(value, str) and name in ("file_id", "file_ids"):
        yield value
