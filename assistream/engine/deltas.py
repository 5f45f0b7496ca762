"""What the deltas of an object add up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from .lifecycle import Document


def joined(entries: Iterable[Document], pieces: Iterable[Document]) -> list[Document]:
    """Entries by their index, the strings that pieces add joined; without the index, as whole objects have them."""
    found: dict[int, Document] = dict(enumerate(entries))
    for piece in pieces:
        index = piece["index"]
        rest = {key: value for key, value in piece.items() if key != "index"}
        found[index] = added(found.get(index, {}), rest)
    return [found[index] for index in sorted(found)]


def added(whole: Document, piece: Document) -> Document:
    return whole | {key: _sum(key, whole.get(key), value) for key, value in piece.items()}


def _sum(key: str, old: Any, new: Any) -> Any:
    match new:
        case dict():
            return added(cast("Document", old) if isinstance(old, dict) else {}, cast("Document", new))
        case list():
            pieces = cast("list[Document]", new)
            if all("index" in piece for piece in pieces):
                return joined(cast("list[Document]", old) if isinstance(old, list) else [], pieces)
            return pieces
        case str() if isinstance(old, str) and key not in ("type", "id"):
            return old + new
        case _:
            return cast("object", new)
