# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.vector_stores import VectorStoreFile, VectorStoreFileBatch, VectorStoreFileDeleted

__all__ = ["VectorStoreFile", "VectorStoreFileBatch", "VectorStoreFileDeleted"]
