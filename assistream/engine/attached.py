"""The files of an assistant as version 1 has them, and where they are in the one store that both versions share.

Version 1 gives files to an assistant, and all its tools use them; version 2 gives each tool its own. So a file that
version 1 attaches goes to the code interpreter if the assistant has it (or has no tool yet that could use it), and is
remembered under a key that version 2 does not show: that is where those for ``retrieval`` are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .ids import now
from .lifecycle import HIDDEN, Document


def file_ids(document: Document) -> list[str]:
    """The files of an assistant or run, whichever tool they are for, in the order in which they came."""
    return list(dict.fromkeys([*attached_at(document), *_of_code_interpreter(document)]))


def attached_at(document: Document) -> dict[str, int]:
    """When version 1 attached which files."""
    times: dict[str, int] = document.get(HIDDEN, {})
    return times


def attach(assistant: Document, ids: Sequence[str]) -> Document:
    """The assistant with these files, and no others."""
    before, resources = attached_at(assistant), dict[str, Any](assistant["tool_resources"])
    resources.pop("code_interpreter", None)
    if ids and (_has(assistant, "code_interpreter") or not _has(assistant, "file_search")):
        resources["code_interpreter"] = {"file_ids": list(ids)}
    return assistant | {"tool_resources": resources, HIDDEN: {id: before.get(id, now()) for id in ids}}


def settled(assistant: Document) -> Document:
    """The assistant after version 2 has changed it: version 1 loses what was taken from the code interpreter."""
    if _has(assistant, "file_search") or not attached_at(assistant):
        return assistant
    kept = _of_code_interpreter(assistant)
    return assistant | {HIDDEN: {id: at for id, at in attached_at(assistant).items() if id in kept}}


def _of_code_interpreter(document: Document) -> list[str]:
    ids: list[str] = document.get("tool_resources", {}).get("code_interpreter", {}).get("file_ids", [])
    return ids


def _has(assistant: Document, tool: str) -> bool:
    return any(one["type"] == tool for one in assistant["tools"])
