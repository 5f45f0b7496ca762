"""A request that is to be done once, and who writes down that it was: see `answers`."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from .lifecycle import Document


@dataclass(slots=True)
class Claim:
    """A request that is to be done once: its key, what it asks for, and, when it was done, what came of it."""

    key: str
    request: str
    body: str | None = None

    def row(self, document: Document | None, leg: int | None, created_at: int) -> dict[str, object]:
        document = document or {}
        thread_id = document.get("id") if document.get("object") == "thread" else document.get("thread_id")
        done = {"object_id": document.get("id"), "thread_id": thread_id, "leg": leg, "body": self.body}
        return {"key": self.key, "request": self.request, "created_at": created_at, **done}


CLAIM: ContextVar[Claim | None] = ContextVar("claim", default=None)
"""The claim of the request that is being served: its first transaction that writes an object writes it, too."""
