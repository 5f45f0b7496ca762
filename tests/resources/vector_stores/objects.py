"""What a server says about vector stores."""

from __future__ import annotations

from ...frames import Object

COUNTS: Object = {"in_progress": 0, "completed": 1, "failed": 0, "cancelled": 0, "total": 1}

UPLOADED: Object = {"id": "file_1", "object": "file"}


def store(status: str = "completed") -> Object:
    return {
        "id": "vs_1",
        "object": "vector_store",
        "created_at": 1,
        "name": "n",
        "usage_bytes": 1,
        "file_counts": COUNTS,
        "status": status,
    }


def stored(status: str = "in_progress") -> Object:
    return {"id": "file_1", "object": "vector_store.file", "vector_store_id": "vs_1", "status": status}


def batch(status: str = "in_progress") -> Object:
    return {"id": "vsfb_1", "object": "vector_store.files_batch", "vector_store_id": "vs_1", "status": status}
