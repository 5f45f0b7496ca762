"""Objects as the hosted API told them, in either of its versions, as this engine keeps them.

Fields that are not known stay. What the API left out has the value that it had by default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import objects
from ..attached import attach
from ..lifecycle import Document, is_over

_NEVER_NULL = frozenset(
    "model assistant_id tools tool_resources metadata content attachments annotations response_format"
    " truncation_strategy tool_choice parallel_tool_calls step_details status role".split()
)
_ALL_TOOLS = [{"type": "file_search"}, {"type": "code_interpreter"}]
_NOBODY = objects.assistant({"model": "", "id": ""})


def kept(document: Document) -> Document:
    """The object in the shape of version 2. What was not over when it was saved has expired: nobody works on it."""
    return _KEPT[document["object"]](document)


def _filled(document: Document, blank: Document) -> Document:
    told = {key: value for key, value in document.items() if value is not None or key not in _NEVER_NULL}
    return {**blank, **told}


def _assistant(document: Document) -> Document:
    return _with_files(_filled(document, _NOBODY))


def _thread(document: Document) -> Document:
    return _filled(document, objects.thread({}))


def _with_files(document: Document) -> Document:
    """Of an assistant or run: the files and tools of version 1."""
    file_ids: list[str] = document.pop("file_ids", None) or []
    tools = [{"type": "file_search"} if tool.get("type") == "retrieval" else tool for tool in document["tools"]]
    document = document | {"tools": tools}
    return attach(document, file_ids) if file_ids else document


def _message(document: Document) -> Document:
    blank = objects.message(document["thread_id"], "user", []) | {"completed_at": document["created_at"]}
    message = _filled(document, blank)
    if file_ids := message.pop("file_ids", None):
        message["attachments"] = [{"file_id": id, "tools": _ALL_TOOLS} for id in file_ids]
    if is_over(message):
        return message
    ended = {"status": "incomplete", "incomplete_details": {"reason": "run_expired"}, "completed_at": None}
    return message | ended | {"incomplete_at": message["created_at"]}


def _run(document: Document) -> Document:
    blank = objects.run(document["thread_id"], _NOBODY, {}, ttl=1)
    run = _with_files(_filled(document, blank | {"usage": None, "expires_at": None}))
    if is_over(run):
        return run
    return run | {"status": "expired", "required_action": None, "expires_at": run["expires_at"] or run["created_at"]}


def _step(document: Document) -> Document:
    of = {"id": document["run_id"], "assistant_id": "", "thread_id": document["thread_id"], "expires_at": None}
    blank = objects.step(of, "message_creation", {"message_creation": {}}) | {"usage": None}
    step = _filled(document, blank)
    step["step_details"] = _details(step["step_details"])
    if is_over(step):
        return step
    return step | {"status": "expired", "expired_at": step["expires_at"] or step["created_at"]}


def _details(details: Document) -> Document:
    calls: Any = details.get("tool_calls")
    return details if calls is None else details | {"tool_calls": [_call(call) for call in calls]}


def _call(call: Document) -> Document:
    match call.get("type"):
        case "function":
            return call | {"function": {"output": None} | call.get("function", {})}
        case "retrieval":
            rest = {key: value for key, value in call.items() if key != "retrieval"}
            return rest | {"type": "file_search", "file_search": {}}
        case _:
            return call


_KEPT: Mapping[str, Callable[[Document], Document]] = {
    "assistant": _assistant,
    "thread": _thread,
    "thread.message": _message,
    "thread.run": _run,
    "thread.run.step": _step,
}
KINDS = tuple(_KEPT)
