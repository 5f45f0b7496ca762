"""Objects of the API in what people saved of its answers: a list, pages of one, an array, a file of JSON lines, or any
of these inside of something of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from ..lifecycle import Document
from .outcome import TransferError


def objects_in_file(path: Path) -> Iterator[Document]:
    """In the order of the file. One of JSON lines is read line by line; any other is in memory as a whole."""
    with path.open("rb") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
        _, line = next(lines, (0, b""))
        if not line:
            raise TransferError(f"{path}: this file is empty. Nothing was imported.")
        try:
            first: object = json.loads(line)
        except (ValueError, RecursionError):
            yield from objects_in(_whole(path))
            return
        yield from objects_in(first)
        for number, line in lines:
            yield from objects_in(_parsed(line, f"{path}, line {number}"))


def _whole(path: Path) -> object:
    return _parsed(path.read_bytes(), str(path))


def _parsed(raw: bytes, where: str) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise TransferError(f"{where}: this is not JSON ({error}). Nothing was imported.") from None


def objects_in(value: object) -> Iterator[Document]:
    """What is an object of the API, wherever it stands; what is in it belongs to it."""
    held: list[object] = [value]
    while held:
        one: Any = held.pop()
        if isinstance(one, dict):
            document = cast("Document", one)
            if isinstance(document.get("id"), str) and isinstance(document.get("object"), str):
                yield document
            else:
                held += reversed(list(document.values()))
        elif isinstance(one, list):
            held += reversed(cast("list[object]", one))
