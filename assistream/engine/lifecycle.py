"""The states of runs, steps and messages, as tables. No I/O: the time is always an argument.

A run: ::

    queued ──► in_progress ──► completed │ incomplete │ failed │ expired
       ▲            │  ╲
       │ submit     ▼   ╲───► cancelling ──► cancelled
       └── requires_action ─────┘   (and ──► expired)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
"""An object of the API as it goes over the wire: every required key present, null where there is nothing to say."""

Table: TypeAlias = Mapping[str, frozenset[str]]

RUN: Table = {
    "queued": frozenset({"in_progress", "cancelling", "cancelled", "expired", "failed"}),
    "in_progress": frozenset({"requires_action", "completed", "incomplete", "failed", "cancelling", "expired"}),
    "requires_action": frozenset({"queued", "cancelling", "cancelled", "expired"}),
    "cancelling": frozenset({"cancelled"}),
    "cancelled": frozenset(),
    "failed": frozenset(),
    "completed": frozenset(),
    "incomplete": frozenset(),
    "expired": frozenset(),
}
STEP: Table = {
    "in_progress": frozenset({"completed", "failed", "cancelled", "expired"}),
    "completed": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}
MESSAGE: Table = {
    "in_progress": frozenset({"completed", "incomplete"}),
    "completed": frozenset(),
    "incomplete": frozenset(),
}
TABLES: Mapping[str, Table] = {"thread.run": RUN, "thread.run.step": STEP, "thread.message": MESSAGE}

ACTIVE = frozenset({"queued", "in_progress", "requires_action", "cancelling"})
"""A run in one of these has its thread to itself."""

# Which time stamp a status sets. An incomplete run has `completed_at`, as it was recorded; an expired one has none.
_STAMPS: Mapping[str, Mapping[str, str]] = {
    "thread.run": {
        "in_progress": "started_at",
        "completed": "completed_at",
        "incomplete": "completed_at",
        "failed": "failed_at",
        "cancelled": "cancelled_at",
    },
    "thread.run.step": {
        "completed": "completed_at",
        "failed": "failed_at",
        "cancelled": "cancelled_at",
        "expired": "expired_at",
    },
    "thread.message": {"completed": "completed_at", "incomplete": "incomplete_at"},
}


@dataclass(frozen=True, slots=True)
class Closing:
    """How what a run leaves open is closed when the run itself ends."""

    message_reason: str
    step: str


CLOSINGS: Mapping[str, Closing] = {
    "cancelled": Closing("run_cancelled", "cancelled"),
    "expired": Closing("run_expired", "expired"),
    "failed": Closing("run_failed", "failed"),
    "incomplete": Closing("max_tokens", "completed"),
    # No status of a run: what it leaves when the model's words are withheld, and it fails for that.
    "filtered": Closing("content_filter", "failed"),
}


class IllegalTransition(Exception):
    """An object cannot get from the status it has to the one it was to be given."""

    def __init__(self, document: Document, status: str) -> None:
        super().__init__(f"{document['object']} {document['id']} cannot go from {document['status']} to {status}")


def is_over(document: Document) -> bool:
    """Whether nothing can happen to the run, step or message any more."""
    return not TABLES[document["object"]][document["status"]]


def advance(document: Document, status: str, now: int, **changes: Any) -> Document:
    """The same object in its next status, with its time stamp and ``changes``. The one given is left as it is."""
    kind = document["object"]
    if status not in TABLES[kind][document["status"]]:
        raise IllegalTransition(document, status)
    advanced = document | {"status": status} | changes
    if stamp := _STAMPS[kind].get(status):
        advanced[stamp] = now
    if kind == "thread.run" and is_over(advanced):
        # An expired run goes on saying when that was: it has no other time stamp for it.
        advanced |= {"required_action": None, "expires_at": document["expires_at"] if status == "expired" else None}
    return advanced


def exhausted(run: Document, *, needed: int = 1) -> str | None:
    """Which budget of the run has less than ``needed`` left; budgets count over all its calls of the model."""
    for budget, spent in (("max_completion_tokens", "completion_tokens"), ("max_prompt_tokens", "prompt_tokens")):
        if run[budget] is not None and run["usage"][spent] + needed > run[budget]:
            return budget
    return None


HIDDEN = "v1_files"
"""What a client of version 1 attached to an assistant, and so to its runs: an object of version 2 does not tell."""


BEHIND = "behind"
"""Of a built-in call, in the entry of its step: what the model wrote, was told, and may cite. Nothing for clients."""
INCLUDED = "included"
"""A run that was created to tell what its searches found, word for word, and each of its steps, has this key."""
IN_LINE = "in_line"
"""A queued run with this key waits until its thread is free; without it, a queued run has the thread to itself."""


def out_of_line(run: Document) -> Document:
    return {key: value for key, value in run.items() if key != IN_LINE}


def shown(document: Document) -> Document:
    """The object as clients see it: tokens are counted all along, but told when a run or step is over."""
    included = INCLUDED in document
    if any(key in document for key in _HIDDEN):
        document = {key: value for key, value in document.items() if key not in _HIDDEN}
    if document["object"] == "thread.run.step" and document["type"] == "tool_calls":
        calls = [_visible(call, included) for call in document["step_details"]["tool_calls"]]
        document = document | {"step_details": {"type": "tool_calls", "tool_calls": calls}}
    if document["object"] in ("thread.run", "thread.run.step") and not is_over(document):
        return document | {"usage": None}
    return document


_HIDDEN = (HIDDEN, IN_LINE, INCLUDED)


def _visible(call: Document, included: bool) -> Document:
    """Without what only the engine needs; what a search found, word for word, is told to who asked for it."""
    if call["type"] == "function":
        return call
    call = {key: value for key, value in call.items() if key != BEHIND}
    if call["type"] != "file_search" or included or not (found := call["file_search"].get("results")):
        return call
    results = [{key: value for key, value in result.items() if key != "content"} for result in found]
    return call | {"file_search": call["file_search"] | {"results": results}}
