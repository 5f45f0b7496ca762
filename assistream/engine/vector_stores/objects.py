"""New vector stores, files in them and batches of files, with every key the API promises; and when stores expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..ids import new_id, now
from ..lifecycle import Document

DAY = 24 * 3600
STATUSES = ("in_progress", "completed", "failed", "cancelled")
"""Those of a file in a store."""
OF_THREADS: Document = {"anchor": "last_active_at", "days": 7}
"""When a store expires that the engine made for a thread."""
_AUTO = {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}


def store(fields: Document) -> Document:
    created_at = now()
    made: Document = {
        "id": new_id("vs"),
        "object": "vector_store",
        "created_at": created_at,
        "name": None,
        "usage_bytes": 0,
        "file_counts": counted({}),
        "status": "completed",
        "expires_after": None,
        "expires_at": None,
        "last_active_at": created_at,
        "metadata": {},
    }
    return updated(made, {key: value for key, value in fields.items() if value is not None})


def updated(store: Document, fields: Document) -> Document:
    """The store with what a request changes; null is the default again. A new policy counts from now on."""
    blank: Document = {"metadata": {}}
    changed = store | {key: blank.get(key) if value is None else value for key, value in fields.items()}
    return used(changed) if "expires_after" in fields else changed


def used(store: Document) -> Document:
    """The store after somebody has searched it or changed what is in it. One that has expired stays so."""
    if is_expired(store):
        return store
    policy: Document | None = store["expires_after"]
    return store | {"last_active_at": now(), "expires_at": now() + policy["days"] * DAY if policy else None}


def is_expired(store: Document) -> bool:
    return store["expires_at"] is not None and store["expires_at"] <= now()


def filled(store: Document, counts: Mapping[str, int], usage: int) -> Document:
    """The store as clients see it, with what is in it now."""
    status = "expired" if is_expired(store) else "in_progress" if counts.get("in_progress") else "completed"
    usage = 0 if status == "expired" else usage
    return store | {"status": status, "file_counts": counted(counts), "usage_bytes": usage}


def file(store_id: str, asked: Document) -> Document:
    """One that is to be indexed: ``asked`` are its id and, if wanted, attributes and a chunking strategy."""
    return {
        "id": asked["file_id"],
        "object": "vector_store.file",
        "usage_bytes": 0,
        "created_at": now(),
        "vector_store_id": store_id,
        "status": "in_progress",
        "last_error": None,
        "chunking_strategy": static(asked.get("chunking_strategy")),
        "attributes": asked.get("attributes") or {},
    }


def changed(file: Document, asked: Document, *, again: bool) -> Document:
    """One that is there, and is asked for once more: what is not said stays. It is to be indexed if it is not yet, if
    it is cut otherwise, or ``again``.
    """
    chunking = asked.get("chunking_strategy")
    sizes = static(chunking) if chunking else file["chunking_strategy"]
    attributes = asked.get("attributes")
    found = file | {"chunking_strategy": sizes, "attributes": file["attributes"] if attributes is None else attributes}
    if file["status"] == "completed" and sizes == file["chunking_strategy"] and not again:
        return found
    return found | {"status": "in_progress", "last_error": None}


def stopped(file: Document, chunking: Document | None) -> Document:
    """One that is not to be indexed any more: cancelled, or what it was when it was indexed before, cut like this."""
    if chunking is None:
        return file | {"status": "cancelled"}
    return file | {"status": "completed", "chunking_strategy": chunking}


def files(store_id: str, file_ids: Sequence[str], **common: Any) -> list[Document]:
    """Each once, all with the same options."""
    return [file(store_id, {"file_id": id} | common) for id in dict.fromkeys(file_ids)]


def static(chunking: Document | None) -> Document:
    """The sizes that a strategy stands for: "auto" has some, too."""
    sizes: dict[str, Any] = chunking["static"] if chunking and chunking["type"] == "static" else dict(_AUTO)
    return {"type": "static", "static": sizes}


def batch(store_id: str) -> Document:
    return {
        "id": new_id("vsfb"),
        "object": "vector_store.files_batch",
        "created_at": now(),
        "vector_store_id": store_id,
        "status": "in_progress",
        "file_counts": counted({}),
    }


def progressed(batch: Document, counts: Mapping[str, int]) -> Document:
    """The batch as clients see it: it is completed when nothing of it is to be done, however that went."""
    running = batch["status"] == "in_progress"
    status = "completed" if running and not counts.get("in_progress") else batch["status"]
    return batch | {"status": status, "file_counts": counted(counts)}


def counted(counts: Mapping[str, int]) -> Document:
    found = {status: counts.get(status, 0) for status in STATUSES}
    return found | {"total": sum(found.values())}
