# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.stores import FileCounts, VectorStoreFileBatch

__all__ = ["FileCounts", "VectorStoreFileBatch"]
