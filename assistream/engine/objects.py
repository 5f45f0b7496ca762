"""New objects, with every key the API promises (v2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from .ids import new_id, now
from .lifecycle import HIDDEN, INCLUDED, Document

NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


# What an object has where the request says nothing, or null.
_DEFAULTS: Mapping[str, Document] = {
    "assistant": {
        "name": None,
        "description": None,
        "instructions": None,
        "tools": [],
        "tool_resources": {},
        "metadata": {},
        "temperature": 1.0,
        "top_p": 1.0,
        "reasoning_effort": None,
        "response_format": "auto",
    },
    "thread": {"tool_resources": {}, "metadata": {}},
}
_INHERITED = (
    "model",
    "instructions",
    "tools",
    "tool_resources",
    "temperature",
    "top_p",
    "reasoning_effort",
    "response_format",
)


def assistant(fields: Document) -> Document:
    return updated({"id": new_id("asst"), "object": "assistant", "created_at": now()}, fields)


def thread(fields: Document) -> Document:
    return updated({"id": new_id("thread"), "object": "thread", "created_at": now()}, fields)


def updated(document: Document, fields: Document) -> Document:
    """An assistant or thread with the fields a request names changed; null sets one back to its default.

    What has no default, an assistant's model, stays as it is.
    """
    defaults = deepcopy(_DEFAULTS[document["object"]])
    named = {
        key: defaults[key] if value is None else value
        for key, value in fields.items()
        if value is not None or key in defaults
    }
    return {**document, **defaults, **document, **named}


def message(thread_id: str, role: str, content: Sequence[Document], **fields: Any) -> Document:
    """A message somebody wrote, complete from the start."""
    created_at = now()
    blank: Document = {
        "id": new_id("msg"),
        "object": "thread.message",
        "created_at": created_at,
        "assistant_id": None,
        "thread_id": thread_id,
        "run_id": None,
        "status": "completed",
        "incomplete_details": None,
        "incomplete_at": None,
        "completed_at": created_at,
        "role": role,
        "content": list(content),
        "attachments": [],
        "metadata": {},
    }
    return blank | given(fields)


def reply(run: Document) -> Document:
    """The message a run begins to write."""
    whose = {"assistant_id": run["assistant_id"], "run_id": run["id"]}
    return message(run["thread_id"], "assistant", [], **whose) | {"status": "in_progress", "completed_at": None}


def run(thread_id: str, assistant: Document, fields: Document, *, ttl: float) -> Document:
    """A queued run: what the request gives, and the assistant's for the rest."""
    created_at = now()
    inherited = {key: assistant[key] for key in (*_INHERITED, HIDDEN) if key in assistant}
    blank: Document = {
        "id": new_id("run"),
        "object": "thread.run",
        "created_at": created_at,
        "assistant_id": assistant["id"],
        "thread_id": thread_id,
        "status": "queued",
        "started_at": None,
        "expires_at": created_at + max(1, round(ttl)),
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "required_action": None,
        "last_error": None,
        "incomplete_details": None,
        "metadata": {},
        "usage": dict(NO_TOKENS),
        "max_completion_tokens": None,
        "max_prompt_tokens": None,
        "truncation_strategy": {"type": "auto", "last_messages": None},
        "tool_choice": "auto",
        "parallel_tool_calls": True,
    }
    return blank | inherited | given(fields)


def step(run: Document, kind: str, details: Document) -> Document:
    included = {INCLUDED: True} if INCLUDED in run else {}
    return included | {
        "id": new_id("step"),
        "object": "thread.run.step",
        "created_at": now(),
        "run_id": run["id"],
        "assistant_id": run["assistant_id"],
        "thread_id": run["thread_id"],
        "type": kind,
        "status": "in_progress",
        "cancelled_at": None,
        "completed_at": None,
        # Two names for one thing: the schema says expired_at, the published streams say expires_at.
        "expired_at": None,
        "expires_at": run["expires_at"],
        "failed_at": None,
        "last_error": None,
        "step_details": {"type": kind, kind: details[kind]},
        "metadata": {},
        "usage": dict(NO_TOKENS),
    }


def text_block(value: str) -> Document:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def add_tokens(usage: Document, prompt: int, completion: int) -> Document:
    prompt, completion = usage["prompt_tokens"] + prompt, usage["completion_tokens"] + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def given(fields: Document) -> Document:
    """The fields a request gives; null is the same as nothing."""
    return {key: value for key, value in fields.items() if value is not None}
